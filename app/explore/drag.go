package explore

import "math"

// A Drag is a range of an axis being dragged: a new one, one of its edges, or all of it. Places are values of the axis, seconds or bytes,
// as fractions.
type Drag struct {
	anchor  float64 // the end that stays; of a range that is moved, where it was taken hold of
	from    Span    // of a range that is moved
	moving  bool
	started float64
	slop    float64 // how far the pointer may tremble and still not have moved
	moved   bool
}

// A Grip is what of a range is taken hold of.
type Grip int

const (
	Outside Grip = iota // nothing: a new range begins
	Middle
	FromEdge
	ToEdge
)

// GripAt is what of the range s is at a place, edges being as wide as reach to either side. Of a range that is narrower than both its
// edges, the nearer one counts.
func GripAt(s Span, at, reach float64) Grip {
	if s.Any() {
		return Outside
	}
	left, right := math.Abs(at-float64(s.From)), math.Abs(at-float64(s.To))
	switch {
	case left <= reach && left <= right:
		return FromEdge
	case right <= reach:
		return ToEdge
	case at > float64(s.From) && at < float64(s.To):
		return Middle
	}
	return Outside
}

// Begin takes hold of the range s at a place. Up to slop beside it the pointer has not moved.
func Begin(s Span, grip Grip, at, slop float64) Drag {
	d := Drag{anchor: at, started: at, slop: slop}
	switch grip {
	case FromEdge:
		d.anchor = float64(s.To)
	case ToEdge:
		d.anchor = float64(s.From)
	case Middle:
		d.moving, d.from = true, s
	}
	return d
}

// To is the range when the pointer is at a place: its ends are multiples of step, or one of edges within reach of them, and within the bounds. A range that is moved
// keeps its width.
func (d *Drag) To(at float64, bounds Span, step int64, snap func(float64) float64) Span {
	if math.Abs(at-d.started) > d.slop {
		d.moved = true
	}
	if d.moving {
		shift := int64(math.Round((at-d.anchor)/float64(step))) * step
		shift = min(max(shift, bounds.From-d.from.From), bounds.To-d.from.To)
		return Span{d.from.From + shift, d.from.To + shift}
	}
	a, b := min(d.anchor, at), max(d.anchor, at)
	s := Span{round(snap(a), step), round(snap(b), step)}
	if s.From == s.To { // at least one step, on the side of the pointer
		if at < d.anchor {
			s.From -= step
		} else {
			s.To += step
		}
	}
	return s.Within(bounds)
}

func round(v float64, step int64) int64 { return int64(math.Round(v/float64(step))) * step }

// Zoomed is the span s within whole made factor times as long around a place, no shorter than least. What would be longer than whole is
// everything.
func Zoomed(s, whole Span, around, factor float64, least int64) Span {
	if s.Any() {
		s = whole
	}
	length := max(float64(s.To-s.From)*factor, float64(least))
	if length >= float64(whole.To-whole.From) {
		return Span{}
	}
	share := (around - float64(s.From)) / float64(s.To-s.From)
	from := int64(math.Floor(around - share*length))
	to := from + int64(math.Ceil(length))
	if from < whole.From {
		from, to = whole.From, to+whole.From-from
	}
	if to > whole.To {
		from, to = from-(to-whole.To), whole.To
	}
	return Span{max(from, whole.From), to}
}

// Moved reports whether the pointer has been anywhere else since it took hold.
func (d *Drag) Moved() bool { return d.moved }
