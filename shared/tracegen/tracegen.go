// Package tracegen makes hour files of traffic that never happened: the page's sample, and the tests' trace. A household of two
// machines talks with a few thousand hosts over an evening, with bursts, quiet minutes and hours that nobody captured.
//
// The same Spec gives the same bytes on every platform: there is only integer arithmetic, as the last bit of a floating-point
// function may differ between machines. Remote hosts have addresses reserved for documentation and benchmarks (RFC 5737,
// RFC 2544, RFC 3849), so that nobody real is named.
package tracegen

import (
	"math/rand/v2"
	"slices"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A Spec says what to generate.
type Spec struct {
	Start   int64  // unix seconds of the first hour, a multiple of 3600
	Hours   int    // hours spanned
	Missing []int  // those of the hours, from 0, that have no file
	Rows    int    // packets in all the files together
	Seed    uint64 // another seed gives other hosts and other traffic
	IPv6    bool   // one conversation in five is over IPv6
}

// Sample is the trace that the page offers to try: about 12 MB, from 11:00 to 22:00 UTC on 8 January 2017.
var Sample = Spec{Start: 1483873200, Hours: 11, Missing: []int{5, 6}, Rows: 200_000, Seed: 1, IPv6: true}

// hourWeights are the relative volumes of the hours: little by day, much in the evening. Longer traces repeat them.
var hourWeights = [11]int{41, 58, 77, 63, 120, 104, 96, 88, 510, 402, 265}

// Each makes one hour file after the other and hands it to yield with its hour, unix seconds, until yield returns false. The
// file's bytes are yield's only until it returns: the next hour reuses them.
func (s Spec) Each(yield func(hour int64, file []byte) bool) {
	total := 0
	for h := range s.Hours {
		total += s.weight(h)
	}
	g := newGenerator(s)
	var file []byte
	before := 0
	for h := range s.Hours {
		weight := s.weight(h)
		if weight == 0 {
			continue
		}
		rows := s.Rows*(before+weight)/total - s.Rows*before/total // the shares add up to s.Rows exactly
		before += weight
		hour := s.Start + int64(h)*trace.HourS
		file = append(append(file[:0], tracecsv.Header...), '\n')
		file = g.appendHour(file, hour, rows, weight)
		if !yield(hour, file) {
			return
		}
	}
}

func (s Spec) weight(h int) int {
	if slices.Contains(s.Missing, h) {
		return 0
	}
	return hourWeights[h%len(hourWeights)]
}

type generator struct {
	r       *rand.Rand
	hosts   *hosts
	clock   clock
	ipv6    bool
	evening bool // video is watched
	active  [4]conversation
}

func newGenerator(s Spec) *generator {
	r := rand.New(rand.NewPCG(s.Seed, 0x7472616365)) // the second number is arbitrary
	return &generator{r: r, hosts: newHosts(r), ipv6: s.IPv6}
}

func (g *generator) appendHour(file []byte, hour int64, rows, weight int) []byte {
	g.evening = weight > 200
	for minute, n := range g.clock.minutes(g.r, rows) {
		begin := hour*trace.Second + int64(minute)*trace.Minute
		g.clock.reset()
		packets := g.clock.packets[:0]
		for range n {
			// Conversations overlap: any of those under way may send the next packet.
			c := &g.active[g.r.IntN(len(g.active))]
			fresh := c.left == 0
			if fresh {
				*c = g.converse()
			}
			packets = append(packets, c.next(g.r))
			g.clock.tick(g.r, fresh)
		}
		for i := range packets {
			packets[i].TimeNS = begin + g.clock.at(i)
			file = tracecsv.AppendRow(file, hour, &packets[i])
		}
		g.clock.packets = packets
	}
	return file
}
