package dict

import (
	"math/rand/v2"
	"unsafe"
)

// A FlowText is what a file writes of a flow: the cells of its addresses and ports and the commas after them. It is told by its size and
// its first and last bytes. Two IPv4 addresses and two ports take 24 to 46 bytes, but for the shortest without ports; what is shorter or
// longer is not remembered.
type FlowText struct {
	Front, Back *[HalfText]byte
	Size        uint64
}

// HalfText is how many bytes at either end tell a FlowText.
const HalfText = 24

// texts remember the flows of late by their texts: of real captures nine rows of ten are of a flow that has been seen just before. There
// are not very many slots, as they should stay in the processor's cache; whose slot another flow takes is forgotten. There get to be more
// where very many flows have packets at a time, which shows in how often one comes back that was forgotten.
type texts struct {
	slots  []textSlot
	shift  int // of a hash, to an index of slots
	missed int // how often a flow has come back that was forgotten
}

const (
	minTexts   = 1 << 8
	usualTexts = 1 << 12 // a quarter of a megabyte
	maxTexts   = 1 << 14

	// manyMissed is about three of a hundred packets of a segment: each takes six times as long as one whose text is known, and with
	// twice the slots there would be half of them.
	manyMissed = 1 << 13
)

// A textSlot is the size of a cache's line. It is free if its size is 0.
type textSlot struct {
	front, back half
	size        uint64
	number      uint64
}

func newTexts() texts { return texts{slots: make([]textSlot, minTexts), shift: 64 - 8} }

// reset forgets all texts, and makes more room if there was too little.
func (x *texts) reset() {
	if x.missed > manyMissed && len(x.slots) < maxTexts {
		x.double()
	}
	clear(x.slots)
	x.missed = 0
}

// grow makes room for the texts of n flows.
func (x *texts) grow(n int) {
	for len(x.slots) < min(2*n, usualTexts) {
		x.double()
	}
}

func (x *texts) double() {
	old := x.slots
	x.slots = make([]textSlot, 2*len(old))
	x.shift--
	for i := range old {
		*x.slot(&old[i].front, &old[i].back) = old[i]
	}
}

var seedC = rand.Uint64() | 1

type half = [HalfText / 8]uint64

func (t FlowText) words() (front, back *half) {
	return (*half)(unsafe.Pointer(t.Front)), (*half)(unsafe.Pointer(t.Back))
}

// slot is where a text is remembered, if it is.
func (x *texts) slot(front, back *half) *textSlot {
	h := (front[0]+front[1]+back[0])*seedA + (front[2]+back[1]+back[2])*seedC
	return (*textSlot)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(x.slots)), h>>(x.shift&63)*uint64(unsafe.Sizeof(textSlot{}))))
}

// A Known is what is remembered where a flow with some text would be. Its methods have no branches, for those who have more to find out
// before they take one, and are for inlining: there is one of each for every row.
type Known struct{ slot *textSlot }

// Known is what is remembered of a text: another one's flow, if OtherFront or OtherBack says so.
func (f *Flows) Known(t FlowText) Known {
	a, b := t.words()
	return Known{f.texts.slot(a, b)}
}

// OtherFront and OtherBack are both 0 if the flow is that of the text t. Otherwise t is not remembered, and may be any bytes.
func (k Known) OtherFront(t FlowText) uint64 {
	s, a := &k.slot.front, (*half)(unsafe.Pointer(t.Front))
	return (s[0] ^ a[0]) | (s[1] ^ a[1]) | (s[2] ^ a[2])
}

// OtherBack is the other part of OtherFront.
func (k Known) OtherBack(t FlowText) uint64 {
	s, b := &k.slot.back, (*half)(unsafe.Pointer(t.Back))
	return (s[0] ^ b[0]) | (s[1] ^ b[1]) | (s[2] ^ b[2]) | (k.slot.size ^ t.Size)
}

// Number is the number of the flow.
func (k Known) Number() uint16 { return uint16(k.slot.number) }

// Learn remembers the text of the flow with a number, which Number has just given. The text must have one meaning only.
func (f *Flows) Learn(t FlowText, number uint16) {
	if t.Size < HalfText || t.Size > 2*HalfText {
		return
	}
	if int(number) < len(f.list)-1 { // it is not new
		f.texts.missed++
	}
	a, b := t.words()
	*f.texts.slot(a, b) = textSlot{*a, *b, t.Size, uint64(number)}
}
