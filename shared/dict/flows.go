package dict

import (
	"unsafe"

	"tracelens/shared/trace"
)

// MaxFlows is how many flows there can be in Flows: a number fits two bytes.
const MaxFlows = 1 << 16

// Flows number the flows of a stretch of a trace from 0 on: packets from one address and port to another, over the same protocols.
// The zero value is not ready: use NewFlows. Whoever fills a batch must know that there is room for all its packets to be of new
// flows; whoever takes it resets the flows in time.
type Flows struct {
	ends  *Endpoints
	list  []Flow // by number
	slots []flowSlot
	shift int // of a hash, to an index of slots
	texts texts
}

// A Flow is what its packets have in common. Ends are the numbers of its endpoints, the source's in the upper half; Key is its ports
// and which it has: see FlowKey.
type Flow struct{ Ends, Key uint64 }

// A flowSlot has the flow's number in the lower 16 bits of key. It is free if key is 0. At most half of the slots are taken.
type flowSlot struct{ ends, key uint64 }

const minFlowSlots = 1 << 10

// NewFlows is a dictionary without flows, for flows between ends.
func NewFlows(ends *Endpoints) *Flows {
	return &Flows{ends: ends, slots: make([]flowSlot, minFlowSlots), shift: 64 - 10, texts: newTexts()}
}

// Reset forgets all flows.
func (f *Flows) Reset() {
	clear(f.slots)
	f.list = f.list[:0]
	f.texts.reset()
}

// Len is how many flows there are.
func (f *Flows) Len() int { return len(f.list) }

// At is the flow with the number n, which must have been given.
func (f *Flows) At(n int) Flow { return f.list[n] }

// Endpoints numbers the ends of the flows.
func (f *Flows) Endpoints() *Endpoints { return f.ends }

// Bytes is how much memory the dictionary takes.
func (f *Flows) Bytes() int64 {
	return int64(len(f.slots)+cap(f.list))*16 + int64(len(f.texts.slots))*int64(unsafe.Sizeof(textSlot{}))
}

// FlowKey is the ports of a flow in one word.
func FlowKey(src, dst uint16, bits trace.PortBits) uint64 {
	return uint64(src)<<48 | uint64(dst)<<32 | uint64(bits)<<16 | 1<<31
}

// Ports is what FlowKey was made of.
func (f Flow) Ports() (src, dst uint16, bits trace.PortBits) {
	return uint16(f.Key >> 48), uint16(f.Key >> 32), trace.PortBits(f.Key>>16) & (trace.HasTCP | trace.HasUDP)
}

// Add appends a packet to a batch.
func (f *Flows) Add(b *trace.Batch, p *trace.Packet) {
	src, dst := f.ends.Number(p.Source()), f.ends.Number(p.Destination())
	b.Add(p, f.Number(uint64(src)<<32|uint64(dst), FlowKey(p.Ports())))
}

// Number is the number of a flow.
func (f *Flows) Number(ends, key uint64) uint16 {
	mask := len(f.slots) - 1
	for i := int(hash(ends, key) >> (f.shift & 63)); ; i++ {
		s := &f.slots[i&mask]
		if s.key == 0 {
			n := len(f.list)
			if n == MaxFlows {
				panic("dict: more flows than have numbers")
			}
			*s = flowSlot{ends, key | uint64(n)}
			f.list = append(f.list, Flow{ends, key})
			f.texts.grow(n + 1)
			if len(f.list)*2 > len(f.slots) {
				f.grow()
			}
			return uint16(n)
		}
		if s.ends == ends && (s.key^key)>>16 == 0 {
			return uint16(s.key)
		}
	}
}

func (f *Flows) grow() {
	f.slots = make([]flowSlot, 2*len(f.slots))
	f.shift--
	mask := len(f.slots) - 1
	for n, v := range f.list {
		i := int(hash(v.Ends, v.Key) >> (f.shift & 63))
		for f.slots[i&mask].key != 0 {
			i++
		}
		f.slots[i&mask] = flowSlot{v.Ends, v.Key | uint64(n)}
	}
}
