// Package caprows turns a capture into the rows that tracelens -r makes of it: what the page reads of a capture that is dropped on it.
//
//	capture -> shared/capfile: frames -> shared/decode: packets -> shared/tracecsv: lines
//
// The rows are those of an hour file but for one thing: a capture may last for days, and all its rows count from the hour of its first
// packet, so that they are one stream.
package caprows

import (
	"io"
	"sort"
	"strconv"
	"strings"

	"tracelens/shared/called"
	"tracelens/shared/capfile"
	"tracelens/shared/decode"
	"tracelens/shared/frame"
	"tracelens/shared/names"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A Reader reads a capture. It belongs to one goroutine.
type Reader struct {
	file    *capfile.File
	decoder *decode.Decoder
	base    int64 // unix seconds
	packets int64
	links   map[frame.LinkType]int64 // packets of each
	link    frame.LinkType           // of the last packets
	of      int64                    // how many they are, not in links yet
	end     error                    // why there are no more

	finder *names.Finder
	found  func(names.Name)
	said   []byte // lines of names that nobody has taken yet
}

// NewReader reads the capture in r.
func NewReader(name string, r io.ReadCloser) *Reader {
	c := &Reader{file: capfile.New(name, r), decoder: decode.New(), links: map[frame.LinkType]int64{}, finder: names.New()}
	c.decoder.Watch(true)
	c.found = func(n names.Name) { c.said = called.AppendLine(c.said, 0, n) } // once: made for each packet it would be memory for each
	return c
}

// Names are what the packets so far have called hosts, since they were last asked for: lines as in a file of names, with times that count from
// 1970. They are the caller's until it calls Append.
func (c *Reader) Names() []byte {
	lines := c.said
	c.said = c.said[:0]
	return lines
}

// Close ends the reading.
func (c *Reader) Close() error { return c.file.Close() }

// Base is the hour of the first packet, unix seconds: what the rows' times count from. It is known once there are rows.
func (c *Reader) Base() int64 { return c.base }

// maxRow is how long a row may be: a time of any hour makes it longer than those of hour files.
const maxRow = 160

// Append appends rows to dst, as many whole ones as there is room for in its memory. It returns io.EOF after the last one, and another
// error, in words, if the capture is damaged: the rows before that have come.
func (c *Reader) Append(dst []byte) ([]byte, error) {
	if c.end != nil {
		return dst, c.end
	}
	var f frame.Frame
	var p trace.Packet
	for cap(dst)-len(dst) >= maxRow {
		err := c.file.Next(&f)
		if err == capfile.ErrIdle {
			continue // there are others to wait with
		}
		if err != nil {
			c.end = err
			c.count()
			if len(dst) > 0 {
				return dst, nil
			}
			return dst, err
		}
		c.decoder.Decode(&p, &f)
		if s, carries := c.decoder.Segment(); carries {
			c.finder.Add(f.TimeNS, s, c.found)
		}
		if c.packets == 0 {
			c.base = trace.Floor(p.TimeNS, trace.Hour) / trace.Second
		}
		c.packets++
		if f.Link != c.link {
			c.count()
			c.link = f.Link
		}
		c.of++
		dst = tracecsv.AppendRow(dst, c.base, &p)
	}
	return dst, nil
}

func (c *Reader) count() {
	if c.of > 0 {
		c.links[c.link] += c.of
		c.of = 0
	}
}

// Words say what kind of capture it was, once it has been read: "pcapng capture, 2 interfaces, Ethernet, nanoseconds". Packets of which
// nothing but their time and length is known are counted there, too.
func (c *Reader) Words() string {
	list := []string{c.file.Words()}
	links := make([]frame.LinkType, 0, len(c.links))
	for link := range c.links {
		links = append(links, link)
	}
	sort.Slice(links, func(i, k int) bool { return links[i] < links[k] })
	var unknown []string
	for _, link := range links {
		if decode.Knows(link) {
			list = append(list, link.String())
			continue
		}
		unknown = append(unknown, "of "+plural(c.links[link], "packet")+" of "+link.String()+" only time and length are known")
	}
	list = append(list, unknown...)
	if n := c.decoder.Panics; n > 0 {
		list = append(list, plural(n, "packet")+" could not be decoded whole")
	}
	return strings.Join(list, ", ")
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.FormatInt(n, 10) + " " + what + "s"
}
