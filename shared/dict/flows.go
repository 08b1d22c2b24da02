package dict

import "tracelens/shared/trace"

// MaxFlows is how many flows there can be in Flows: a number fits two bytes.
const MaxFlows = 1 << 16

// Flows number the flows of a stretch of a trace from 0 on: packets from one address and port to another, over the same protocols.
// The zero value is not ready: use NewFlows.
type Flows struct {
	slots []flowSlot // at most half full
	shift int        // of a hash, to an index of slots
	n     int
}

// A flowSlot has the flow's number in the lower 16 bits of key. It is free if key is 0.
type flowSlot struct{ ends, key uint64 }

const minFlowSlots = 1 << 10

// NewFlows is a dictionary without flows.
func NewFlows() *Flows {
	return &Flows{slots: make([]flowSlot, minFlowSlots), shift: 64 - 10}
}

// Reset forgets all flows.
func (f *Flows) Reset() {
	clear(f.slots)
	f.n = 0
}

// Len is how many flows there are.
func (f *Flows) Len() int { return f.n }

// Bytes is how much memory the dictionary takes.
func (f *Flows) Bytes() int64 { return int64(len(f.slots)) * 16 }

// FlowKey is the ports of a flow as Guess and Find want them. The numbers of its ends go beside it, the source's in the upper half.
func FlowKey(src, dst uint16, bits trace.PortBits) uint64 {
	return uint64(src)<<48 | uint64(dst)<<32 | uint64(bits)<<16 | 1<<31
}

// Guess is the number of a flow where that takes a single look, otherwise -1. It is for inlining: a call costs as much as the look.
func (f *Flows) Guess(ends, key uint64) int {
	if s := &f.slots[hash(ends, key)>>(f.shift&63)]; s.ends == ends && (s.key^key)>>16 == 0 {
		return int(s.key & (MaxFlows - 1))
	}
	return -1
}

// Find is the number of a flow, which may be new: then it is Len less one. At most limit flows get a number; for another one, it is -1.
func (f *Flows) Find(ends, key uint64, limit int) (number int, isNew bool) {
	mask := len(f.slots) - 1
	for i := int(hash(ends, key) >> (f.shift & 63)); ; i++ {
		s := &f.slots[i&mask]
		if s.key == 0 {
			if f.n >= limit {
				return -1, false
			}
			*s = flowSlot{ends, key | uint64(f.n)}
			f.n++
			if f.n*2 > len(f.slots) {
				f.grow()
			}
			return f.n - 1, true
		}
		if s.ends == ends && (s.key^key)>>16 == 0 {
			return int(s.key & (MaxFlows - 1)), false
		}
	}
}

func (f *Flows) grow() {
	old := f.slots
	f.slots = make([]flowSlot, 2*len(old))
	f.shift--
	mask := len(f.slots) - 1
	for _, s := range old {
		if s.key == 0 {
			continue
		}
		i := int(hash(s.ends, s.key&^(MaxFlows-1)) >> (f.shift & 63))
		for f.slots[i&mask].key != 0 {
			i++
		}
		f.slots[i&mask] = s
	}
}
