package capfile

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"tracelens/shared/frame"
	"tracelens/shared/tracetest"
)

// read gives "time length link data" of every packet, and how the capture ended.
func read(t *testing.T, r io.Reader) (packets []string, err error) {
	t.Helper()
	source := New("x.pcap", io.NopCloser(r))
	defer source.Close()
	var f frame.Frame
	for {
		switch err := source.Next(&f); err {
		case nil:
			packets = append(packets, fmt.Sprintf("%d %d %d %s", f.TimeNS, f.Len, f.Link, f.Data))
		case ErrIdle:
		case io.EOF:
			if n := source.Captured(); n != int64(len(packets)) {
				t.Errorf("Captured is %d packets of %d", n, len(packets))
			}
			return packets, nil
		default:
			return packets, err
		}
	}
}

// words encodes 16- and 32-bit numbers and text.
func words(order binary.AppendByteOrder, all ...any) (b []byte) {
	for _, w := range all {
		switch w := w.(type) {
		case int:
			b = order.AppendUint32(b, uint32(w))
		case int16:
			b = order.AppendUint16(b, uint16(w))
		case string:
			b = append(b, w...)
		}
	}
	return b
}

func classic(order binary.AppendByteOrder, magic int, minor int16) []byte {
	return words(order, magic, int16(2), minor, 0, 0, 4, 276, // snapshot length 4, shorter than the second packet
		1000, 5, 3, 60, "abc", 1001, 999999, 5, 5, "defgh")
}

func TestClassic(t *testing.T) {
	micro := "[1000000005000 60 276 abc 1001999999000 5 276 defgh]"
	for _, c := range []struct {
		name  string
		bytes []byte
		want  string
	}{
		{"microseconds", classic(binary.LittleEndian, 0xa1b2c3d4, 4), micro},
		{"big-endian", classic(binary.BigEndian, 0xa1b2c3d4, 4), micro},
		{"nanoseconds", classic(binary.LittleEndian, 0xa1b23c4d, 4), "[1000000000005 60 276 abc 1001000999999 5 276 defgh]"},
		{"big-endian nanoseconds", classic(binary.BigEndian, 0xa1b23c4d, 4), "[1000000000005 60 276 abc 1001000999999 5 276 defgh]"},
		{"lengths swapped in version 2.2", words(binary.LittleEndian, 0xa1b2c3d4, int16(2), int16(2), 0, 0, 0, 1, 7, 0, 60, 3, "abc"), "[7000000000 60 1 abc]"},
		{"no packets", classic(binary.LittleEndian, 0xa1b2c3d4, 4)[:24], "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := read(t, bytes.NewReader(c.bytes))
			if err != nil || fmt.Sprint(got) != c.want {
				t.Errorf("got %v, %v; want %s", got, err, c.want)
			}
			got, err = read(t, &trickle{c.bytes})
			if err != nil || fmt.Sprint(got) != c.want {
				t.Errorf("one byte at a time: got %v, %v; want %s", got, err, c.want)
			}
		})
	}
}

func block(order binary.AppendByteOrder, typ int, body []byte) []byte {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	length := len(body) + 12
	return words(order, typ, length, string(body), length)
}

func next(order binary.AppendByteOrder) (b []byte) {
	b = block(order, blockSection, words(order, 0x1A2B3C4D, int16(1), int16(0), -1, -1))
	b = append(b, block(order, blockInterface, words(order, int16(1), int16(0), 0))...)
	b = append(b, block(order, blockInterface, words(order, int16(113), int16(0), 96,
		int16(2), int16(3), "lo\x00\x00", // a name
		int16(9), int16(1), "\x09\x00\x00\x00", // nanoseconds
		int16(14), int16(8), string(offset(order, 100)), // and 100 s
		int16(0), int16(0)))...)
	b = append(b, block(order, 0x0bad, []byte("a block that nobody knows"))...)
	b = append(b, block(order, blockPacket, words(order, 0, 1000000>>32, 1000005, 3, 60, "abc\x00", int16(1), int16(2), "hi\x00\x00", int16(0), int16(0)))...)
	b = append(b, block(order, blockPacket, words(order, 1, 0, 7, 2, 2, "de"))...)
	b = append(b, block(order, blockPacketSimple, words(order, 4, "fghi"))...)
	return append(b, block(order, blockPacketObsolete, words(order, int16(1), int16(0), 0, 9, 1, 1, "j"))...)
}

func offset(order binary.AppendByteOrder, s uint64) []byte { return order.AppendUint64(nil, s) }

func TestNextGeneration(t *testing.T) {
	const want = "1000005000 60 1 abc 100000000007 2 113 de 100000000007 4 1 fghi 100000000009 1 113 j"
	both := append(next(binary.LittleEndian), next(binary.BigEndian)...) // two sections
	for name, r := range map[string]io.Reader{"whole": bytes.NewReader(both), "one byte at a time": &trickle{both}} {
		got, err := read(t, r)
		if err != nil || strings.Join(got, " ") != want+" "+want {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(classic(binary.LittleEndian, 0xa1b2c3d4, 4))
	z.Close()
	if got, err := read(t, &b); len(got) != 2 || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestCut cuts captures at every byte: what is whole before the cut is read, and the cut is reported.
func TestCut(t *testing.T) {
	for name, b := range map[string][]byte{"pcap": classic(binary.LittleEndian, 0xa1b2c3d4, 4), "pcapng": next(binary.LittleEndian)} {
		whole, _ := read(t, bytes.NewReader(b))
		clean := 0
		for n := range b {
			got, err := read(t, bytes.NewReader(b[:n]))
			if len(got) > len(whole) || fmt.Sprint(got) != fmt.Sprint(whole[:len(got)]) {
				t.Errorf("%s cut at %d: got %v", name, n, got)
			}
			if err == nil {
				clean++
			} else if n >= 24 && !strings.Contains(err.Error(), fmt.Sprintf("x.pcap is cut short in the middle of packet %d", len(got)+1)) {
				t.Errorf("%s cut at %d: %v", name, n, err)
			}
		}
		if clean > 9 { // only at the ends of packets and blocks
			t.Errorf("%s: %d cuts were not noticed", name, clean)
		}
	}
}

func TestNoCapture(t *testing.T) {
	for _, text := range []string{"", "ab", "frame.time_relative,ip.src\n", "\n\r\r\n\x00\x00\x00\x1cnot a section"} {
		if _, err := read(t, strings.NewReader(text)); err == nil || err.Error() != "x.pcap is neither a pcap nor a pcapng capture" {
			t.Errorf("%q: %v", text, err)
		}
	}
	damaged := classic(binary.LittleEndian, 0xa1b2c3d4, 4)
	copy(damaged[24+8:], "\xff\xff\xff\x7f")
	if _, err := read(t, bytes.NewReader(damaged)); err == nil || !strings.Contains(err.Error(), "packet 1: its length is given as 2147483647") {
		t.Errorf("a length that cannot be: %v", err)
	}
}

// TestLargePackets reads packets that run across the blocks of the feed in every way.
func TestLargePackets(t *testing.T) {
	b := words(binary.LittleEndian, 0xa1b2c3d4, int16(2), int16(4), 0, 0, 65535, 1)
	var want []string
	for i := range 200 {
		data := strings.Repeat(string(rune('a'+i%26)), 1+i*1301%MaxPacket)
		b = append(b, words(binary.LittleEndian, i, 0, len(data), len(data), data)...)
		want = append(want, fmt.Sprintf("%d %d 1 %s", i*1e9, len(data), data))
	}
	got, err := read(t, bytes.NewReader(b))
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d packets of %d: %v", len(got), len(want), err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("packet %d is wrong", i+1)
		}
	}
}

// TestIdleBeforeWaiting wants what has arrived before a pipe is waited for, and that Close ends the wait.
func TestIdleBeforeWaiting(t *testing.T) {
	r, w := io.Pipe()
	source := New("pipe", r)
	go w.Write(classic(binary.LittleEndian, 0xa1b2c3d4, 4))
	var f frame.Frame
	packets, idle := 0, false
	for !idle || packets < 2 {
		switch err := source.Next(&f); err {
		case nil:
			packets++
			idle = false
		case ErrIdle:
			idle = true
		default:
			t.Fatal(err)
		}
	}
	ended := make(chan error)
	go func() { ended <- source.Next(&f) }()
	source.Close()
	if err := <-ended; err != io.EOF {
		t.Errorf("Next after Close: %v", err)
	}
}

// trickle reads one byte at a time.
type trickle struct{ b []byte }

func (t *trickle) Read(p []byte) (int, error) {
	if len(t.b) == 0 {
		return 0, io.EOF
	}
	p[0], t.b = t.b[0], t.b[1:]
	return 1, nil
}

func FuzzFile(f *testing.F) {
	f.Add(classic(binary.LittleEndian, 0xa1b2c3d4, 4))
	f.Add(next(binary.BigEndian))
	for _, path := range tracetest.Captures() {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[:min(len(b), 1000)])
	}
	f.Fuzz(func(t *testing.T, b []byte) { read(t, bytes.NewReader(b)) })
}
