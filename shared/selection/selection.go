// Package selection says which packets of a trace are looked at: a range of time, and an expression that must hold.
//
//	text -> ParseFilter -> Expr -> Text         the language people type: Wireshark's, with some short words
//	Selection -> Code -> Parse -> Selection     from the page to its workers
//
// It is the vocabulary between what the user does (drag over a chart, click an address, type a filter) and what the store counts. The
// zero Selection is the whole trace.
package selection

import (
	"errors"

	"tracelens/shared/trace"
)

// A Selection is the packets of [FromNS, ToNS), or of all times if both are 0, for which Where holds, or all of them if it is nil.
type Selection struct {
	FromNS, ToNS int64 // as in trace.Packet
	Where        *Expr
}

// Everything reports whether the selection is the whole trace.
func (s *Selection) Everything() bool { return !s.Ranged() && s.Where == nil }

// Ranged reports whether the selection is a range of time.
func (s *Selection) Ranged() bool { return s.FromNS != 0 || s.ToNS != 0 }

// Holds reports whether p, which c is behind, is one of the packets.
func (s *Selection) Holds(p *trace.Packet, c trace.Cause) bool {
	return (!s.Ranged() || p.TimeNS >= s.FromNS && p.TimeNS < s.ToNS) && s.Where.Holds(p, c)
}

// Text is Where as Wireshark's display filter would say it; "" for none.
func (s *Selection) Text() string { return s.Where.Text() }

// Check says what is wrong with a selection, in words.
func (s *Selection) Check() error {
	if s.Ranged() && s.FromNS >= s.ToNS {
		return errors.New("the selection ends before it begins")
	}
	return s.Where.Check()
}
