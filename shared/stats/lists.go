package stats

import (
	"strconv"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A topList is what a list is of, and how much there is that it cannot have: packets without an address, or without a port.
type topList struct {
	items
	without volume
}

// lists are all that there are, by report.List.
func (t *Totals) lists(f *folded) [report.Lists]topList {
	v, tr := t.volumes, t.trace
	host := func(b []byte, item int) []byte { return tr.ends.Addr(uint32(item)).AppendTo(b) }
	ends := func(b []byte, first, second uint32) []byte {
		return tr.ends.Addr(second).AppendTo(append(tr.ends.Addr(first).AppendTo(b), keyEnd))
	}
	pair := func(b []byte, item int) []byte {
		src, dst := tr.couples.endsOf(item)
		return ends(b, src, dst)
	}
	couple := func(b []byte, item int) []byte {
		first, second := tr.couples.of(item)
		return ends(b, first, second)
	}
	programs, sites := t.causes.lists()
	protocol := func(b []byte, item int) []byte { return append(b, trace.Protocol(item).String()...) }
	return [report.Lists]topList{
		report.ListSource:       {items{volumes: v.source, most: v.mostOfEnds, block: foldBlock, text: host}, f.noSource},
		report.ListDestination:  {items{volumes: v.destination, most: v.mostOfEnds, block: foldBlock, text: host}, f.noDestination},
		report.ListEither:       {items{volumes: v.either, most: v.mostOfEnds, block: foldBlock, text: host}, f.nowhere},
		report.ListPair:         {items{volumes: v.pairs, most: v.mostOfCouples, block: 2 * foldBlock, text: pair}, f.unaddressed},
		report.ListConversation: {items{volumes: v.pairs, both: true, most: v.mostOfCouples, block: foldBlock, text: couple}, f.unaddressed},
		report.ListPort:         {items{volumes: v.ports[:noPort], text: appendPort}, v.ports[noPort]},
		report.ListProtocol:     {items{volumes: v.protocols[:], text: protocol}, volume{}},
		report.ListProgram:      programs,
		report.ListSite:         sites,
	}
}

func appendPort(b []byte, item int) []byte {
	if item >= UDPPorts {
		return append(strconv.AppendInt(b, int64(item-UDPPorts), 10), "/udp"...)
	}
	return append(strconv.AppendInt(b, int64(item), 10), "/tcp"...)
}

// top makes the lists of every report, and the one that is wished for, if any and if what it is of has been counted.
func (t *Totals) top(f *folded, wish report.Wish) (report.Top, *report.Causes, *report.Listing) {
	lists := t.lists(f)
	var best [report.Lists][]candidate
	for i := range lists {
		n := report.TopN
		if wish.By == report.ByBytes && int(wish.List) == i {
			n = max(n, wish.Rows)
		}
		best[i] = lists[i].top(n, report.ByBytes)
	}
	entries := func(list report.List) []report.Entry { return lists[list].entries(best[list]) }
	pairs := func(list report.List) []report.PairEntry { return lists[list].pairEntries(best[list]) }
	top := report.Top{
		Source: entries(report.ListSource), Destination: entries(report.ListDestination), Either: entries(report.ListEither),
		Pair: pairs(report.ListPair), Conversation: pairs(report.ListConversation),
		Port: entries(report.ListPort), Protocol: entries(report.ListProtocol), Unaddressed: f.unaddressed.report(),
	}
	causes := t.causes.report(best[report.ListProgram], best[report.ListSite])
	if wish.Rows == 0 || wish.List >= report.ListProgram && causes == nil {
		return top, causes, nil
	}
	list, chosen := &lists[wish.List], best[wish.List]
	if wish.By != report.ByBytes {
		chosen = list.top(wish.Rows, wish.By)
	}
	return top, causes, t.listing(wish, list, chosen[:min(wish.Rows, len(chosen))])
}

func (l *items) entries(best []candidate) []report.Entry {
	list := []report.Entry{}
	for _, c := range best[:min(report.TopN, len(best))] {
		key, _ := l.key(c.item)
		v := l.at(c.item)
		list = append(list, report.Entry{Key: key, Bytes: v.bytes, Packets: v.packets})
	}
	return list
}

func (l *items) pairEntries(best []candidate) []report.PairEntry {
	list := []report.PairEntry{}
	for _, c := range best[:min(report.TopN, len(best))] {
		key, other := l.key(c.item)
		v := l.at(c.item)
		list = append(list, report.PairEntry{Key: [2]string{key, other}, Bytes: v.bytes, Packets: v.packets})
	}
	return list
}

// listing is the list that was wished for.
func (t *Totals) listing(wish report.Wish, list *topList, best []candidate) *report.Listing {
	keys, rest := list.sum()
	l := &report.Listing{Wish: wish, Rows: make([]report.Row, 0, len(best)), Keys: keys, Without: list.without.report()}
	l.Total = report.Volume{Bytes: t.bytes - list.without.bytes, Packets: t.packets - list.without.packets}
	for _, c := range best {
		var row report.Row
		row.Key, row.Other = list.key(c.item)
		v := list.at(c.item)
		row.Bytes, row.Packets = v.bytes, v.packets
		switch wish.List {
		case report.ListEither:
			row.Sent, row.Received = t.volumes.source[c.item].report(), t.volumes.destination[c.item].report()
		case report.ListConversation:
			row.Sent, row.Received = t.volumes.pairs[2*c.item].report(), t.volumes.pairs[2*c.item+1].report()
		}
		l.Rows = append(l.Rows, row)
		rest.bytes -= v.bytes
		rest.packets -= v.packets
	}
	l.Rest = rest.report()
	return l
}

// sum is how many items have packets, and all of theirs.
func (l *items) sum() (keys int64, all volume) {
	for i := range l.len() {
		if v := l.at(i); v.packets > 0 {
			keys++
			all.add(v)
		}
	}
	return keys, all
}
