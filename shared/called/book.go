package called

import (
	"bytes"
	"cmp"
	"math"
	"net/netip"
	"slices"
)

// A Book is what addresses were called, and when. The zero Book is empty.
type Book struct {
	names map[netip.Addr][]Name // by time; one name twice in a row is there once, as it was said first
}

// MaxAddresses is how many addresses a Book has room for, and maxEach for how many changes of one: of more, the oldest are forgotten.
const (
	MaxAddresses = 1 << 18
	maxEach      = 32
)

// Add notes a name. They may come in any order; but what an address was called already is not noted again, so that of one that goes back to a
// name and was called otherwise in between, which is heard of last, the going back is forgotten. It is lost if there is no room for another
// address.
func (b *Book) Add(n Name) {
	list, known := b.names[n.Address]
	if !known && len(b.names) >= MaxAddresses {
		return
	}
	at, _ := slices.BinarySearchFunc(list, n, func(a, b Name) int {
		return cmp.Or(cmp.Compare(a.TimeNS, b.TimeNS), cmp.Compare(a.Text, b.Text))
	})
	if at > 0 && list[at-1].Text == n.Text {
		return // it was called so already
	}
	if at < len(list) && list[at].Text == n.Text {
		list[at].TimeNS = n.TimeNS // and earlier than was known
		return
	}
	if list = slices.Insert(list, at, n); len(list) > maxEach {
		list = slices.Delete(list, 0, 1)
	}
	if b.names == nil {
		b.names = map[netip.Addr][]Name{}
	}
	b.names[n.Address] = list
}

// AddLines adds the names in lines of a file of an hour, and says how many of the lines are none. A header is not counted.
func (b *Book) AddLines(lines []byte, hour int64) (bad int) {
	for len(lines) > 0 {
		line, rest, _ := bytes.Cut(lines, []byte{'\n'})
		lines = rest
		if n, ok := ParseLine(line, hour); ok {
			b.Add(n)
		} else if string(bytes.TrimRight(line, "\r")) != Header && len(line) > 0 {
			bad++
		}
	}
	return bad
}

// Empty reports whether nobody is called anything.
func (b *Book) Empty() bool { return len(b.names) == 0 }

// Of is what an address, as text, was called last before a time; if nobody had said it by then, what it was called first; or "".
func (b *Book) Of(address string, beforeNS int64) string {
	if len(b.names) == 0 {
		return ""
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	list := b.names[a]
	if len(list) == 0 {
		return ""
	}
	at, _ := slices.BinarySearchFunc(list, beforeNS, func(n Name, before int64) int { return cmp.Compare(n.TimeNS, before) })
	return list[max(at-1, 0)].Text
}

// Always is a time after every other.
const Always = math.MaxInt64
