package selection

// A Tree is an expression in which filters that stand beside each other are one: those of one field of which one must hold, or none. A
// list of ports is then a single question to a packet, however long the list.
type Tree struct {
	Op   Op
	Args []*Tree  // Not, And, Or
	Any  []Filter // Is: one of them holds; all are of the same field
}

// Tree is e, which must not be nil, as a tree.
func (e *Expr) Tree() *Tree {
	switch e.Op {
	case Is:
		return &Tree{Any: []Filter{e.Filter}}
	case Not:
		return e.Args[0].Tree().not()
	}
	t := &Tree{Op: e.Op}
	for _, a := range e.flat(e.Op, nil) {
		t.add(a.Tree())
	}
	if len(t.Args) == 1 {
		return t.Args[0]
	}
	return t
}

func (t *Tree) not() *Tree {
	if t.Op == Not {
		return t.Args[0]
	}
	return &Tree{Op: Not, Args: []*Tree{t}}
}

// add adds an argument of And or Or, or what it asks to one that asks the same: a or b is one question, and so is neither a nor b.
func (t *Tree) add(a *Tree) {
	for _, b := range t.Args {
		if to, from := b.question(t.Op), a.question(t.Op); to != nil && from != nil && to.Any[0].Field == from.Any[0].Field {
			to.Any = append(to.Any, from.Any...)
			return
		}
	}
	t.Args = append(t.Args, a)
}

// question is the filters of which one must hold in an argument of Or, or none in one of And; nil if it is something else.
func (t *Tree) question(op Op) *Tree {
	if op == And {
		if t.Op != Not {
			return nil
		}
		t = t.Args[0]
	}
	if t.Op == Is {
		return t
	}
	return nil
}
