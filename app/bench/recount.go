package main

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"

	"tracelens/shared/selection"
	hourfile "tracelens/shared/trace"
)

// A check is answers that are compared with a plain count.
type check struct {
	asked []selection.Selection
	got   []volume
}

func (c *check) add(s selection.Selection, got volume) {
	c.asked, c.got = append(c.asked, s), append(c.got, got)
}

func (c *check) run(t *trace) error {
	want, err := recount(t, c.asked)
	if err != nil {
		return err
	}
	for i, got := range c.got {
		if got != want[i] {
			return fmt.Errorf("wrong answer to %q, %s: %d packets and %d bytes, want %d and %d",
				c.asked[i].Code(), words(&c.asked[i]), got.packets, got.bytes, want[i].packets, want[i].bytes)
		}
	}
	return nil
}

// volume is what is compared of an answer.
type volume struct{ packets, bytes int64 }

// recount finds the packets of selections in a trace's files, one line after the other.
func recount(t *trace, sels []selection.Selection) ([]volume, error) {
	found := make([]volume, len(sels))
	for _, name := range t.Names {
		err := eachRow(filepath.Join(t.dir, name), func(r *row) {
			for i := range sels {
				if r.in(&sels[i]) {
					found[i].packets++
					found[i].bytes += r.length
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (r *row) in(s *selection.Selection) bool {
	if (s.FromNS != 0 || s.ToNS != 0) && (r.ns < s.FromNS || r.ns >= s.ToNS) {
		return false
	}
	return s.Where == nil || r.holds(s.Where)
}

func (r *row) holds(e *selection.Expr) bool {
	switch e.Op {
	case selection.Is:
		return r.has(&e.Filter)
	case selection.Not:
		return !r.holds(e.Args[0])
	case selection.And:
		return !slices.ContainsFunc(e.Args, func(a *selection.Expr) bool { return !r.holds(a) })
	}
	return slices.ContainsFunc(e.Args, r.holds)
}

func (r *row) has(f *selection.Filter) bool {
	switch f.Field {
	case selection.Source:
		return r.addressed && within(r.src, f.Address)
	case selection.Destination:
		return r.addressed && within(r.dst, f.Address)
	case selection.Either:
		return r.addressed && (within(r.src, f.Address) || within(r.dst, f.Address))
	case selection.Port:
		family := r.tcp && f.Family != selection.UDP || r.udp && f.Family != selection.TCP
		return family && (among(r.srcPort, f) || among(r.dstPort, f))
	case selection.Layer:
		return r.tcp && f.Family == selection.TCP || r.udp && f.Family == selection.UDP
	case selection.Length:
		return r.length >= int64(f.Min) && r.length <= int64(f.Max)
	}
	switch f.Protocol {
	case hourfile.TCP:
		return r.tcp
	case hourfile.UDP:
		return r.udp
	}
	panic("a filter that the bench does not ask for")
}

func among(port int64, f *selection.Filter) bool {
	return port >= int64(f.Port) && port <= int64(max(f.Port, f.LastPort))
}

func within(address uint32, p netip.Prefix) bool {
	b := p.Addr().As4()
	network := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	return (address^network)>>(32-p.Bits()) == 0
}
