package names

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"testing"

	"tracelens/shared/decode"
)

const tlsFound = "tls 2001:db8::443 www.example.org"

// cut cuts b into n pieces at random places.
func cut(r *rand.Rand, b []byte, n int) (segments [][]byte) {
	at := 0
	for i := range n - 1 {
		next := at + 1 + r.IntN(len(b)-at-(n-1-i))
		segments = append(segments, b[at:next])
		at = next
	}
	return append(segments, b[at:])
}

// TestHelloInPieces sends a ClientHello in any number of segments, in any order, some more than once, from any sequence number.
func TestHelloInPieces(t *testing.T) {
	hello := helloOf(t, "www.example.org")
	if len(hello) < 1400 {
		t.Errorf("the ClientHello has only %d bytes: no test for long ones", len(hello))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for run := range 2000 {
		f := New()
		first := uint32(r.Uint64())
		if run%4 == 0 {
			first = -uint32(r.IntN(len(hello))) // so that it goes round
		}
		var segments []*decode.Segment
		seq := first
		for _, piece := range cut(r, hello, 2+r.IntN(4)) {
			segments = append(segments, tcpTo(8443, seq, piece))
			seq += uint32(len(piece))
		}
		inOrder := run%2 == 0
		if !inOrder {
			r.Shuffle(len(segments), func(i, k int) { segments[i], segments[k] = segments[k], segments[i] })
		}
		if run%3 == 0 { // one again, with more of what comes before and after it
			s := *segments[r.IntN(len(segments))]
			from := int(s.Seq - first)
			more := r.IntN(from + 1)
			s.Seq -= uint32(more)
			s.Data = hello[from-more : min(len(hello), from+len(s.Data)+r.IntN(50))]
			at := r.IntN(len(segments) + 1)
			segments = append(segments[:at], append([]*decode.Segment{&s}, segments[at:]...)...)
		}
		got := add(f, segments...)
		if len(got) == 0 || got[0] != tlsFound {
			t.Fatalf("run %d: %d segments gave %q", run, len(segments), got)
		}
	}
}

// TestHelloInRecords: a ClientHello may be in several records, and other records may follow.
func TestHelloInRecords(t *testing.T) {
	message := helloOf(t, "www.example.org")[recordHeader:]
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		var b []byte
		for _, part := range cut(r, message, 1+r.IntN(6)) {
			b = append(b, recordHandshake, 3, 1, byte(len(part)>>8), byte(len(part)))
			b = append(b, part...)
		}
		b = append(b, changeCipher...)
		if len(b) > recordHeader+1 && b[3] == 0 && b[4] == 1 {
			continue // the first record must tell that it is a ClientHello of less than 64 KiB
		}
		f, seq := New(), uint32(0)
		var got []string
		for _, segment := range cut(r, b, 1+r.IntN(3)) {
			got = append(got, add(f, tcpTo(443, seq, segment))...)
			seq += uint32(len(segment))
		}
		expect(t, got, tlsFound)
	}
}

func TestHello(t *testing.T) {
	hello := helloOf(t, "www.example.org")
	f := New()
	expect(t, add(f, tcpTo(443, 1, hello)), tlsFound)
	expect(t, add(f, tcpTo(443, 1, hello)), tlsFound) // sent again
	expect(t, add(f, tcpTo(443, 5000, append([]byte(changeCipher), hello...))), tlsFound)
	expect(t, add(f, tcpTo(25, 1, []byte("EHLO there\r\n")), tcpTo(25, 13, []byte("STARTTLS\r\n")), tcpTo(25, 23, hello)), tlsFound)
	expect(t, add(f, tcpTo(443, 1, helloOf(t, ""))), "")
	if len(f.tcp.open) != 0 {
		t.Errorf("%d streams are kept, but nothing is missing", len(f.tcp.open))
	}

	// A client that sends no more than the first segment tells nothing, unless the name is in it; and one whose packets are cut is not waited for.
	cutOff := tcpTo(443, 1, hello[:40])
	cutOff.Cut = len(hello) - 40
	expect(t, add(New(), cutOff), "")
	if add(f, cutOff); len(f.tcp.open) != 0 {
		t.Error("waits for what was cut off")
	}

	// From a server, or without a ClientHello in it.
	answer := tcpTo(50000, 1, hello)
	answer.Src = netip.AddrPortFrom(client, 443)
	expect(t, add(f, answer), "")
	serverHello := bytes.Clone(hello)
	serverHello[recordHeader] = 2
	expect(t, add(f, tcpTo(443, 1, serverHello)), "")

	// Whatever comes after every byte of it, there is no panic, and no other name.
	for n := range hello {
		for _, text := range add(New(), tcpTo(443, 1, hello[:n])) {
			if text != tlsFound {
				t.Fatalf("%d bytes give %q", n, text)
			}
		}
	}
}

// TestFlood sends the beginnings of far more ClientHellos than are kept, each of the longest kind, and wants the memory to stay bounded, and
// the latest ones to be found when their rest comes.
func TestFlood(t *testing.T) {
	hello := helloOf(t, "www.example.org")
	f := New()
	long := bytes.Clone(hello[:100])
	long[3], long[4] = 0x40, 0           // a record as long as one may be
	long[7], long[8] = 0xff, 0xff        // a message that is longer
	far := bytes.Repeat([]byte{1}, 2000) // pieces that make it take all of its memory
	flood := 20 * maxStreams
	if testing.Short() {
		flood = 3 * maxStreams
	}
	for i := range flood {
		s := tcpTo(443, 1, long)
		s.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 50000)
		add(f, s)
		for at := uint32(200); at < 2*maxStream; at += 2000 {
			s.Seq, s.Data = at, far
			add(f, s)
		}
	}
	memory := 0
	for _, st := range f.tcp.open {
		memory += cap(st.buf)
	}
	for _, st := range f.tcp.spare {
		memory += cap(st.buf)
	}
	if n := len(f.tcp.open) + len(f.tcp.spare); n > maxStreams+1 || memory > 2*maxStreams*maxStream {
		t.Errorf("%d streams with %d bytes are kept", n, memory)
	}
	s := tcpTo(443, 1, hello[:100])
	add(f, s)
	s.Seq, s.Data = 101, hello[100:]
	expect(t, add(f, s), tlsFound)
}

// TestOldestIsForgotten, and no other.
func TestOldestIsForgotten(t *testing.T) {
	hello := helloOf(t, "www.example.org")
	for others := maxStreams - 1; others <= maxStreams; others++ {
		f := New()
		for i := range 1 + others {
			s := tcpTo(443, 1, hello[:100])
			s.Src = netip.AddrPortFrom(client, uint16(20000+i))
			add(f, s)
		}
		s := tcpTo(443, 101, hello[100:])
		s.Src = netip.AddrPortFrom(client, 20000)
		if got := add(f, s); (len(got) == 1) != (others < maxStreams) {
			t.Errorf("with %d others: %q", others, got)
		}
	}
}

// TestPieces compares pieces with a plain array of what is there.
func TestPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	whole := make([]byte, maxStream+5000)
	for i := range whole {
		whole[i] = byte(r.Uint32())
	}
	for range 200 {
		var p pieces
		var have [maxStream]bool
		base := 0
		for range 80 {
			at := r.IntN(maxStream)
			if r.IntN(2) == 0 {
				at = r.IntN(300)
			}
			n := r.IntN(1500)
			holes := len(p.spans)
			p.add(at, whole[base+at:][:min(n, len(whole)-base-at)])
			if holes < maxHoles {
				for i := at; i < min(at+n, maxStream, len(whole)-base); i++ {
					have[i] = true
				}
			}
			want := 0
			for want < maxStream && have[want] {
				want++
			}
			if len(p.spans) > maxHoles {
				t.Fatalf("%d pieces", len(p.spans))
			}
			if got := p.beginning(); !bytes.Equal(got, whole[base:base+want]) {
				t.Fatalf("%d bytes of the beginning, want %d: %v", len(got), want, p.spans)
			}
			if want > 0 && r.IntN(4) == 0 && base < 3000 {
				n := 1 + r.IntN(min(want, 1000))
				p.drop(n)
				base += n
				copy(have[:], have[n:])
				clear(have[maxStream-n:])
			}
		}
	}
}
