package main

import (
	"fmt"
	"slices"
	"time"

	"tracelens/helper/capture"
	"tracelens/helper/hourly"
	"tracelens/shared/wire"
)

// maxNotes is how many gaps and hints a page is told of, the newest; GapsFile has all gaps.
const maxNotes = 5

// tellDropsEvery is how often growing counts of lost packets are logged.
const tellDropsEvery = 10 * time.Second

// events are what a live capture meets besides packets.
func (s *session) events() capture.Events {
	return capture.Events{
		Note: func(text string) {
			s.say("%s", text)
			s.note(text)
		},
		Down: func(o capture.Outage) {
			s.setProblem(&s.outage, o.Why)
			s.warn("%s  %s; waiting for it to come back", hourly.Clock(o.Begin.UnixNano()), o.Why)
		},
		Up: func(o capture.Outage) {
			s.setProblem(&s.outage, "")
			begin, end := o.Begin.UnixNano(), o.End.UnixNano()
			text := fmt.Sprintf("Nothing was captured from %s to %s: %s", hourly.Clock(begin), hourly.Clock(end), o.Why)
			s.warn("%s  packets are captured again. %s", hourly.Clock(end), text)
			s.gap(text)
			s.files.LogGap(hourly.Gap{Begin: begin, End: end, Packets: -1, Why: o.Why})
		},
	}
}

// gapOver is told of packets that could not be written, when they can again.
func (s *session) gapOver(g hourly.Gap) {
	s.gap(fmt.Sprintf("%d packets from %s to %s are missing: they could not be written: %s", g.Packets, hourly.Clock(g.Begin), hourly.Clock(g.End), g.Why))
}

// gap counts a gap that is over, and has pages told.
func (s *session) gap(text string) {
	s.mu.Lock()
	s.gaps++
	s.mu.Unlock()
	s.note(text)
}

// note keeps what pages are told.
func (s *session) note(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.notes = append(s.notes, text); len(s.notes) > maxNotes {
		s.notes = slices.Delete(s.notes, 0, 1)
	}
}

func (s *session) setProblem(which *string, text string) {
	s.mu.Lock()
	*which = text
	s.mu.Unlock()
}

// problemNow is what is wrong, in words, empty if all is well. s.mu is held.
func (s *session) problemNow() string {
	if s.problem != "" {
		return s.problem
	}
	if g, lasts := s.files.Gap(); lasts {
		return fmt.Sprintf("Packets cannot be written since %s, %d so far: %s", hourly.Clock(g.Begin), g.Packets, g.Why)
	}
	return s.outage
}

func (s *session) status() wire.Status {
	n := s.stats()
	s.mu.Lock()
	defer s.mu.Unlock()
	return wire.Status{
		Live: s.live, Captured: n.Captured, PacketsPerSecond: s.rate.count(n.Captured, time.Now()), Gaps: s.gaps, DroppedKernel: n.DroppedKernel, DroppedInterface: n.DroppedInterface,
		Rows: s.files.Rows(), Lost: s.files.Lost(), Problem: s.problemNow(), Notes: slices.Clone(s.notes),
	}
}

// A packetRate is how many packets come a second, by two counts of them. Several pages ask for it, each about once a second.
type packetRate struct {
	at        time.Time
	captured  int64
	perSecond int64
}

const (
	rateOver  = 900 * time.Millisecond // the least time between two counts
	rateStale = 3 * time.Second        // after so much the earlier count says nothing about now
)

// count takes the count of now and returns the rate, -1 if it is not known.
func (r *packetRate) count(captured int64, now time.Time) int64 {
	since := now.Sub(r.at)
	switch {
	case since > rateStale:
		r.perSecond = -1
	case since < rateOver:
		return r.perSecond
	default:
		r.perSecond = int64(float64(captured-r.captured) / since.Seconds())
	}
	r.at, r.captured = now, captured
	return r.perSecond
}

func (s *session) stats() capture.Stats {
	if s.source == nil {
		return capture.Stats{}
	}
	return s.source.Stats()
}

// tellDrops logs the counts of lost packets when they have grown, until done is closed.
func (s *session) tellDrops(done <-chan struct{}) {
	ticker := time.NewTicker(tellDropsEvery)
	defer ticker.Stop()
	var told capture.Stats
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			if n := s.stats(); n.DroppedKernel != told.DroppedKernel || n.DroppedInterface != told.DroppedInterface {
				s.warn("%s  so far %d packets were captured, %d dropped by the kernel, %d by the interface",
					hourly.Clock(time.Now().UnixNano()), n.Captured, n.DroppedKernel, n.DroppedInterface)
				told = n
			}
		}
	}
}
