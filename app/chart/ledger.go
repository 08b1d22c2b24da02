package chart

import "tracelens/app/chart/label"

// A ledger is names with their amounts and shares, to stand beside bars: in columns of a table or, where there is no room for them, a name over
// its figures.
type ledger struct {
	entries []entry
	columns bool
	names   float64 // widths
	amounts float64
	shares  float64 // 0 for none
	narrow  float64 // what a name over its figures may take
}

type entry struct {
	name, amount, share string
	kind                Kind
}

// columnsFrom is how wide a picture is, at least, that has columns.
const columnsFrom = 640

const betweenColumns = 12

func newLedger(causes []Cause, total int64, o Options) ledger {
	l := ledger{columns: o.Width >= columnsFrom}
	for _, c := range causes {
		e := entry{fit(c.Name, 4000, large), o.Units.Bytes(c.Bytes), label.Percent(c.Bytes, total), c.Kind}
		l.entries = append(l.entries, e)
		l.names = max(l.names, textWidth(e.name, large))
		l.amounts, l.shares = max(l.amounts, textWidth(e.amount, small)), max(l.shares, textWidth(e.share, small))
		l.narrow = max(l.narrow, textWidth(e.figures(), small))
	}
	return l
}

func (e entry) figures() string { return e.amount + ", " + e.share }

// height is that of an entry.
func (l *ledger) height() float64 {
	if l.columns {
		return 14
	}
	return 26
}

// figures is the width of all but the names, in columns.
func (l *ledger) figures() float64 { return 2*betweenColumns + l.amounts + l.shares }

func (l *ledger) width() float64 {
	if l.columns {
		return l.names + l.figures()
	}
	return max(l.names, l.narrow)
}

// shareOut cuts two ledgers to room, together. Names are what gives way; where there are no columns, shares too, if they take more than half.
func shareOut(a, b *ledger, room float64) {
	if a.columns {
		a.names, b.names = split(room-a.figures()-b.figures(), a.names, b.names)
		return
	}
	for _, l := range [...]*ledger{a, b} {
		if l.narrow > room/2 {
			l.shares, l.narrow = 0, min(l.amounts, room/2)
		}
	}
	a.names, b.names = split(room, a.width(), b.width())
	a.narrow, b.narrow = min(a.narrow, a.names), min(b.narrow, b.names)
}

// split gives each of two what it wants, or, if that is more than there is, the one that wants more what the other leaves, and half at least.
func split(room, a, b float64) (float64, float64) {
	if a+b <= room {
		return a, b
	}
	a = min(a, max(room/2, room-b))
	return a, min(b, room-a)
}

// write writes the i-th entry at x, around the height of mid. The name is next to the bars: before is whether they are on the right of it.
func (l *ledger) write(c *canvas, i int, x, mid float64, before bool) {
	e := l.entries[i]
	class := sentence
	if e.kind != Named {
		class = muted
	}
	align, at := muted, x
	if before {
		align, at = end, x+l.width()
	}
	if !l.columns {
		figures := e.figures()
		if l.shares == 0 {
			figures = e.amount
		}
		c.text(class+align, fit(e.name, l.width(), large), at, mid-3)
		if textWidth(figures, small) <= l.width() {
			c.text(muted+align, figures, at, mid+10)
		}
		return
	}
	c.text(class+align, fit(e.name, l.names, large), at, mid+4)
	if before {
		x -= l.names + betweenColumns // the columns of figures come first
	}
	amount := x + l.names + betweenColumns + l.amounts
	c.text(value+end, e.amount, amount, mid+4)
	c.text(muted+end, e.share, amount+betweenColumns+l.shares, mid+4)
}
