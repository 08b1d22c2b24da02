package programs

import (
	"os"
	"time"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// A Wake tells of each connection that begins on this machine, and of nothing else: not even from where to where. What captures packets hears of
// them in bundles, tens of milliseconds late, and a connection may be over by then.
type Wake struct{ socket *os.File }

// begins are the packets that begin a connection, from their network layer on, of which one byte is left.
var begins = []bpf.Instruction{
	bpf.LoadExtension{Num: bpf.ExtType},
	bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.PACKET_OTHERHOST, SkipTrue: 15}, // it only passes by
	bpf.LoadAbsolute{Off: 0, Size: 1},
	bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 4},
	bpf.JumpIf{Cond: bpf.JumpEqual, Val: 6, SkipTrue: 8},
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 4, SkipTrue: 11},
	bpf.LoadAbsolute{Off: 9, Size: 1}, // IPv4
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.IPPROTO_TCP, SkipTrue: 9},
	bpf.LoadAbsolute{Off: 6, Size: 2},
	bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: 0x1fff, SkipTrue: 7}, // a fragment
	bpf.LoadMemShift{Off: 0},
	bpf.LoadIndirect{Off: 13, Size: 1},
	bpf.Jump{Skip: 3},
	bpf.LoadAbsolute{Off: 6, Size: 1}, // IPv6
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.IPPROTO_TCP, SkipTrue: 2},
	bpf.LoadAbsolute{Off: 40 + 13, Size: 1},
	bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: 2, SkipTrue: 1}, // SYN
	bpf.RetConstant{Val: 0},
	bpf.RetConstant{Val: 1},
}

// OpenWake needs CAP_NET_RAW, once. What it opens cannot be made to say more.
func OpenWake() (*Wake, error) {
	program, err := bpf.Assemble(begins)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0) // of no protocol, until the filter is there
	if err != nil {
		return nil, err
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: (*unix.SockFilter)(unsafe.Pointer(&program[0]))}
	err = unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &filter)
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_LOCK_FILTER, 1)
	}
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 1) // as little as there can be: one says as much as many
	}
	if err == nil {
		const all = unix.ETH_P_ALL>>8 | unix.ETH_P_ALL<<8&0xff00
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all})
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &Wake{os.NewFile(uintptr(fd), "connections")}, nil
}

// Run calls begun when connections have begun, no more often than looks are allowed, until Close.
func (w *Wake) Run(begun func()) {
	var b [1]byte
	for {
		if _, err := w.socket.Read(b[:]); err != nil {
			if err, ok := err.(*os.PathError); ok && err.Err == unix.ENETDOWN {
				continue // of one interface
			}
			return
		}
		begun()
		time.Sleep(looksApart)
	}
}

// Close ends it.
func (w *Wake) Close() error { return w.socket.Close() }
