package explore

// A History is the choices that were made of one trace, oldest first, for going back and forward among them.
type History struct {
	list []Choice
	at   int
}

// Now is the choice at hand.
func (h *History) Now() Choice {
	if len(h.list) == 0 {
		return Choice{}
	}
	return h.list[h.at]
}

// Add makes c the choice at hand, and forgets those that had been gone back from. It returns its number, and false if c is what it was already.
func (h *History) Add(c Choice) (n int, changed bool) {
	if len(h.list) == 0 {
		h.list = []Choice{{}}
	}
	if h.list[h.at].Same(&c) {
		return h.at, false
	}
	h.list = append(h.list[:h.at+1], c)
	h.at++
	return h.at, true
}

// Go makes the choice with a number the one at hand. There may be none, of a trace that is gone: then it stays.
func (h *History) Go(n int) bool {
	if n < 0 || n >= len(h.list) || n == h.at {
		return false
	}
	h.at = n
	return true
}
