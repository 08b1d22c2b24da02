//go:build linux

package isolate

import (
	"encoding/binary"
	"net"
	"syscall"
	"time"
)

// A Sender puts frames on an interface as they are.
type Sender struct {
	t  T
	fd int
}

// NewSender sends on an interface of the test's own network.
func NewSender(t T, name string) *Sender {
	t.Helper()
	i, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrLinklayer{Ifindex: i.Index}); err != nil {
		t.Fatal(err)
	}
	return &Sender{t, fd}
}

// Send sends one frame.
func (s *Sender) Send(frame []byte) {
	s.t.Helper()
	if _, err := syscall.Write(s.fd, frame); err != nil {
		s.t.Fatalf("cannot send: %v", err)
	}
}

// Numbered sends n frames at so many a second (0: as fast as it goes), numbered from first on; see Number.
func (s *Sender) Numbered(first, n, perSecond int) {
	s.t.Helper()
	frame := Frame(0)
	begin := time.Now()
	for i := range n {
		if perSecond > 0 && i%16 == 0 {
			if early := time.Duration(i)*time.Second/time.Duration(perSecond) - time.Since(begin); early > 50*time.Microsecond {
				time.Sleep(early)
			}
		}
		setNumber(frame, first+i)
		s.Send(frame)
	}
}

const (
	numberAt   = 14 + 12 // the source address, which has 24 bits of it
	frameBytes = 60
)

// Frame is a UDP datagram in IPv4 in Ethernet, of 60 bytes, from 10.x.y.z where x.y.z is its number.
func Frame(number int) []byte {
	f := make([]byte, frameBytes)
	copy(f, []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00})
	ip := f[14:]
	copy(ip, []byte{0x45, 0, 0, frameBytes - 14, 0, 0, 0, 0, 64, 17, 0, 0})
	copy(ip[16:], []byte{192, 0, 2, 1})
	udp := ip[20:]
	binary.BigEndian.PutUint16(udp, 5000)
	binary.BigEndian.PutUint16(udp[2:], 9)
	binary.BigEndian.PutUint16(udp[4:], frameBytes-34)
	setNumber(f, number)
	return f
}

func setNumber(frame []byte, number int) {
	binary.BigEndian.PutUint32(frame[numberAt:], 10<<24|uint32(number)&0xffffff)
}
