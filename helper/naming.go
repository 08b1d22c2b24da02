package main

import (
	"bytes"
	"math"
	"net/netip"
	"slices"

	"tracelens/helper/hourly"
	"tracelens/shared/called"
	"tracelens/shared/decode"
	"tracelens/shared/names"
	"tracelens/shared/trace"
)

const (
	// maxKnown bounds what is remembered not to write a name twice; then it is forgotten, and some names of an hour are there twice.
	maxKnown = 1 << 16
	// maxWaiting bounds the lines that wait for a disk that does not take them.
	maxWaiting = 1 << 20
)

// A naming keeps the names that are seen in packets beside the hour files: of each hour when an address was first called something, and when it
// was called otherwise; and so of the programs that have ports. Find and own belong to the goroutine that reads packets, write to the one that
// writes them.
type naming struct {
	finder *names.Finder
	owners *owners      // nil where nobody looks for programs
	list   []names.Name // that found appends to
	found  func(names.Name)
	files  *hourly.Writer
	known  map[calling]string
	text   []byte // of one hour, on its way
	// What the disk has not taken is tried again with what comes next.
	waiting []hourText
	held    int   // bytes in it
	lost    int64 // lines that there was no room for
	written int64 // lines

	hosts  []called.Name // that this machine knows by itself: they stand in every hour
	hosted int64         // the newest hour that they have been written to
}

// A calling is what is called something: an address in an hour, by names of a kind, or a port of it.
type calling struct {
	hour    int64
	address netip.Addr
	port    uint16
	kind    names.Kind
}

// An hourText is lines of names of an hour.
type hourText struct {
	hour  int64
	lines []byte
}

// naming is for the names in packets that go to files; nil if they are not wished. A copy with other addresses has none: they say who.
func (w *worker) naming(files *hourly.Writer) *naming {
	if w.noNames || w.recipe != nil {
		return nil
	}
	n := &naming{finder: names.New(), files: files, known: map[calling]string{}, hosted: math.MinInt64}
	n.found = func(name names.Name) { n.list = append(n.list, name) } // once: made for each packet it would be memory for each
	w.names = n
	return n
}

// find appends the names in a packet's payload.
func (n *naming) find(list []names.Name, timeNS int64, s *decode.Segment) []names.Name {
	n.list = list
	n.finder.Add(timeNS, s, n.found)
	return n.list
}

// own appends which programs have the ports of a packet, and what has been learned of those of others.
func (n *naming) own(list []names.Name, p *trace.Packet) []names.Name {
	if n.owners == nil {
		return list
	}
	return n.owners.see(list, p)
}

// late appends what has been learned since the last packet.
func (n *naming) late(list []names.Name) []names.Name {
	if n == nil || n.owners == nil || !n.owners.fresh.Load() {
		return list
	}
	return n.owners.hear(list)
}

// host writes the names that the machine knows to the hour of a packet, if that is a new one.
func (n *naming) host(timeNS int64) {
	if hour := hourly.HourOf(timeNS); len(n.hosts) > 0 && hour > n.hosted {
		n.hosted = hour
		list := slices.Clone(n.hosts)
		for i := range list {
			list[i].TimeNS = timeNS
		}
		n.write(list)
	}
}

// write writes those of the names that are new.
func (n *naming) write(list []names.Name) {
	for len(list) > 0 {
		hour := hourly.HourOf(list[0].TimeNS)
		text := n.text[:0]
		for len(list) > 0 && hourly.HourOf(list[0].TimeNS) == hour {
			name := list[0]
			list = list[1:]
			is := calling{hour, name.Address, name.Port, name.Kind}
			if n.known[is] == name.Text {
				continue
			}
			if len(n.known) >= maxKnown {
				clear(n.known)
			}
			n.known[is] = name.Text
			text = called.AppendLine(text, hour, name)
		}
		if n.text = text; len(text) > 0 {
			n.wait(hour, text)
		}
	}
	n.flush()
}

// wait queues lines.
func (n *naming) wait(hour int64, lines []byte) {
	if n.held+len(lines) > maxWaiting {
		n.lost += int64(countLines(lines))
		return
	}
	n.held += len(lines)
	if last := len(n.waiting) - 1; last >= 0 && n.waiting[last].hour == hour {
		n.waiting[last].lines = append(n.waiting[last].lines, lines...)
		return
	}
	n.waiting = append(n.waiting, hourText{hour, append([]byte(nil), lines...)})
}

// flush writes what waits, as far as the disk takes it.
func (n *naming) flush() {
	for len(n.waiting) > 0 {
		first := &n.waiting[0]
		wrote, err := n.files.WriteNames(first.hour, first.lines)
		n.written += int64(countLines(first.lines[:wrote]))
		n.held -= wrote
		if first.lines = first.lines[wrote:]; err != nil {
			return // the rows' own failures are told
		}
		n.waiting = n.waiting[1:]
	}
}

// missing is how many lines are not in the files at the end.
func (n *naming) missing() int64 {
	lost := n.lost
	for _, w := range n.waiting {
		lost += int64(countLines(w.lines))
	}
	return lost
}

func countLines(b []byte) int { return bytes.Count(b, []byte{'\n'}) }
