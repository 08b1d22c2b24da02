package capture

import (
	"slices"

	"golang.org/x/net/bpf"

	"tracelens/shared/frame"
)

// Packets that may carry names are captured with more of their bytes than others, which need no more than headers. The kernel decides, by a
// program that runs before the user's filter and never refuses a packet itself:
//
//	promising? -- yes --> the user's filter, which accepts with nameBytes
//	     |
//	     no ------------> the user's filter, which accepts with snapLen bytes
//
// A filter that loads a byte which is not there refuses the packet, so nothing is loaded here that the length does not prove to be there.

// nameBytes is enough of a packet that carries names: of a ClientHello with keys against quantum computers, or a DNS answer.
const nameBytes = 4096

// network is where the network header begins in a frame of a link type, and where the type of it is told; etherType < 0 where the header's
// first bits do.
func network(link frame.LinkType) (offset uint32, etherType int, ok bool) {
	switch link {
	case frame.Ethernet:
		return 14, 12, true
	case frame.LinuxCooked:
		return 16, 14, true
	case frame.LinuxCookedV2:
		return 20, 0, true
	case frame.Raw, frame.RawDLT, frame.RawOpenBSD, frame.IPv4, frame.IPv6:
		return 0, -1, true
	case frame.Null, frame.Loop:
		return 4, -1, true
	}
	return 0, 0, false
}

// Labels of the program below.
const (
	toNext = 255 - iota // the next instruction
	toNo                // it is not promising
	toYes
	toSix
	toUDP
	toTCP
)

// A step is an instruction with labels for where it goes on, of which one may stand at it.
type step struct {
	bpf.Instruction
	yes, no uint8 // of a JumpIf
	at      uint8 // its own label, or 0
}

// promising are the steps that find out whether a frame is worth more bytes.
func promising(link frame.LinkType) []step {
	l, etherType, ok := network(link)
	if !ok {
		return nil
	}
	var steps []step
	add := func(i bpf.Instruction) { steps = append(steps, step{Instruction: i}) }
	test := func(cond bpf.JumpTest, value uint32, yes, no uint8) {
		steps = append(steps, step{bpf.JumpIf{Cond: cond, Val: value}, yes, no, 0})
	}
	label := func(at uint8, i bpf.Instruction) { steps = append(steps, step{Instruction: i, at: at}) }
	// enough goes on if the frame has so many bytes after offset l+X.
	enough := func(bytes uint32) {
		add(bpf.LoadExtension{Num: bpf.ExtLen})
		add(bpf.ALUOpX{Op: bpf.ALUOpSub}) // X is at most 120
		test(bpf.JumpGreaterOrEqual, l+bytes, toNext, toNo)
	}

	add(bpf.LoadExtension{Num: bpf.ExtLen})
	test(bpf.JumpGreaterOrEqual, l+140, toNext, toNo) // shorter ones lie within the usual length, and X cannot be larger than the frame
	if etherType >= 0 {
		add(bpf.LoadAbsolute{Off: uint32(etherType), Size: 2})
		test(bpf.JumpEqual, 0x86dd, toSix, toNext)
		test(bpf.JumpEqual, 0x0800, toNext, toNo)
	} else {
		add(bpf.LoadAbsolute{Off: l, Size: 1})
		add(bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xf0})
		test(bpf.JumpEqual, 0x60, toSix, toNext)
		test(bpf.JumpEqual, 0x40, toNext, toNo)
	}
	add(bpf.LoadAbsolute{Off: l + 6, Size: 2})
	test(bpf.JumpBitsSet, 0x1fff, toNo, toNext) // a later fragment
	add(bpf.LoadMemShift{Off: l})
	add(bpf.LoadAbsolute{Off: l + 9, Size: 1})
	test(bpf.JumpEqual, 17, toUDP, toNext)
	test(bpf.JumpEqual, 6, toTCP, toNo)

	label(toSix, bpf.LoadConstant{Dst: bpf.RegX, Val: 40})
	add(bpf.LoadAbsolute{Off: l + 6, Size: 1})
	test(bpf.JumpEqual, 17, toUDP, toNext)
	test(bpf.JumpEqual, 6, toTCP, toNo)

	// UDP: DNS, mDNS and DHCP by their ports, and QUIC's long header.
	label(toUDP, bpf.LoadExtension{Num: bpf.ExtLen})
	add(bpf.ALUOpX{Op: bpf.ALUOpSub})
	test(bpf.JumpGreaterOrEqual, l+16, toNext, toNo)
	for _, at := range []uint32{0, 2} {
		add(bpf.LoadIndirect{Off: l + at, Size: 2})
		for _, port := range []uint32{53, 5353, 67, 68} {
			test(bpf.JumpEqual, port, toYes, toNext)
		}
	}
	add(bpf.LoadIndirect{Off: l + 8, Size: 1})
	add(bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xc0})
	test(bpf.JumpEqual, 0xc0, toYes, toNo)

	// TCP: DNS, and what clients send to the ports of the web, of which a ClientHello may be in several pieces; and whatever begins like one, or
	// like a request.
	label(toTCP, bpf.LoadExtension{Num: bpf.ExtLen})
	add(bpf.ALUOpX{Op: bpf.ALUOpSub})
	test(bpf.JumpGreaterOrEqual, l+28, toNext, toNo)
	add(bpf.LoadIndirect{Off: l, Size: 2})
	test(bpf.JumpEqual, 53, toYes, toNext)
	add(bpf.LoadIndirect{Off: l + 2, Size: 2})
	for _, port := range []uint32{53, 443, 853, 8443} {
		test(bpf.JumpEqual, port, toYes, toNext)
	}
	add(bpf.LoadIndirect{Off: l + 12, Size: 1})
	add(bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xf0})
	add(bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 2})
	add(bpf.ALUOpX{Op: bpf.ALUOpAdd})
	add(bpf.TAX{})
	enough(4)
	add(bpf.LoadIndirect{Off: l, Size: 4})
	for _, word := range []string{"GET ", "POST", "HEAD", "PUT ", "DELE", "OPTI", "PATC"} {
		test(bpf.JumpEqual, uint32(word[0])<<24|uint32(word[1])<<16|uint32(word[2])<<8|uint32(word[3]), toYes, toNext)
	}
	add(bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 16})
	test(bpf.JumpEqual, 0x1603, toYes, toNo)
	return steps
}

// withNames is the user's filter with more bytes for promising frames. It returns nil for a link type that it does not know.
func withNames(link frame.LinkType, user []bpf.RawInstruction, snapLen uint32) ([]bpf.RawInstruction, error) {
	steps := promising(link)
	if steps == nil {
		return nil, nil
	}
	// no: is where the first copy of the user's filter begins, yes: the second.
	no := len(steps)
	yes := no + len(user)
	labels := map[uint8]int{toNo: no, toYes: no + 1}
	for i, s := range steps {
		if s.at != 0 {
			labels[s.at] = i
		}
	}
	// Conditional jumps reach 255 instructions only, so those to the second copy go by one instruction before the first.
	instructions := make([]bpf.Instruction, 0, len(steps)+2)
	for i, s := range steps {
		if jump, is := s.Instruction.(bpf.JumpIf); is {
			skip := func(to uint8) uint8 {
				if to == toNext {
					return 0
				}
				return uint8(labels[to] - i - 1)
			}
			jump.SkipTrue, jump.SkipFalse = skip(s.yes), skip(s.no)
			s.Instruction = jump
		}
		instructions = append(instructions, s.Instruction)
	}
	instructions = append(instructions, bpf.Jump{Skip: 1}, bpf.Jump{Skip: uint32(yes - no)}) // no: over the next one; yes: to the second copy
	raw, err := bpf.Assemble(instructions)
	if err != nil {
		return nil, err
	}
	return append(append(raw, accepting(user, snapLen)...), accepting(user, max(snapLen, nameBytes))...), nil
}

// accepting is a filter that accepts with so many bytes.
func accepting(filter []bpf.RawInstruction, bytes uint32) []bpf.RawInstruction {
	const returnConstant = 0x06
	list := slices.Clone(filter)
	for i := range list {
		if list[i].Op == returnConstant && list[i].K != 0 {
			list[i].K = bytes
		}
	}
	return list
}
