// Package store keeps the packets of a trace as columns and answers what the figures of any selection of them are.
//
//	batch -> Append -> segments, each with a summary when it is full
//	selection -> Query -> Step, Step ... -> stats.Partial
//
// A packet takes 16 bytes, and the summaries and dictionaries a few more: its addresses, protocol and lower port are a number of
// package dict. A time range adds up the summaries of the segments inside it and scans only the two at its ends; a filter scans,
// but never counts more than half of a segment: where most of it matches, the others are counted and taken away.
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
	ends     *dict.Endpoints
	convs    *dict.Conversations
	segments []*segment
	counters *counters
	rows     int64

	segmentRows  int   // SegmentRows, less in tests
	summaryShare int64 // maxSummaryShare, more in tests
}

// New is a store without packets.
func New() *Store {
	return &Store{ends: dict.NewEndpoints(), convs: dict.NewConversations(), counters: &counters{most: maxCounted}, segmentRows: SegmentRows, summaryShare: maxSummaryShare}
}

// Endpoints numbers the addresses of the packets; whoever fills batches uses it.
func (s *Store) Endpoints() *dict.Endpoints { return s.ends }

// Conversations numbers what a Partial's Conversations count.
func (s *Store) Conversations() *dict.Conversations { return s.convs }

// Packets is how many packets the store holds.
func (s *Store) Packets() int64 { return s.rows }

// Append takes the packets of a batch. It keeps nothing of the batch.
func (s *Store) Append(b *trace.Batch) {
	for from := 0; from < b.N; {
		if len(s.segments) == 0 || s.last().rows() == s.segmentRows {
			next := new(segment)
			if len(s.segments) > 0 { // a trace that filled one will probably fill the next
				next.room(s.segmentRows, s.segmentRows)
			}
			s.segments = append(s.segments, next)
		}
		last := s.last()
		n := last.room(b.N-from, s.segmentRows)
		last.append(b, from, from+n, s.convs)
		from += n
		if last.rows() == s.segmentRows {
			last.sort()
			last.sum = s.summarise(last)
		}
	}
	s.rows += int64(b.N)
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
		n += int64(cap(g.timeNS))*16 + int64(cap(g.second))*12 + int64(cap(g.long))*8
		if g.sum != nil {
			n += g.sum.size()
		}
	}
	return n + s.ends.Bytes() + s.convs.Bytes()
}
