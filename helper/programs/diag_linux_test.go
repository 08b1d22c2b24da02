package programs

import (
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// message is one of the kernel's.
func message(kind uint16, sequence uint32, body []byte) []byte {
	order := binary.NativeEndian
	b := order.AppendUint32(nil, uint32(unix.SizeofNlMsghdr+len(body)))
	b = order.AppendUint16(b, kind)
	b = order.AppendUint16(b, unix.NLM_F_MULTI)
	b = order.AppendUint32(b, sequence)
	b = order.AppendUint32(b, 0)
	return append(append(b, body...), make([]byte, -len(body)&3)...)
}

// one is a socket as the kernel says it.
func one(family byte, number uint16, address []byte, uid, inode uint32) []byte {
	b := make([]byte, messageBytes)
	b[0] = family
	binary.BigEndian.PutUint16(b[portAt:], number)
	copy(b[addressAt:], address)
	binary.NativeEndian.PutUint32(b[uidAt:], uid)
	binary.NativeEndian.PutUint32(b[inodeAt:], inode)
	return b
}

func TestParseDiag(t *testing.T) {
	v4 := message(unix.SOCK_DIAG_BY_FAMILY, 7, append(one(unix.AF_INET, 80, []byte{10, 1, 2, 3}, 1000, 99), 1, 2, 3)) // attributes, which are not looked at
	v6 := message(tcpDiag, 7, one(unix.AF_INET6, 53, []byte{0x20, 1, 15: 9}, 0, 100))
	other := message(unix.SOCK_DIAG_BY_FAMILY, 6, []byte{1})
	done := message(unix.NLMSG_DONE, 7, make([]byte, 4))
	cat := func(list ...[]byte) (all []byte) {
		for _, b := range list {
			all = append(all, b...)
		}
		return all
	}
	number := func(n int32) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(-n)) }
	for name, c := range map[string]struct {
		b       []byte
		sockets int
		done    bool
		err     error
	}{
		"nothing":              {},
		"two":                  {cat(v4, v6), 2, false, nil},
		"and the end":          {cat(other, v6, v4, v4, done), 3, true, nil},
		"a short end":          {message(unix.NLMSG_DONE, 7, nil), 0, true, nil},
		"an end with an error": {message(unix.NLMSG_DONE, 7, number(2)), 0, true, unix.ENOENT},
		"an error":             {cat(v4, message(unix.NLMSG_ERROR, 7, number(1))), 1, true, unix.EPERM},
		"no error":             {message(unix.NLMSG_ERROR, 7, nil), 0, true, errDiag},
		"a short header":       {cat(v4, v6[:15]), 1, false, errDiag},
		"a short socket":       {message(tcpDiag, 7, make([]byte, messageBytes-1)), 0, false, errDiag},
		"too long":             {v4[:len(v4)-4], 0, false, errDiag},
		"without end":          {make([]byte, 16), 0, false, errDiag},
		"huge":                 {cat([]byte{255, 255, 255, 255}, make([]byte, 100)), 0, false, errDiag},
		"another family":       {message(tcpDiag, 7, one(99, 1, nil, 0, 1)), 0, false, errDiag},
	} {
		n := 0
		got, err := parseDiag(c.b, 7, func(d *diagnosis) {
			n++
			switch {
			case d.port == 80 && d.inode == 99 && d.uid == 1000 && [4]byte(d.address[12:]) == [4]byte{10, 1, 2, 3} && d.address[11] == 0xff:
			case d.port == 53 && d.inode == 100 && d.uid == 0 && d.address == [16]byte{0x20, 1, 15: 9}:
			default:
				t.Errorf("%s: %+v", name, d)
			}
		})
		if n != c.sockets || got != c.done || !errors.Is(err, c.err) {
			t.Errorf("%s: %d sockets, %v, %v", name, n, got, err)
		}
	}
}

// FuzzDiag wants no bytes to be read that are not there, and no more sockets than they can hold.
func FuzzDiag(f *testing.F) {
	f.Add(message(unix.SOCK_DIAG_BY_FAMILY, 1, one(unix.AF_INET, 80, []byte{10, 1, 2, 3}, 1000, 99)))
	f.Add(append(message(tcpDiag, 1, one(unix.AF_INET6, 80, make([]byte, 16), 0, 1)), message(unix.NLMSG_DONE, 1, make([]byte, 4))...))
	f.Add(message(unix.NLMSG_ERROR, 1, []byte{254, 255, 255, 255}))
	f.Add([]byte{17, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		n := 0
		if _, err := parseDiag(b[:len(b):len(b)], 1, func(d *diagnosis) { n++ }); err == nil && n > len(b)/messageBytes {
			t.Errorf("%d sockets in %d bytes", n, len(b))
		}
	})
}

func TestParseStatus(t *testing.T) {
	own, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := parseStatus(own); !ok || s.parent != int32(os.Getppid()) || s.start == 0 {
		t.Errorf("%+v of %s", s, own)
	}
	rest := " S 12 0 0 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 4711 0"
	if s, ok := parseStatus([]byte("5 (a) S 1 (\n b)" + rest)); !ok || string(s.name) != "a) S 1 (\n b" || s.parent != 12 || s.start != 4711 {
		t.Errorf("%+v %v", s, ok)
	}
	for _, bad := range []string{"", "5", "5 )(" + rest, "5 (a" + rest, "5 (a)", "5 (a) S 12 0", "5 (a) S x" + rest, "5 (a) S 12 0 0 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 x"} {
		if s, ok := parseStatus([]byte(bad)); ok {
			t.Errorf("%q is %+v", bad, s)
		}
	}
}

func FuzzStatus(f *testing.F) {
	f.Add([]byte("5 (a) S 12 0 0 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 4711 0"))
	f.Fuzz(func(t *testing.T, b []byte) { parseStatus(b) })
}
