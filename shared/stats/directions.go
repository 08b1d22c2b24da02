package stats

import (
	"net/netip"
	"slices"

	"tracelens/shared/report"
)

// mine is which of a trace's endpoints are the user's own. A question comes sixty times a second and there may be a million endpoints,
// so what was found is kept until other prefixes are set.
type mine struct {
	prefixes []netip.Prefix
	is       []uint8 // by endpoint, 1 or 0; as far as they have been looked at
}

// SetMine says which addresses are the user's own, for the directions of every report from now on.
func (t *Trace) SetMine(prefixes []netip.Prefix) {
	if !slices.Equal(prefixes, t.mine.prefixes) {
		t.mine = mine{prefixes: slices.Clone(prefixes), is: t.mine.is[:0]}
	}
}

// classified is whether each endpoint is the user's own.
func (t *Trace) classified() []uint8 {
	m := &t.mine
	for n := len(m.is); n < t.ends.Len(); n++ {
		is := uint8(0)
		if contains(m.prefixes, t.ends.Addr(uint32(n))) {
			is = 1
		}
		m.is = append(m.is, is)
	}
	return m.is
}

func contains(prefixes []netip.Prefix, a netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func (f *folded) report(prefixes []netip.Prefix) report.Directions {
	d := report.Directions{
		Mine: make([]string, len(prefixes)),
		In:   f.directions[1].report(), Out: f.directions[2].report(), Within: f.directions[3].report(), Beyond: f.directions[0].report(),
	}
	for i, p := range prefixes {
		d.Mine[i] = p.String()
	}
	return d
}
