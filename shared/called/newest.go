package called

import (
	"bytes"
	"net/netip"
)

// A Book is what addresses were called last. The zero Book is empty.
type Book struct {
	last map[netip.Addr]Name
}

// MaxAddresses is how many addresses a Book has room for.
const MaxAddresses = 1 << 18

// Add notes a name, unless the address is called otherwise by a later one. It is lost if there is no room.
func (b *Book) Add(n Name) {
	was, known := b.last[n.Address]
	if known && (was.TimeNS > n.TimeNS || was.TimeNS == n.TimeNS && was.Text >= n.Text) || !known && len(b.last) >= MaxAddresses {
		return
	}
	if b.last == nil {
		b.last = map[netip.Addr]Name{}
	}
	b.last[n.Address] = n
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

// Of is what an address, as text, was called last, or "".
func (b *Book) Of(address string) string {
	if len(b.last) == 0 {
		return ""
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	return b.last[a].Text
}
