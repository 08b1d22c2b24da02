package names

import (
	"bytes"
	"net/netip"

	"golang.org/x/net/dns/dnsmessage"
)

// Bounds on what one message can make us do. Real messages have one question, and rarely five aliases.
const (
	maxQuestions = 4
	maxAliases   = 16
)

// answers is the memory for reading a message, used again for the next one.
type answers struct {
	aliases []alias // CNAME records
	called  []alias // names that a question leads to, and the question's
	last    alias   // of the last record: records of one name follow each other
}

// An alias says that a name stands for another one. Both are in lower case.
type alias struct {
	name, stands dnsmessage.Name
}

const headerDNS = 12

// addDNS finds the addresses in a DNS message: in a response without error, those of answers and of additional records. One that is
// damaged, or was not captured whole, gives those before the damage.
func (f *Finder) addDNS(b []byte, kind Kind) {
	const response, opcode, rcode = 0x80, 0x78, 0x0f
	if len(b) < headerDNS || b[2]&(response|opcode) != response || b[3]&rcode != 0 || be.Uint16(b[6:])|be.Uint16(b[10:]) == 0 {
		return
	}
	var p dnsmessage.Parser
	if _, err := p.Start(b); err != nil {
		return
	}
	f.dns.called, f.dns.last = f.dns.called[:0], alias{}
	if kind == DNS { // mDNS has no questions in its answers
		f.dns.follow(p) // a copy, which leaves p where it is
	}
	if p.SkipAllQuestions() != nil {
		return
	}
	for {
		h, err := p.AnswerHeader()
		if err == dnsmessage.ErrSectionDone {
			break
		}
		if err != nil || !f.record(&p, &h, kind, p.SkipAnswer) {
			return
		}
	}
	if p.SkipAllAuthorities() != nil {
		return
	}
	for {
		h, err := p.AdditionalHeader()
		if err != nil || !f.record(&p, &h, kind, p.SkipAdditional) {
			return
		}
	}
}

// record reads one record, whatever section it is in.
func (f *Finder) record(p *dnsmessage.Parser, h *dnsmessage.ResourceHeader, kind Kind, skip func() error) bool {
	class := h.Class
	if kind == MDNS {
		class &^= 1 << 15 // "forget what you knew"
	}
	switch {
	case class != dnsmessage.ClassINET:
	case h.Type == dnsmessage.TypeA && h.Length == 4:
		r, err := p.AResource()
		if err == nil {
			f.answer(netip.AddrFrom4(r.A), kind, f.dns.question(&h.Name))
		}
		return err == nil
	case h.Type == dnsmessage.TypeAAAA && h.Length == 16:
		r, err := p.AAAAResource()
		if err == nil {
			f.answer(netip.AddrFrom16(r.AAAA).Unmap(), kind, f.dns.question(&h.Name)) // packets have IPv4 addresses plain
		}
		return err == nil
	}
	return skip() == nil
}

// follow notes all names that the questions lead to through CNAME records, which may be in any order.
func (a *answers) follow(p dnsmessage.Parser) {
	a.aliases = a.aliases[:0]
	for {
		q, err := p.Question()
		if err == dnsmessage.ErrSectionDone {
			break
		}
		if err != nil {
			return
		}
		if len(a.called) < maxQuestions {
			lower(&q.Name)
			a.called = append(a.called, alias{q.Name, q.Name})
		}
	}
	for len(a.aliases) < maxAliases {
		h, err := p.AnswerHeader()
		if err != nil {
			break
		}
		if h.Type != dnsmessage.TypeCNAME {
			if p.SkipAnswer() != nil {
				break
			}
			continue
		}
		r, err := p.CNAMEResource()
		if err != nil {
			break
		}
		lower(&h.Name)
		lower(&r.CNAME)
		a.aliases = append(a.aliases, alias{h.Name, r.CNAME})
	}
	for _, question := range a.called {
		at := question.name
		for range a.aliases { // so that a loop ends, too
			next := find(a.aliases, &at)
			if next == nil {
				break
			}
			at = next.stands
			a.called = append(a.called, alias{at, question.name})
		}
	}
}

// question is the name that was asked for when a record's owner was the answer: the owner's own if nobody asked.
func (a *answers) question(owner *dnsmessage.Name) []byte {
	lower(owner)
	if !same(&a.last.name, owner) {
		a.last = alias{*owner, *owner}
		if called := find(a.called, owner); called != nil {
			a.last.stands = called.stands
		}
	}
	return a.last.stands.Data[:a.last.stands.Length]
}

func find(list []alias, name *dnsmessage.Name) *alias {
	for i := range list {
		if same(&list[i].name, name) {
			return &list[i]
		}
	}
	return nil
}

func same(a, b *dnsmessage.Name) bool {
	return bytes.Equal(a.Data[:a.Length], b.Data[:b.Length])
}

func lower(n *dnsmessage.Name) {
	for i, c := range n.Data[:n.Length] {
		if 'A' <= c && c <= 'Z' {
			n.Data[i] = c + 'a' - 'A'
		}
	}
}

// messages reads DNS messages as they are in TCP: each after its length. used is how many bytes the whole ones take.
func (f *Finder) messages(b []byte) (used int, v verdict) {
	for {
		rest := b[used:]
		if !plausible(rest) {
			return used, done
		}
		if len(rest) < 2 {
			return used, more
		}
		n := 2 + int(be.Uint16(rest))
		if len(rest) < n {
			if n > maxStream && len(rest) >= maxStream { // it will not become whole
				f.addDNS(rest[2:], DNS)
				return used, done
			}
			return used, more
		}
		f.addDNS(rest[2:n], DNS)
		used += n
	}
}

// plausible reports whether b may be the beginning of a response in TCP, rather than what comes later in one whose beginning was missed.
func plausible(b []byte) bool {
	const response, opcode = 0x80, 0x78
	switch {
	case len(b) >= 8 && be.Uint16(b[6:]) > maxQuestions:
		return false
	case len(b) >= 5 && b[4]&(response|opcode) != response:
		return false
	case len(b) >= 2 && be.Uint16(b) < headerDNS:
		return false
	}
	return len(b) > 0
}
