// Package store keeps the packets of a trace as columns and answers what the figures of any selection of them are, and which packets.
//
//	batch -> Append -> segments, each with a summary when it is full
//	selection -> Query -> Step, Step ... -> stats.Partial
//	selection -> Rows -> Step, Step ... -> packets in the order of time, which Merge brings together with those of other stores
//
// A packet takes 12 bytes, and the flows, summaries and dictionaries a few more: everything but its time and length is its flow's.
// A time range adds up the summaries of the segments inside it, or of bundles of them, and scans only the two at its ends. An expression
// on hosts, ports and protocols, or one on lengths, adds up the digests of bundles, once Improve has made them. Any other one is decided
// for each flow of a segment, once, and then all packets of the segment are counted, those that are not chosen as nothing: that costs the
// same whatever is asked and chosen, and less than to jump over some.
//
// A Store is used by one goroutine at a time. The page has one in each worker, each with a part of the trace; their answers add up.
package store

import (
	"slices"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// A Store holds packets.
type Store struct {
	convs    *dict.Conversations // of all packets
	flows    *dict.Flows         // of the last segment
	segments []*segment
	bundles  [len(bundleSizes)][]*bundle // of full segments: the i-th begins with segment i * its size
	counters *counters
	rows     int64
	digester *digester
	known    knowledge

	digested, lengthDigested int // how many bundles of the first level Improve has looked at, for either kind

	segmentRows  int   // SegmentRows, less in tests
	segmentFlows int   // maxFlows, less in tests
	summaryShare int64 // maxSummaryShare, more in tests
}

// New is a store without packets.
func New() *Store {
	return &Store{
		convs: dict.NewConversations(), flows: dict.NewFlows(dict.NewEndpoints()),
		counters: &counters{most: maxCounted}, segmentRows: SegmentRows, segmentFlows: maxFlows, summaryShare: maxSummaryShare,
	}
}

// Flows numbers the flows of the packets for the next Append, and is reset by it now and then: a batch is filled with its help, and
// appended before another one is begun.
func (s *Store) Flows() *dict.Flows { return s.flows }

// Endpoints numbers the addresses of the packets.
func (s *Store) Endpoints() *dict.Endpoints { return s.flows.Endpoints() }

// Conversations numbers what a Partial's Conversations count.
func (s *Store) Conversations() *dict.Conversations { return s.convs }

// Packets is how many packets the store holds.
func (s *Store) Packets() int64 { return s.rows }

// Append takes the packets of a batch. It keeps nothing of the batch.
func (s *Store) Append(b *trace.Batch) {
	if b.N == 0 {
		return
	}
	if len(s.segments) == 0 || s.last().full {
		s.begin()
	}
	g := s.last()
	g.append(b, s.flows, s.convs)
	s.rows += int64(b.N)
	if g.rows() >= s.segmentRows || len(g.flows) >= s.segmentFlows {
		g.full = true
		s.finish(g)
		s.bundle()
		s.flows.Reset()
	}
}

// begin begins a segment.
func (s *Store) begin() {
	next := new(segment)
	if len(s.segments) > 0 { // a trace that filled one will probably fill the next as far
		next.room(s.last().rows() + trace.BatchRows)
		next.flows = make([]flow, 0, len(s.last().flows))
	}
	s.segments = append(s.segments, next)
}

// finish does what is worth while for a segment that will not change any more.
func (s *Store) finish(g *segment) {
	g.sort()
	g.timeNS, g.length, g.flow, g.flows = fitted(g.timeNS), fitted(g.length), fitted(g.flow), fitted(g.flows)
	g.sum = s.summarise(g)
}

// fitted is a list that will not grow any more, without the room for that.
func fitted[T any](list []T) []T {
	if cap(list) > len(list)+len(list)/4 {
		return grown(list, len(list))
	}
	return list
}

func (s *Store) last() *segment { return s.segments[len(s.segments)-1] }

// Span is the times of the first and the last packet. There must be one.
func (s *Store) Span() (firstNS, lastNS int64) {
	for i, g := range s.segments {
		first, last := g.timeNS[0], g.timeNS[g.rows()-1]
		if !g.sorted { // sorting is for those who look at its packets
			first, last = slices.Min(g.timeNS), slices.Max(g.timeNS)
		}
		if i == 0 {
			firstNS, lastNS = first, last
		}
		firstNS, lastNS = min(firstNS, first), max(lastNS, last)
	}
	return firstNS, lastNS
}

// Bytes is how much memory the packets take, with their summaries and dictionaries.
func (s *Store) Bytes() (n int64) {
	for _, g := range s.segments {
		n += int64(cap(g.timeNS))*12 + int64(cap(g.flows))*8 + int64(cap(g.second))*12 + int64(cap(g.long))*8 + int64(len(g.lengths)*lengthSumBytes) + int64(len(g.behind.causes))*4
		if g.sum != nil {
			n += g.sum.size()
		}
	}
	for _, level := range s.bundles {
		for _, b := range level {
			if b != nil {
				n += b.size()
			}
		}
	}
	return n + s.Endpoints().Bytes() + s.convs.Bytes() + s.flows.Bytes()
}
