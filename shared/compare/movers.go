package compare

import (
	"sort"

	"tracelens/shared/report"
)

// A Mover is a row of a top list in two reports.
type Mover struct {
	Key, Second string // Second is of pairs and conversations
	This, Other Amount
}

// An Amount is the traffic of a key.
type Amount struct {
	Bytes, Packets int64
	Below          bool // it is not in the list, which has no room for it: it is Bytes at most; Packets is not known
}

// Bytes is by how much this report has more than the other. Where atLeast holds, it is more than that, or less if it is below 0; and 0 if
// nobody can say which of the two it is.
func (m Mover) Bytes() (change int64, atLeast bool) {
	change = m.This.Bytes - m.Other.Bytes
	switch {
	case m.This.Below:
		return min(change, 0), true
	case m.Other.Below:
		return max(change, 0), true
	}
	return change, false
}

// Movers are the keys of a top list in either report, those first whose volume is surely the most different, then by their names. Keys of
// which it is not sure that anything is different are left out.
func Movers(this, other *report.Report, list report.List) []Mover {
	a, b := this.List(list), other.List(list)
	movers := map[[2]string]*Mover{}
	fill := func(l *report.Listing, side func(m *Mover) *Amount) {
		for _, r := range l.Rows {
			k := [2]string{r.Key, r.Other}
			if movers[k] == nil {
				movers[k] = &Mover{Key: r.Key, Second: r.Other, This: most(a), Other: most(b)}
			}
			*side(movers[k]) = Amount{Bytes: r.Bytes, Packets: r.Packets}
		}
	}
	fill(a, func(m *Mover) *Amount { return &m.This })
	fill(b, func(m *Mover) *Amount { return &m.Other })
	var sorted []Mover
	for _, m := range movers {
		if change, _ := m.Bytes(); change != 0 {
			sorted = append(sorted, *m)
		}
	}
	sort.Slice(sorted, func(i, k int) bool {
		x, _ := sorted[i].Bytes()
		y, _ := sorted[k].Bytes()
		switch x, y := max(x, -x), max(y, -y); {
		case x != y:
			return x > y
		case sorted[i].Key != sorted[k].Key:
			return sorted[i].Key < sorted[k].Key
		}
		return sorted[i].Second < sorted[k].Second
	})
	return sorted
}

// most is how much a key has that is not in a list: nothing where the list has all there are, else no more than the list's last.
func most(l *report.Listing) Amount {
	if len(l.Rows) < report.TopN {
		return Amount{}
	}
	return Amount{Bytes: l.Rows[len(l.Rows)-1].Bytes, Below: true}
}
