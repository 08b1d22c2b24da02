package store

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"tracelens/shared/figures"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// plainReport is the oracle: the plainest way to count, packet by packet, with maps keyed by text.
func plainReport(packets []trace.Packet, sel *selection.Selection, widthS int64) *report.Report {
	r := &report.Report{
		Schema: report.Schema, Hours: []report.Hour{}, Minutes: []report.Bin{}, Seconds: []report.Bin{}, Lengths: [][2]int64{},
		Selection: report.Selection{From: report.Time(sel.FromNS), To: report.Time(sel.ToNS), Filter: sel.Text()},
		Input:     report.Input{Files: []report.File{}, Skipped: map[string]int64{}},
	}
	source, destination, either, port, protocol := counts[string]{}, counts[string]{}, counts[string]{}, counts[string]{}, counts[string]{}
	conversation := counts[[2]string]{}
	pair, minutes, seconds, hours := counts[[2]string]{}, counts[int64]{}, counts[int64]{}, counts[int64]{}
	lengths, addresses := map[int64]int64{}, map[netip.Addr]bool{}
	for i := range packets {
		k := &packets[i]
		if !plainlyChosen(k, sel) {
			continue
		}
		length := plainLength(k)
		if r.Packets == 0 {
			r.Start, r.End = report.Time(k.TimeNS), report.Time(k.TimeNS)
		}
		r.Start, r.End = min(r.Start, report.Time(k.TimeNS)), max(r.End, report.Time(k.TimeNS))
		r.Packets++
		r.Bytes += length
		lengths[length]++
		seconds.add(trace.Floor(k.TimeNS, trace.Second)/trace.Second, length)
		minutes.add(trace.Floor(k.TimeNS, trace.Minute)/trace.Second, length)
		hours.add(trace.Floor(k.TimeNS, trace.Hour)/trace.Second, length)
		src, dst := k.Source(), k.Destination()
		if src.IsValid() {
			source.add(src.String(), length)
			either.add(src.String(), length)
			addresses[src] = true
		}
		if dst.IsValid() {
			destination.add(dst.String(), length)
			if dst != src {
				either.add(dst.String(), length)
			}
			addresses[dst] = true
		}
		if src.IsValid() && dst.IsValid() {
			pair.add([2]string{src.String(), dst.String()}, length)
			if dst.Less(src) {
				src, dst = dst, src
			}
			conversation.add([2]string{src.String(), dst.String()}, length)
			r.Directions.Beyond.Bytes += length // nobody has said which addresses are theirs
			r.Directions.Beyond.Packets++
		} else {
			r.Top.Unaddressed.Bytes += length
			r.Top.Unaddressed.Packets++
		}
		for name := range plainPorts(k) {
			port.add(name, length)
		}
		protocol.add(plainProtocol(k), length)
	}
	r.Addresses = int64(len(addresses))
	for l, n := range lengths {
		r.Lengths = append(r.Lengths, [2]int64{l, n})
	}
	slices.SortFunc(r.Lengths, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	for start, v := range hours {
		r.Hours = append(r.Hours, report.Hour{Start: start, Captured: true, Bytes: v.Bytes, Packets: v.Packets})
	}
	slices.SortFunc(r.Hours, func(a, b report.Hour) int { return cmp.Compare(a.Start, b.Start) })
	r.Hours = report.FillGaps(r.Hours)
	r.Minutes = minutes.bins()
	if widthS == 1 {
		r.Seconds = seconds.bins()
	}
	r.Box, r.Histogram, r.KDE = figures.Box(r.Lengths), figures.Histogram(r.Lengths), figures.KDE(r.Lengths)
	r.Top.Source, r.Top.Destination, r.Top.Port, r.Top.Protocol = top(source), top(destination), top(port), top(protocol)
	r.Top.Either, r.Top.Pair, r.Top.Conversation = top(either), topPairs(pair), topPairs(conversation)
	r.Directions.Mine = []string{}
	return r
}

type counts[K comparable] map[K]report.Volume

func (c counts[K]) add(k K, bytes int64) {
	v := c[k]
	c[k] = report.Volume{Bytes: v.Bytes + bytes, Packets: v.Packets + 1}
}

// first are the keys of the largest, by bytes and then by key.
func (c counts[K]) first(compare func(a, b K) int) []K {
	keys := []K{}
	for k := range c {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b K) int {
		if n := cmp.Compare(c[b].Bytes, c[a].Bytes); n != 0 {
			return n
		}
		return compare(a, b)
	})
	return keys[:min(report.TopN, len(keys))]
}

func top(c counts[string]) []report.Entry {
	list := []report.Entry{}
	for _, k := range c.first(cmp.Compare[string]) {
		list = append(list, report.Entry{Key: k, Bytes: c[k].Bytes, Packets: c[k].Packets})
	}
	return list
}

func topPairs(c counts[[2]string]) []report.PairEntry {
	list := []report.PairEntry{}
	for _, k := range c.first(func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		list = append(list, report.PairEntry{Key: k, Bytes: c[k].Bytes, Packets: c[k].Packets})
	}
	return list
}

func (c counts[K]) bins() []report.Bin {
	list := []report.Bin{}
	for k, v := range c {
		list = append(list, report.Bin{Start: any(k).(int64), Bytes: v.Bytes, Packets: v.Packets})
	}
	slices.SortFunc(list, func(a, b report.Bin) int { return cmp.Compare(a.Start, b.Start) })
	return list
}

func plainLength(k *trace.Packet) int64 {
	if k.Has.Has(trace.Len) {
		return int64(k.Len)
	}
	return 0
}

// A plainPort is a port of a packet, and where it stands.
type plainPort struct {
	port   uint16
	family string
	source bool
}

func plainEnds(k *trace.Packet) []plainPort {
	list := make([]plainPort, 0, 4)
	for _, c := range []struct {
		column trace.Column
		plainPort
	}{
		{trace.TCPSrcPort, plainPort{k.TCPSrc, "tcp", true}}, {trace.TCPDstPort, plainPort{k.TCPDst, "tcp", false}},
		{trace.UDPSrcPort, plainPort{k.UDPSrc, "udp", true}}, {trace.UDPDstPort, plainPort{k.UDPDst, "udp", false}},
	} {
		if k.Has.Has(c.column) {
			list = append(list, c.plainPort)
		}
	}
	return list
}

// plainPorts are the packet's ports as text, each once.
func plainPorts(k *trace.Packet) map[string]bool {
	names := map[string]bool{}
	for _, end := range plainEnds(k) {
		names[fmt.Sprintf("%d/%s", end.port, end.family)] = true
	}
	return names
}

func plainProtocol(k *trace.Packet) string {
	tcp := k.Has.Has(trace.TCPSrcPort) || k.Has.Has(trace.TCPDstPort)
	udp := k.Has.Has(trace.UDPSrcPort) || k.Has.Has(trace.UDPDstPort)
	switch {
	case tcp && udp:
		return "tcp+udp"
	case tcp:
		return "tcp"
	case udp:
		return "udp"
	case k.Source().IsValid() || k.Destination().IsValid():
		return "other ip"
	}
	return "not ip"
}

func plainlyChosen(k *trace.Packet, sel *selection.Selection) bool {
	chosen := !sel.Ranged() || k.TimeNS >= sel.FromNS && k.TimeNS < sel.ToNS
	if sel.Where != nil && !plainlyHolds(k, sel.Where) {
		chosen = false
	}
	if chosen != sel.Holds(k, trace.Cause{}) {
		panic(fmt.Sprintf("%s: %+v", sel.Code(), *k))
	}
	return chosen
}

func plainlyHolds(k *trace.Packet, e *selection.Expr) bool {
	holding := 0
	for _, a := range e.Args {
		holding += boolInt(plainlyHolds(k, a))
	}
	switch e.Op {
	case selection.Not:
		return holding == 0
	case selection.And:
		return holding == len(e.Args)
	case selection.Or:
		return holding > 0
	}
	f := &e.Filter
	switch f.Field {
	case selection.Source:
		return f.Address.Contains(k.Source())
	case selection.Destination:
		return f.Address.Contains(k.Destination())
	case selection.Either:
		return f.Address.Contains(k.Source()) || f.Address.Contains(k.Destination())
	case selection.Protocol:
		return plainProtocol(k) == f.Protocol.String()
	case selection.Length:
		return plainLength(k) >= int64(f.Min) && plainLength(k) <= int64(f.Max)
	}
	return slices.ContainsFunc(plainEnds(k), func(end plainPort) bool {
		if f.Family != selection.AnyFamily && end.family != [...]string{selection.TCP: "tcp", selection.UDP: "udp"}[f.Family] {
			return false
		}
		switch {
		case f.Field == selection.Layer:
			return true
		case f.Field == selection.SourcePort && !end.source, f.Field == selection.DestinationPort && end.source:
			return false
		}
		return end.port == f.Port || f.LastPort != 0 && end.port >= f.Port && end.port <= f.LastPort
	})
}
