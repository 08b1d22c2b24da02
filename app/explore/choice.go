// Package explore is what a person does with a trace: choose a stretch of time, a range of lengths and a filter, zoom, go back. It
// is plain Go without a browser; package ui draws it and tells it what pointer and keyboard do.
package explore

import (
	"tracelens/app/engine"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A Choice is which packets are looked at. The zero Choice is the whole trace.
type Choice struct {
	Time    Span // unix seconds
	Lengths Span // bytes; To is not included
	Filter  *selection.Expr
	Text    string // of the filter, as the user typed it
}

// A Span is from From on and before To. The zero Span is everything.
type Span struct{ From, To int64 }

// Any reports whether the span is everything.
func (s Span) Any() bool { return s.From == 0 && s.To == 0 }

// Within is the part of s that is in o, o itself for everything. It is empty, but not the zero Span, if they do not touch.
func (s Span) Within(o Span) Span {
	if s.Any() {
		return o
	}
	s.From, s.To = max(s.From, o.From), min(s.To, o.To)
	return s
}

// Everything reports whether c is the whole trace.
func (c *Choice) Everything() bool { return c.Time.Any() && c.Lengths.Any() && c.Filter == nil }

// Same reports whether two choices are of the same packets in the same words.
func (c *Choice) Same(o *Choice) bool {
	return c.Time == o.Time && c.Lengths == o.Lengths && c.Text == o.Text && c.Filter.Text() == o.Filter.Text()
}

// Selection is the choice for the engine.
func (c *Choice) Selection() selection.Selection {
	return of(c.Time, selection.All(c.Filter, lengths(c.Lengths)))
}

func of(times Span, where *selection.Expr) selection.Selection {
	return selection.Selection{FromNS: times.From * trace.Second, ToNS: times.To * trace.Second, Where: where}
}

// lengths is a range of lengths as a term of a filter.
func lengths(s Span) *selection.Expr {
	if s.Any() {
		return nil
	}
	return &selection.Expr{Filter: selection.Filter{Field: selection.Length, Min: uint32(s.From), Max: uint32(s.To - 1)}}
}

// Questions are the selections of which the page needs figures to show c, beside the whole trace: view is what the chart by the minute
// shows, everything or a part of the trace, whose figures are wished by the second if close. What is the same as others is not asked twice: it is not
// in the map.
func (c *Choice) Questions(view Span, close bool) map[engine.Of]selection.Selection {
	m := map[engine.Of]selection.Selection{}
	if c.Everything() && !close {
		return m
	}
	others := selection.All(c.Filter, lengths(c.Lengths))
	if !c.Everything() {
		m[engine.Selection] = c.Selection()
	}
	if others != nil && !c.Time.Any() {
		m[engine.Times] = of(Span{}, others)
	}
	if close {
		m[engine.NearWhole] = of(view, nil)
		if others != nil {
			m[engine.Near] = of(view, others)
		}
	}
	if !c.Lengths.Any() && (!c.Time.Any() || c.Filter != nil) {
		m[engine.Sizes] = of(c.Time, c.Filter)
	}
	return m
}
