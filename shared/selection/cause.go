package selection

import (
	"strings"
	"unicode/utf8"
)

// Programs and sites are not in rows: what is known of them lies beside the trace, see trace.Cause. Of many packets nobody knows them, and
// the word none asks for those.

// unattributed stands for no program, or no site, that is known. In quotes it is one that is called so.
const unattributed = "none"

func isUnattributed(word string) bool { return strings.ToLower(word) == unattributed }

// MaxProgram and MaxSite are how many bytes their names have at most.
const (
	MaxProgram = 64
	MaxSite    = 253
	maxLabel   = 63 // of a site, between two dots
)

func (f Field) onCause() bool      { return f == Process || f == Site }
func (f *Filter) onCause() bool    { return f.Field.onCause() }
func (f *fieldWord) onCause() bool { return f.field.onCause() }

// OnCauses reports whether e asks for programs or sites, so that who is behind a packet has to be known.
func (e *Expr) OnCauses() bool {
	if e == nil {
		return false
	}
	for _, a := range e.Args {
		if a.OnCauses() {
			return true
		}
	}
	return e.Op == Is && e.Filter.onCause()
}

// isCause reports whether f, a filter on programs or sites, names one that can be.
func (f *Filter) isCause() bool {
	return f.Text == "" || wrongName(f.Field, f.Text) == nothing && (f.Field == Process || f.Text == strings.ToLower(f.Text))
}

// wrongName is what is wrong with the name of a program or a site.
func wrongName(field Field, name string) faultKind {
	switch {
	case field == Site && !isSite(name):
		return notSite
	case field == Process && len(name) > MaxProgram:
		return longName
	case field == Process && !utf8.ValidString(name):
		return notUTF8
	}
	return nothing
}

// isSite reports whether a name can be a domain's, in letters of either size and without a dot at its end. The last label of none is a number.
func isSite(name string) bool {
	label, digits := 0, true
	for i := range len(name) {
		switch c := name[i]; {
		case c == '.' && label > 0:
			label, digits = 0, true
			continue
		case c >= '0' && c <= '9':
		case c|' ' >= 'a' && c|' ' <= 'z', c == '-', c == '_':
			digits = false
		default:
			return false
		}
		if label++; label > maxLabel {
			return false
		}
	}
	return label > 0 && !digits && len(name) <= MaxSite
}

// isSearch reports whether a word is one of Wireshark's operators that look for a part of a text. Names are compared as a whole.
func isSearch(word string) bool {
	word = strings.ToLower(word)
	return word == "contains" || word == "matches"
}

// cause reads a program or a site.
func (p *parser) cause(f *fieldWord) *Expr {
	t := p.take()
	name := t.text
	switch {
	case t.is == aWord && isUnattributed(name):
		return &Expr{Filter: Filter{Field: f.field}}
	case name == "":
		return p.failAt(t, noName, f)
	case f.field == Site:
		name = strings.TrimSuffix(name, ".")
	case t.is == aWord:
		p.bare, p.after = name, p.now().at
	}
	if wrong := wrongName(f.field, name); wrong != nothing {
		return p.failAt(t, wrong, f)
	}
	if f.field == Site {
		name = strings.ToLower(name)
	}
	return &Expr{Filter: Filter{Field: f.field, Text: name}}
}
