package chart

// A legend says what the colours of a stack are.
type legend struct {
	ledger
	causes []Cause
	total  int64
	places []Rect // of the entries, above the columns
}

const (
	swatch      = 9  // pixels wide and high
	swatchRoom  = 15 // with the gap behind it
	legendPitch = 18
)

func newLegend(causes []Cause, total int64, o Options) legend {
	return legend{ledger: newLedger(causes, total, o), causes: causes, total: total}
}

// tall is how high it is as a table.
func (l *legend) tall() float64 { return legendPitch * float64(len(l.entries)) }

// width is that of the table, swatches included.
func (l *legend) width() float64 { return swatchRoom + l.ledger.width() }

// fitTo cuts names so that the table is at most w wide.
func (l *legend) fitTo(w float64) { l.names = max(min(l.names, w-swatchRoom-l.figures()), 40) }

// wrap places the entries in lines above the columns, and returns how high these are.
func (l *legend) wrap(w float64) float64 {
	const edge, apart = 2, 14
	x, y := 2.0, 0.0
	for i := range l.entries {
		l.entries[i].name = fit(l.entries[i].name, w*0.45, small)
		each := swatchRoom + textWidth(l.entries[i].name, small)
		if x > edge && x+each > w-edge {
			x, y = edge, y+legendPitch
		}
		l.places = append(l.places, Rect{x, y, each, legendPitch})
		x += each + apart
	}
	return y + legendPitch + 4
}

// legendBeside draws the table at the right edge, level with the plot.
func (c *canvas) legendBeside(l *legend, plot Rect) []Mark {
	x, y := c.w-l.width()-2, max(plot.Y-6, 0)
	y = max(min(y, c.h-l.tall()), 0)
	for i := range l.entries {
		l.places = append(l.places, Rect{x, y + float64(i)*legendPitch, l.width(), legendPitch})
		l.write(c, i, x+swatchRoom, y+(float64(i)+0.5)*legendPitch, false)
	}
	return c.swatches(l)
}

func (c *canvas) legendAbove(l *legend) []Mark {
	for i, e := range l.entries {
		r := l.places[i]
		c.text(value, e.name, r.X+swatchRoom, r.Y+legendPitch/2+4)
	}
	return c.swatches(l)
}

// swatches draws the colours in front of the entries, which are marks.
func (c *canvas) swatches(l *legend) []Mark {
	kinds := make([]Kind, len(l.causes))
	for i := range kinds {
		kinds[i] = l.causes[i].Kind
	}
	marks := make([]Mark, len(kinds))
	for i, t := range c.o.Theme.tints(kinds) {
		r := l.places[i]
		c.blocks(t, []Rect{{r.X, r.Y + (r.H-swatch)/2, swatch, swatch}})
		marks[i] = Mark{Rect: r, Part: i, Bytes: l.causes[i].Bytes, Of: l.total}
	}
	return marks
}
