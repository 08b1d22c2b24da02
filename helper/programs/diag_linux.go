package programs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// The messages of sock_diag(7), as linux/inet_diag.h has them: numbers are in the machine's order, ports and addresses in the network's.
const (
	oldRequest   = 60 // struct inet_diag_req
	newRequest   = 56 // struct inet_diag_req_v2
	messageBytes = 72 // struct inet_diag_msg
	portAt       = 4  // in it: struct inet_diag_sockid is next
	addressAt    = 8
	uidAt        = 64
	inodeAt      = 68
)

// diagStates are those in which a socket may have a process: not SYN_RECV (3, 12) nor TIME_WAIT (6), of which busy servers have many.
const diagStates = 1<<unix.BPF_TCP_ESTABLISHED | 1<<unix.BPF_TCP_SYN_SENT | 1<<unix.BPF_TCP_FIN_WAIT1 | 1<<unix.BPF_TCP_FIN_WAIT2 |
	1<<unix.BPF_TCP_CLOSE | // any UDP socket that is not connected
	1<<unix.BPF_TCP_CLOSE_WAIT | 1<<unix.BPF_TCP_LAST_ACK | 1<<unix.BPF_TCP_LISTEN | 1<<unix.BPF_TCP_CLOSING

// tcpDiag is TCPDIAG_GETSOCK.
const tcpDiag = 18

// questions are all there are. The old one for TCP answers for both families at once, where the new one (SOCK_DIAG_BY_FAMILY) is for one:
// each goes through a table of some hundred thousand places, nearly all of which are empty, and that is most of what a look costs.
var questions = [...]question{{tcpDiag, 0, true}, {unix.SOCK_DIAG_BY_FAMILY, unix.AF_INET, false}, {unix.SOCK_DIAG_BY_FAMILY, unix.AF_INET6, false}}

type question struct {
	kind   uint16
	family uint8
	tcp    bool
}

// append appends the message that asks it.
func (q question) append(b []byte, sequence uint32) []byte {
	size := unix.SizeofNlMsghdr + newRequest
	if q.kind == tcpDiag {
		size = unix.SizeofNlMsghdr + oldRequest
	}
	order := binary.NativeEndian
	b = order.AppendUint32(b, uint32(size))
	b = order.AppendUint16(b, q.kind)
	b = order.AppendUint16(b, unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	b = order.AppendUint32(b, sequence)
	b = order.AppendUint32(b, 0) // to whom: the kernel knows
	var any [48]byte             // struct inet_diag_sockid
	if q.kind == tcpDiag {
		b = append(b, q.family, 0, 0, 0)
		b = append(b, any[:]...)
		b = order.AppendUint32(b, diagStates)
		return order.AppendUint32(b, 0)
	}
	b = append(b, q.family, unix.IPPROTO_UDP, 0, 0)
	b = order.AppendUint32(b, diagStates)
	return append(b, any[:]...)
}

// errDiag is of messages that the kernel would not send.
var errDiag = errors.New("sock_diag: a message that is none")

// A diagnosis is a socket, as the kernel says it.
type diagnosis struct {
	family     uint8
	port       uint16
	address    [16]byte // IPv4 as in IPv6
	uid, inode uint32
}

// diagnose asks the kernel for every socket that may have a process. What one question gives is told even if another fails.
func diagnose(buf []byte, each func(tcp bool, d *diagnosis)) error {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return fmt.Errorf("sock_diag: %w", err)
	}
	defer unix.Close(fd)
	// The kernel answers at once; should it ever not, nobody waits for it for long.
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1}); err != nil {
		return fmt.Errorf("sock_diag: %w", err)
	}
	var failed error
	for i, q := range questions {
		if err := q.ask(fd, buf, uint32(i+1), each); err != nil {
			failed = errors.Join(failed, fmt.Errorf("sock_diag, question %d: %w", i+1, err))
		}
	}
	return failed
}

// ask asks one and reads the answer.
func (q question) ask(fd int, buf []byte, sequence uint32, each func(tcp bool, d *diagnosis)) error {
	message := q.append(nil, sequence)
	if err := retry(func() error { return unix.Sendto(fd, message, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}) }); err != nil {
		return err
	}
	for {
		var n int
		var from unix.Sockaddr
		if err := retry(func() (err error) { n, from, err = unix.Recvfrom(fd, buf, 0); return err }); err != nil {
			return err
		}
		if k, ok := from.(*unix.SockaddrNetlink); !ok || k.Pid != 0 {
			continue // not from the kernel
		}
		done, err := parseDiag(buf[:n], sequence, func(d *diagnosis) { each(q.tcp, d) })
		if done || err != nil {
			return err
		}
	}
}

// parseDiag tells what is in a datagram of the answer to a question, and whether that was its end. Each may keep nothing of d.
func parseDiag(b []byte, sequence uint32, each func(d *diagnosis)) (done bool, err error) {
	order := binary.NativeEndian
	var d diagnosis
	for len(b) > 0 {
		if len(b) < unix.SizeofNlMsghdr {
			return false, errDiag
		}
		size := order.Uint32(b)
		if size < unix.SizeofNlMsghdr || uint64(size) > uint64(len(b)) {
			return false, errDiag
		}
		body := b[unix.SizeofNlMsghdr:size]
		kind, of := order.Uint16(b[4:]), order.Uint32(b[8:])
		b = b[min(len(b), int(size+3)&^3):]
		if of != sequence {
			continue // the rest of an answer that was given up
		}
		switch kind {
		case unix.NLMSG_DONE:
			return true, failure(body, true)
		case unix.NLMSG_ERROR:
			return true, failure(body, false)
		case unix.SOCK_DIAG_BY_FAMILY, tcpDiag:
			if len(body) < messageBytes {
				return false, errDiag
			}
			d.family = body[0]
			d.port = binary.BigEndian.Uint16(body[portAt:])
			switch d.family {
			case unix.AF_INET:
				d.address = [16]byte{10: 0xff, 11: 0xff}
				copy(d.address[12:], body[addressAt:addressAt+4])
			case unix.AF_INET6:
				d.address = [16]byte(body[addressAt:])
			default:
				return false, errDiag
			}
			d.uid, d.inode = order.Uint32(body[uidAt:]), order.Uint32(body[inodeAt:])
			each(&d)
		}
	}
	return false, nil
}

// failure is the error in the message that ends an answer. The one that ends a list need have none.
func failure(body []byte, optional bool) error {
	if len(body) < 4 {
		if optional {
			return nil
		}
		return errDiag
	}
	if number := int32(binary.NativeEndian.Uint32(body)); number < 0 {
		return syscall.Errno(-number)
	}
	return nil
}

// retry does something again that a signal has interrupted: the runtime sends some.
func retry(do func() error) error {
	for {
		if err := do(); err != unix.EINTR {
			return err
		}
	}
}
