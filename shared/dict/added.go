package dict

import (
	"encoding/binary"
	"errors"
	"net/netip"

	"tracelens/shared/trace"
)

// Added is what was added to a store's dictionaries.
type Added struct {
	FirstEndpoint, FirstConversation int // the numbers of the first of each
	Endpoints                        []netip.Addr
	Conversations                    []Conversation
}

// ErrAdded is returned for bytes that are no addition, or not the next one.
var ErrAdded = errors.New("a worker's addresses cannot be read: the page and its workers are of different versions; reload the page")

// Widths of what AppendSince writes.
const (
	headBytes     = 16
	endpointBytes = 17
	convBytes     = 12
)

// AppendSince writes the endpoints and conversations with numbers from those given on as bytes for Decode.
func AppendSince(b []byte, ends *Endpoints, firstEndpoint int, convs *Conversations, firstConversation int) []byte {
	for _, n := range []int{firstEndpoint, ends.Len() - firstEndpoint, firstConversation, convs.Len() - firstConversation} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	for i := firstEndpoint; i < ends.Len(); i++ {
		b = append(b, ends.addrs[i][:]...)
		is4 := byte(0)
		if ends.is4[i] {
			is4 = 1
		}
		b = append(b, is4)
	}
	for _, c := range convs.list[firstConversation:] {
		b = binary.LittleEndian.AppendUint32(b, c.Src)
		b = binary.LittleEndian.AppendUint32(b, c.Dst)
		b = binary.LittleEndian.AppendUint32(b, c.rest())
	}
	return b
}

// Decode reads what AppendSince wrote.
func Decode(b []byte) (a Added, err error) {
	if len(b) < headBytes {
		return a, ErrAdded
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint32(b[4*i:])) }
	a.FirstEndpoint, a.FirstConversation = word(0), word(2)
	ends, convs := word(1), word(3)
	if len(b) != headBytes+ends*endpointBytes+convs*convBytes {
		return a, ErrAdded
	}
	b = b[headBytes:]
	a.Endpoints = make([]netip.Addr, ends)
	for i := range a.Endpoints {
		addr := netip.AddrFrom16([16]byte(b[:16]))
		if b[16] == 1 {
			addr = addr.Unmap()
		}
		a.Endpoints[i], b = addr, b[endpointBytes:]
	}
	a.Conversations = make([]Conversation, convs)
	for i := range a.Conversations {
		c := conversation(uint64(binary.LittleEndian.Uint32(b))<<32|uint64(binary.LittleEndian.Uint32(b[4:])), binary.LittleEndian.Uint32(b[8:]))
		a.Conversations[i], b = c, b[convBytes:]
	}
	return a, nil
}

// rest is what of a conversation is not its ends, in one word.
func (c *Conversation) rest() uint32 {
	return uint32(c.Port) | uint32(c.Ports)<<16 | uint32(c.Kind)<<24
}

func conversation(ends uint64, rest uint32) Conversation {
	return Conversation{Src: uint32(ends >> 32), Dst: uint32(ends), Port: uint16(rest), Ports: trace.PortBits(rest >> 16), Kind: Kind(rest >> 24)}
}
