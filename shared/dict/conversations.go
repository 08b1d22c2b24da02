package dict

import "tracelens/shared/trace"

// A Conversation is what many packets have in common: who sent it to whom, over which protocol, and the lower of its two ports,
// which is nearly always the service's. The other port differs from one connection to the next and is kept with each packet.
type Conversation struct {
	Src, Dst uint32 // numbers of endpoints, 0 for none
	Port     uint16 // the lower port, or the only one
	Ports    trace.PortBits
	Kind     Kind
}

// Kind says where a conversation's port stands and whether its packets have another one.
type Kind uint8

const (
	NoPort    Kind = iota + 1 // no conversation is all zeros, as a free slot is
	OnePort                   // one port, or the same at both ends: no other is to be counted
	LowSource                 // Port is the source's, the other one the destination's
	LowDestination
)

// Conversations numbers conversations. The zero value is not ready: use NewConversations.
type Conversations struct {
	list  []Conversation // by number
	slots []convSlot     // at most half full
	shift int            // of a hash, to an index of slots
}

// A convSlot is free while its number is 0. Port, Ports and Kind are in one word.
type convSlot struct {
	ends   uint64
	rest   uint32
	number uint32
}

// NewConversations is a dictionary without conversations.
func NewConversations() *Conversations {
	return &Conversations{list: make([]Conversation, 1), slots: make([]convSlot, 256), shift: 64 - 8}
}

// Len is one more than the highest number given.
func (c *Conversations) Len() int { return len(c.list) }

// Bytes is about how much memory the dictionary takes.
func (c *Conversations) Bytes() int64 { return int64(cap(c.list))*16 + int64(len(c.slots))*16 }

// At is the conversation with the number n, which must have been given.
func (c *Conversations) At(n uint32) Conversation { return c.list[n] }

// Number is the number of a conversation.
func (c *Conversations) Number(v Conversation) uint32 {
	return c.Find(uint64(v.Src)<<32|uint64(v.Dst), v.rest())
}

// Find is Number for a conversation in two words: Src and Dst, then Port, Ports and Kind, Src in the upper
// half of ends and Port in the lower half of rest.
func (c *Conversations) Find(ends uint64, rest uint32) uint32 {
	mask := len(c.slots) - 1
	for i := c.at(ends, rest); ; i++ {
		s := &c.slots[i&mask]
		if s.ends == ends && s.rest == rest && s.number != 0 {
			return s.number
		}
		if s.number == 0 {
			return c.add(s, ends, rest)
		}
	}
}

func (c *Conversations) at(ends uint64, rest uint32) int {
	return int(hash(ends, uint64(rest)) >> (c.shift & 63))
}

func (c *Conversations) add(s *convSlot, ends uint64, rest uint32) uint32 {
	n := uint32(len(c.list))
	*s = convSlot{ends, rest, n}
	c.list = append(c.list, conversation(ends, rest))
	if len(c.list)*4 > len(c.slots)*3 {
		c.grow()
	}
	return n
}

// grow puts the conversations into more slots, in the order of first sight: what is frequent comes early, and so into the first slot
// that is looked at.
func (c *Conversations) grow() {
	c.slots = make([]convSlot, 2*len(c.slots))
	c.shift--
	mask := len(c.slots) - 1
	for n := 1; n < len(c.list); n++ {
		v := &c.list[n]
		s := convSlot{uint64(v.Src)<<32 | uint64(v.Dst), v.rest(), uint32(n)}
		i := c.at(s.ends, s.rest)
		for c.slots[i&mask].number != 0 {
			i++
		}
		c.slots[i&mask] = s
	}
}
