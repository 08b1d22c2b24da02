package stats

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A packet is what the lists need of one.
type packet struct {
	src, dst netip.Addr // the zero Addr for none
	bits     trace.PortBits
	ports    []string // as in report.Entry, each once; of a tunnel TCP's first
	numbers  []uint32 // the same as in Partial.OtherPorts
	length   int64
	cause    trace.Cause
	start    int64 // of its bin
}

// somePackets have few addresses and ports, so that ties and repeats are common, and every kind of gap.
func somePackets(r *rand.Rand, n, hosts int) []packet {
	address := func() netip.Addr {
		switch r.IntN(12) {
		case 0:
			return netip.Addr{}
		case 1, 2:
			return netip.AddrFrom16([16]byte{0: 0x20, 15: byte(r.IntN(hosts))})
		case 3:
			return netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff, 12: 10, 15: byte(r.IntN(4))}) // mapped, which is not the IPv4 address
		}
		return trace.IPv4(10<<24 | uint32(r.IntN(hosts)))
	}
	packets := make([]packet, n)
	for i := range packets {
		p := &packets[i]
		p.src, p.dst, p.length = address(), address(), int64(r.IntN(4))*30
		if r.IntN(15) == 0 {
			p.dst = p.src
		}
		p.start = 60 * r.Int64N(10)
		if k := r.IntN(30); k > 2 {
			p.cause.Program = fmt.Sprint("program ", k)
		}
		if k := r.IntN(30); k > 2 {
			p.cause.Site = fmt.Sprint("site", k, ".example")
		}
		add := func(bit trace.PortBits, family string, offset uint32) {
			p.bits |= bit
			for range 1 + r.IntN(2) {
				port := uint32(r.IntN(25))
				if !slices.Contains(p.numbers, port+offset) {
					p.numbers, p.ports = append(p.numbers, port+offset), append(p.ports, fmt.Sprintf("%d/%s", port, family))
				}
			}
		}
		kind := r.IntN(8)
		if kind >= 1 && kind <= 4 {
			add(trace.HasTCP, "tcp", 0)
		}
		if kind >= 4 && kind <= 6 {
			add(trace.HasUDP, "udp", UDPPorts)
		}
	}
	return packets
}

// A counter is what a store is to its lead: dictionaries that grow, and partials.
type counter struct {
	ends  *dict.Endpoints
	convs *dict.Conversations
	part  *Part
	told  [2]int
}

func newCounter(tr *Trace) *counter {
	return &counter{dict.NewEndpoints(), dict.NewConversations(), tr.NewPart(), [2]int{1, 1}}
}

// count tells the trace of new addresses and conversations, and gives the packets' partial.
func (c *counter) count(t testing.TB, packets []packet) *Partial {
	t.Helper()
	p := &Partial{WidthS: 60}
	conversations, ports := map[uint32]volume{}, map[uint32]volume{}
	for _, k := range packets {
		conv := dict.Conversation{Src: c.ends.Number(k.src), Dst: c.ends.Number(k.dst), Ports: k.bits, Kind: dict.NoPort}
		of := volume{k.length, 1}
		for i, port := range k.numbers {
			if i == 0 {
				conv.Port, conv.Kind = uint16(port), dict.LowSource
				continue
			}
			v := ports[port]
			v.add(of)
			ports[port] = v
		}
		n := c.convs.Number(conv)
		v := conversations[n]
		v.add(of)
		conversations[n] = v
		p.Packets++
		p.Bytes += k.length
	}
	for _, n := range slices.Sorted(maps.Keys(conversations)) {
		p.Conversations.Add(n, conversations[n].packets, conversations[n].bytes)
	}
	for _, n := range slices.Sorted(maps.Keys(ports)) {
		p.OtherPorts.Add(n, ports[n].packets, ports[n].bytes)
	}
	if err := c.part.Learn(dict.AppendSince(nil, c.ends, c.told[0], c.convs, c.told[1])); err != nil {
		t.Fatal(err)
	}
	c.told = [2]int{c.ends.Len(), c.convs.Len()}
	return p
}

// causesOf is the packets' partial by who is behind them, over the bytes in which it crosses.
func causesOf(t testing.TB, packets []packet) *CausePartial {
	t.Helper()
	p := &CausePartial{WidthS: 60}
	for _, k := range packets {
		n := slices.Index(p.Causes, k.cause)
		if n < 0 {
			n = len(p.Causes)
			p.Causes = append(p.Causes, k.cause)
		}
		p.Cells = append(p.Cells, CauseCell{uint32(n), k.start, k.length, 1})
	}
	got, err := DecodeCausePartial(p.AppendBinary(nil))
	if err != nil || len(got.Cells) != len(p.Cells) {
		t.Fatal(err)
	}
	return got
}

// plainKeys are the keys of a packet in a list, by the plainest reading of what the list is of.
func plainKeys(p *packet, list report.List) (keys [][2]string) {
	src, dst := p.src.IsValid(), p.dst.IsValid()
	switch list {
	case report.ListSource:
		if src {
			keys = append(keys, [2]string{p.src.String()})
		}
	case report.ListDestination:
		if dst {
			keys = append(keys, [2]string{p.dst.String()})
		}
	case report.ListEither:
		if src {
			keys = append(keys, [2]string{p.src.String()})
		}
		if dst && p.dst != p.src {
			keys = append(keys, [2]string{p.dst.String()})
		}
	case report.ListPair:
		if src && dst {
			keys = append(keys, [2]string{p.src.String(), p.dst.String()})
		}
	case report.ListConversation:
		switch {
		case src && dst && p.src.Compare(p.dst) <= 0:
			keys = append(keys, [2]string{p.src.String(), p.dst.String()})
		case src && dst:
			keys = append(keys, [2]string{p.dst.String(), p.src.String()})
		}
	case report.ListPort:
		for _, port := range p.ports {
			keys = append(keys, [2]string{port})
		}
	case report.ListProtocol:
		name := trace.ProtocolOf(p.bits, src || dst).String()
		keys = append(keys, [2]string{name})
	case report.ListProgram:
		if p.cause.Program != "" {
			keys = append(keys, [2]string{p.cause.Program})
		}
	case report.ListSite:
		if p.cause.Site != "" {
			keys = append(keys, [2]string{p.cause.Site})
		}
	}
	return keys
}

// plainListing counts with a map keyed by text.
func plainListing(packets []packet, w report.Wish) *report.Listing {
	l := &report.Listing{Wish: w, Rows: []report.Row{}}
	add := func(v *report.Volume, p *packet) {
		v.Bytes += p.length
		v.Packets++
	}
	rows := map[[2]string]*report.Row{}
	for i := range packets {
		p := &packets[i]
		keys := plainKeys(p, w.List)
		if len(keys) == 0 {
			add(&l.Without, p)
			continue
		}
		add(&l.Total, p)
		for _, k := range keys {
			row := rows[k]
			if row == nil {
				row = &report.Row{Key: k[0], Other: k[1]}
				rows[k] = row
			}
			row.Bytes += p.length
			row.Packets++
			switch w.List {
			case report.ListEither:
				if p.src.IsValid() && p.src.String() == k[0] {
					add(&row.Sent, p)
				}
				if p.dst.IsValid() && p.dst.String() == k[0] {
					add(&row.Received, p)
				}
			case report.ListConversation:
				if p.src.String() == k[0] {
					add(&row.Sent, p)
				} else {
					add(&row.Received, p)
				}
			}
		}
	}
	for _, row := range rows {
		l.Rows = append(l.Rows, *row)
	}
	slices.SortFunc(l.Rows, func(a, b report.Row) int {
		n := cmp.Compare(b.Bytes, a.Bytes)
		if w.By == report.ByPackets {
			n = cmp.Compare(b.Packets, a.Packets)
		}
		return cmp.Or(n, cmp.Compare(a.Key, b.Key), cmp.Compare(a.Other, b.Other))
	})
	l.Keys = int64(len(l.Rows))
	n := min(w.Rows, len(l.Rows))
	for _, row := range l.Rows[n:] {
		l.Rest.Bytes += row.Bytes
		l.Rest.Packets += row.Packets
	}
	l.Rows = l.Rows[:n]
	return l
}

// TestListsAreWhatPlainCountingGives: random packets in a trace that grows, of several stores, asked for again and again for some of
// them. Whatever is wished for, and the lists of every report, are what maps of texts say.
func TestListsAreWhatPlainCountingGives(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 5))
	for range 12 {
		tr := NewTrace()
		counters := []*counter{newCounter(tr), newCounter(tr), newCounter(tr)}[:1+r.IntN(3)]
		hosts := []int{3, 20, 200}[r.IntN(3)]
		for range 25 {
			totals, packets := tr.NewTotals(60), []packet{}
			asked := r.IntN(3) > 0
			for _, c := range counters {
				some := somePackets(r, r.IntN(200), hosts)
				if err := totals.Add(c.part, c.count(t, some)); err != nil {
					t.Fatal(err)
				}
				if asked {
					if err := totals.AddCauses(causesOf(t, some)); err != nil {
						t.Fatal(err)
					}
				}
				packets = append(packets, some...)
			}
			if r.IntN(4) == 0 {
				totals.Release()
				continue
			}
			wish := report.Wish{List: report.List(r.IntN(report.Lists)), By: report.By(r.IntN(2)), Rows: []int{0, 1, 7, 20, 50, report.MaxRows}[r.IntN(6)]}
			sum := volumeOf(totals)
			got := totals.Report(&selection.Selection{}, wish)
			sameLists(t, got, packets, wish)
			if (got.Causes != nil) != asked {
				t.Fatalf("causes are %+v, asked: %v", got.Causes, asked)
			}
			if asked {
				sameCauses(t, got.Causes, packets)
			}
			if l := got.Listing; l != nil && (l.Total.Packets+l.Without.Packets != sum.packets || l.Total.Bytes+l.Without.Bytes != sum.bytes) {
				t.Fatalf("%+v: total and without are not all of %+v", l, sum)
			}
			if t.Failed() {
				return
			}
		}
	}
}

func volumeOf(t *Totals) volume { return volume{t.bytes, t.packets} }

func sameLists(t *testing.T, got *report.Report, packets []packet, wish report.Wish) {
	t.Helper()
	if wish.Rows == 0 && got.Listing != nil {
		t.Errorf("nobody wished for %+v", got.Listing)
	}
	if wish.List >= report.ListProgram && got.Causes == nil {
		if got.Listing != nil {
			t.Errorf("nobody has counted what is in %+v", got.Listing)
		}
	} else if wish.Rows > 0 {
		if want := plainListing(packets, wish); !reflect.DeepEqual(got.Listing, want) {
			t.Errorf("the list is\n%+v, want\n%+v", got.Listing, want)
		}
	}
	entries := map[report.List][]report.Entry{report.ListSource: got.Top.Source, report.ListDestination: got.Top.Destination,
		report.ListEither: got.Top.Either, report.ListPort: got.Top.Port, report.ListProtocol: got.Top.Protocol}
	if got.Causes != nil {
		entries[report.ListProgram], entries[report.ListSite] = got.Causes.Program, got.Causes.Site
	}
	pairs := map[report.List][]report.PairEntry{report.ListPair: got.Top.Pair, report.ListConversation: got.Top.Conversation}
	for list := range report.List(report.Lists) {
		want := plainListing(packets, report.Wish{List: list, Rows: report.TopN})
		wantEntries, wantPairs := []report.Entry{}, []report.PairEntry{}
		for _, row := range want.Rows {
			wantEntries = append(wantEntries, report.Entry{Key: row.Key, Bytes: row.Bytes, Packets: row.Packets})
			wantPairs = append(wantPairs, report.PairEntry{Key: [2]string{row.Key, row.Other}, Bytes: row.Bytes, Packets: row.Packets})
		}
		if e, is := entries[list]; is && !slices.Equal(e, wantEntries) {
			t.Errorf("list %d is\n%v, want\n%v", list, e, wantEntries)
		}
		if e, is := pairs[list]; is && !slices.Equal(e, wantPairs) {
			t.Errorf("list %d is\n%v, want\n%v", list, e, wantPairs)
		}
		if list == report.ListPair && got.Top.Unaddressed != want.Without {
			t.Errorf("%v unaddressed, want %v", got.Top.Unaddressed, want.Without)
		}
	}
}

// Of many with the same amount, those first by text are in the list.
func TestManyEqualOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	tr := NewTrace()
	c := newCounter(tr)
	var packets []packet
	for n := range 20_000 {
		length := int64(60)
		if n%5000 == 0 {
			length = 61
		}
		packets = append(packets, packet{src: trace.IPv4(r.Uint32()), dst: trace.IPv4(r.Uint32N(50)), length: length})
	}
	p := c.count(t, packets)
	for _, wish := range []report.Wish{
		{List: report.ListSource, Rows: 1000}, {List: report.ListConversation, Rows: 1000, By: report.ByPackets}, {List: report.ListEither, Rows: 100},
	} {
		totals := tr.NewTotals(60)
		if err := totals.Add(c.part, p); err != nil {
			t.Fatal(err)
		}
		sameLists(t, totals.Report(&selection.Selection{}, wish), packets, wish)
	}
}
