package called

import (
	"bytes"
	"math"
	"net/netip"
)

// A Book is what addresses were called, and which programs had which ports, and when. The zero Book is empty.
type Book struct {
	hosts    map[netip.Addr]History
	programs map[portOf]History
	own      map[netip.Addr]bool // addresses of such ports
	texts    map[string]string   // each text once
	sayings  int                 // in all histories
	changes  []Change            // the last ones
	before   int                 // how many there were before these
}

// A Change is what something new has been said of: the names of an address, or the programs of one of its ports.
type Change struct {
	Address netip.Addr
	Port    uint16 // of a program
	Program bool
}

// maxChanges is how many a Book remembers.
const maxChanges = 1 << 14

// A portOf is what a program has.
type portOf struct {
	end  netip.AddrPort
	kind Kind
}

// MaxAddresses and MaxPorts are how many a Book has room for, and maxEach for how many sayings of one: of more, the oldest are forgotten. A
// program that has a port says so once an hour.
const (
	MaxAddresses = 1 << 18
	MaxPorts     = 1 << 18
	maxEach      = 64
	maxSayings   = 1 << 21
)

// Add notes a name. They may come in any order. It is lost if there is no room for another address, or port.
func (b *Book) Add(n Name) {
	if b.sayings >= maxSayings {
		return
	}
	if b.hosts == nil {
		b.hosts, b.programs, b.own, b.texts = map[netip.Addr]History{}, map[portOf]History{}, map[netip.Addr]bool{}, map[string]string{}
	}
	if n.Kind.OfPort() {
		had := b.own[n.Address]
		b.own[n.Address] = true
		add(b, b.programs, portOf{netip.AddrPortFrom(n.Address, n.Port), n.Kind}, n, MaxPorts, Change{n.Address, n.Port, had})
	} else {
		add(b, b.hosts, n.Address, n, MaxAddresses, Change{Address: n.Address})
	}
}

func add[K comparable](b *Book, to map[K]History, of K, n Name, most int, change Change) {
	before, known := to[of]
	if !known && len(to) >= most {
		return
	}
	h, new := before.add(Saying{n.TimeNS, b.once(n.Text)}, maxEach)
	if !new {
		return
	}
	to[of] = h
	b.sayings += len(h) - len(before)
	if len(b.changes) == maxChanges {
		b.before += len(b.changes)
		b.changes = b.changes[:0]
	}
	b.changes = append(b.changes, change)
}

// once is a text that is kept once however often it is said.
func (b *Book) once(text string) string {
	if known, ok := b.texts[text]; ok {
		return known
	}
	b.texts[text] = text
	return text
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

// AppendLines appends all that has been said, as lines for hour 0; of which kind the names of hosts were has been forgotten.
func (b *Book) AppendLines(to []byte) []byte {
	for a, h := range b.hosts {
		for _, s := range h {
			to = AppendLine(to, 0, Name{TimeNS: s.TimeNS, Address: a, Kind: Hosts, Text: s.Text})
		}
	}
	for of, h := range b.programs {
		for _, s := range h {
			to = AppendLine(to, 0, Name{TimeNS: s.TimeNS, Address: of.end.Addr(), Port: of.end.Port(), Kind: of.kind, Text: s.Text})
		}
	}
	return to
}

// Empty reports whether nothing has been said.
func (b *Book) Empty() bool { return b.Changes() == 0 }

// Changes is how often something new has been said.
func (b *Book) Changes() int { return b.before + len(b.changes) }

// Since is what has been said since there were n changes, valid until the next Add; ok is false if the book does not remember all of it.
func (b *Book) Since(n int) (list []Change, ok bool) {
	if n < b.before {
		return nil, false
	}
	return b.changes[n-b.before:], true
}

// Of is what an address, as text, was called last before a time; if nobody had said it by then, what it was called first; or "".
func (b *Book) Of(address string, beforeNS int64) string {
	if len(b.hosts) == 0 {
		return ""
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	h := b.hosts[a]
	if len(h) == 0 {
		return ""
	}
	return h[max(h.Before(beforeNS), 0)].Text
}

// Host is what an address was called.
func (b *Book) Host(a netip.Addr) History { return b.hosts[a] }

// Program is which programs had a port, of kind TCP or UDP.
func (b *Book) Program(kind Kind, end netip.AddrPort) History { return b.programs[portOf{end, kind}] }

// HasPorts reports whether any program had a port of an address.
func (b *Book) HasPorts(a netip.Addr) bool { return b.own[a] }

// Programs reports whether there are programs in the book.
func (b *Book) Programs() bool { return len(b.programs) > 0 }

// Always is a time after every other.
const Always = math.MaxInt64
