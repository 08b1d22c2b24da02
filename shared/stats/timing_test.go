package stats

import (
	"math/rand/v2"
	"net/netip"
	"strconv"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// busyTrace is a machine that talks with many hosts, over TCP with nearly all and over UDP with some, and the partial of a selection
// that has packets of one conversation in every.
func busyTrace(b *testing.B, hosts, every int) (*Trace, *Part, *Partial) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	ends, convs := dict.NewEndpoints(), dict.NewConversations()
	self := ends.Number(netip.MustParseAddr("192.168.1.23"))
	for range hosts {
		n := ends.Number(trace.IPv4(r.Uint32()))
		convs.Number(dict.Conversation{Src: n, Dst: self, Port: 443, Ports: trace.HasTCP, Kind: dict.LowSource})
		convs.Number(dict.Conversation{Src: self, Dst: n, Port: 443, Ports: trace.HasTCP, Kind: dict.LowDestination})
		if r.IntN(4) == 0 {
			convs.Number(dict.Conversation{Src: n, Dst: self, Port: 443, Ports: trace.HasUDP, Kind: dict.LowSource})
			convs.Number(dict.Conversation{Src: self, Dst: n, Port: 443, Ports: trace.HasUDP, Kind: dict.LowDestination})
		}
	}
	tr := NewTrace()
	part := tr.NewPart()
	if err := part.Learn(dict.AppendSince(nil, ends, 1, convs, 1)); err != nil {
		b.Fatal(err)
	}
	p := &Partial{WidthS: 60}
	for n := 1; n < convs.Len(); n++ {
		if r.IntN(every) > 0 {
			continue
		}
		packets := 1 + int64(50*r.ExpFloat64())
		p.Conversations.Add(uint32(n), packets, packets*(60+r.Int64N(1400)))
		p.Packets += packets
	}
	for port := 32768; port < 60999; port++ {
		if r.IntN(every) == 0 {
			packets := 1 + r.Int64N(100)
			p.OtherPorts.Add(uint32(port), packets, packets*500)
		}
	}
	p.Bins = []report.Bin{{Start: 0, Packets: p.Packets}}
	p.Lengths = [][2]int64{{60, p.Packets / 2}, {1514, p.Packets - p.Packets/2}}
	return tr, part, p
}

// BenchmarkReport is what the lead does for an answer: totals of a partial, and their report, with a list that is looked at or without.
func BenchmarkReport(b *testing.B) {
	for _, c := range []struct{ hosts, every int }{{6000, 1}, {6000, 20}, {300_000, 1}, {300_000, 20}} {
		tr, part, p := busyTrace(b, c.hosts, c.every)
		for name, wish := range map[string]report.Wish{
			"":                            {},
			"-either-20":                  {List: report.ListEither, Rows: 20},
			"-conversation-20-by-packets": {List: report.ListConversation, By: report.ByPackets, Rows: 20},
			"-port-1000-by-packets":       {List: report.ListPort, By: report.ByPackets, Rows: 1000},
			"-source-1000":                {List: report.ListSource, Rows: 1000},
		} {
			b.Run(strconv.Itoa(c.hosts)+"-hosts-one-in-"+strconv.Itoa(c.every)+name, func(b *testing.B) {
				for b.Loop() {
					totals := tr.NewTotals(60)
					if err := totals.Add(part, p); err != nil {
						b.Fatal(err)
					}
					if r := totals.Report(&selection.Selection{}, wish); r.Packets != p.Packets || len(r.Top.Pair) != report.TopN {
						b.Fatalf("%d packets, %v", r.Packets, r.Top)
					}
				}
			})
		}
	}
}
