package main

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"strings"

	"tracelens/shared/report"
	"tracelens/shared/selection"
	hourfile "tracelens/shared/trace"
)

// A kind is questions of which a user asks one after the other.
type kind struct {
	name      string
	questions func(*subject) []selection.Selection
	checked   func(i int) bool // whether the i-th answer is compared with a plain count
	limits    map[int64]float64
}

// warmUp is how many questions of each kind are asked before it counts: a browser compiles a second time what it finds busy.
const warmUp = 20

// kinds, with how many milliseconds 19 of 20 answers may take at most, by the packets of the trace.
var kinds = []kind{
	{"time brush", brushes, func(i int) bool { return i%36 == 35 }, map[int64]float64{10_000_000: 16, 50_000_000: 100}},
	{"brush being dragged", drag, func(i int) bool { return i%24 == 23 }, map[int64]float64{10_000_000: 16, 50_000_000: 100}},
	{"any filter", filters, func(i int) bool { return i/perRound == filterRounds-1 }, map[int64]float64{10_000_000: 50, 50_000_000: 100}},
}

// A subject is what there is to ask about in a trace.
type subject struct {
	r                    *rand.Rand
	firstNS, lastNS      int64
	sources, destination []netip.Addr // the busiest first
	rareHosts            []netip.Addr
	rarePorts            []uint16
}

// subjectOf finds it in the figures of the whole trace and, for what is too rare to be listed there, in the first of the files.
func subjectOf(t *trace, whole *report.Report) (*subject, error) {
	s := &subject{r: rand.New(rand.NewPCG(1, 2)), firstNS: int64(whole.Start), lastNS: int64(whole.End)}
	for _, of := range []struct {
		list  []report.Entry
		hosts *[]netip.Addr
	}{{whole.Top.Source, &s.sources}, {whole.Top.Destination, &s.destination}} {
		for _, e := range of.list {
			address, err := netip.ParseAddr(e.Key)
			if err != nil {
				return nil, err
			}
			*of.hosts = append(*of.hosts, address)
		}
	}
	var err error
	s.rareHosts, s.rarePorts, err = rarest(filepath.Join(t.dir, t.Names[0]), filterRounds)
	if err == nil && min(len(s.sources), len(s.destination), len(s.rareHosts), len(s.rarePorts)) == 0 {
		err = errors.New("there is nothing in the trace to ask about")
	}
	return s, err
}

// some is a range of time of any width, anywhere.
func (s *subject) some() (fromNS, toNS int64) {
	width := 1 + s.r.Int64N(s.lastNS-s.firstNS)
	fromNS = s.firstNS + s.r.Int64N(s.lastNS-s.firstNS-width+1)
	return fromNS, fromNS + width
}

func brushes(s *subject) (all []selection.Selection) {
	for range 200 {
		from, to := s.some()
		all = append(all, selection.Selection{FromNS: from, ToNS: to})
	}
	return all
}

// drag moves a quarter of the trace from its beginning to its end.
func drag(s *subject) (all []selection.Selection) {
	const steps = 120
	width := (s.lastNS - s.firstNS) / 4
	for i := range int64(steps) {
		from := s.firstNS + (s.lastNS-s.firstNS-width)/(steps-1)*i
		all = append(all, selection.Selection{FromNS: from, ToNS: from + width})
	}
	return all
}

// filters asks for everything that one can click, and for what one can type, in turn, each time with other hosts.
const (
	filterRounds = 8
	perRound     = 15
)

func filters(s *subject) (all []selection.Selection) {
	for i := range filterRounds {
		source, rare := s.sources[i%len(s.sources)], s.rareHosts[i%len(s.rareHosts)]
		short := selection.Filter{Field: selection.Length, Max: 100}
		long := selection.Filter{Field: selection.Length, Min: 1000, Max: 2000}
		https := selection.Filter{Field: selection.Port, Port: 443}
		from, to := s.some()
		all = append(all, only(host(selection.Source, source)), only(host(selection.Destination, s.destination[i%len(s.destination)])), only(host(selection.Either, source)),
			only(host(selection.Either, rare)),
			only(selection.Filter{Field: []selection.Field{selection.Either, selection.Source, selection.Destination}[i%3], Address: netip.PrefixFrom(source, 16).Masked()}),
			only(https), only(selection.Filter{Field: selection.Port, Port: s.rarePorts[i%len(s.rarePorts)]}),
			only(selection.Filter{Field: selection.Protocol, Protocol: hourfile.UDP}), only(selection.Filter{Field: selection.Protocol, Protocol: hourfile.TCP}),
			only(short), only(long), selection.Selection{Where: only(https).Where.Negated()},
			only(host(selection.Source, source), long), eitherOf(only(host(selection.Either, source), long), only(selection.Filter{Field: selection.Protocol, Protocol: hourfile.UDP}, short)),
			selection.Selection{FromNS: from, ToNS: to, Where: only(host(selection.Either, source)).Where})
	}
	return all
}

// only is the packets for which all of some filters hold.
func only(filters ...selection.Filter) (s selection.Selection) {
	for _, f := range filters {
		s.Where = selection.All(s.Where, &selection.Expr{Filter: f})
	}
	return s
}

// eitherOf is the packets that are in one of two selections.
func eitherOf(a, b selection.Selection) selection.Selection {
	return selection.Selection{Where: &selection.Expr{Op: selection.Or, Args: []*selection.Expr{a.Where, b.Where}}}
}

func host(field selection.Field, a netip.Addr) selection.Filter {
	return selection.Filter{Field: field, Address: netip.PrefixFrom(a, a.BitLen())}
}

// words is a selection for people.
func words(s *selection.Selection) string {
	var parts []string
	if s.Ranged() {
		parts = append(parts, "a range of time")
	}
	if text := s.Text(); text != "" {
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
