package names

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"tracelens/shared/decode"
)

const quicFound = "quic 2001:db8::443 www.example.org"

// TestVectors reads the client's Initials that the RFCs give as examples: RFC 9001, A.2, and RFC 9369, A.2.
func TestVectors(t *testing.T) {
	for _, file := range []string{"rfc9001-a2.hex", "rfc9369-a2.hex"} {
		packet := vector(t, file)
		f := New()
		expect(t, add(f, udp(50000, 443, packet)), "quic 2001:db8::443 example.com")
		expect(t, add(f, udp(50000, 443, packet)), "") // the same connection
		for i := range packet {
			damaged := bytes.Clone(packet)
			damaged[i] ^= 0x10
			expect(t, add(New(), udp(50000, 443, damaged)), "")
			expect(t, add(New(), udp(50000, 443, packet[:i])), "")
		}
	}
	tooLong := make([]byte, maxID+1)
	hello := quicHello(t, "www.example.org")
	expect(t, add(New(), udp(50000, 443, seal(newKeys(version1, tooLong), tooLong, 0, 0, 1, cryptoFrame(hello, 0, len(hello))))), "")
	tooLong = tooLong[:maxID]
	expect(t, add(New(), udp(50000, 443, seal(newKeys(version1, tooLong), tooLong, 0, 0, 1, cryptoFrame(hello, 0, len(hello))))), quicFound)
	k := newKeys(version1, unhex("8394c8f03e515708"))
	if got := hex.EncodeToString(k.iv); got != "fa044b2f42a3fd3b46fb255c" {
		t.Errorf("iv %s", got)
	}
	k = newKeys(version2, unhex("8394c8f03e515708"))
	if got := hex.EncodeToString(k.iv); got != "91f73e2351d8fa91660e909f" {
		t.Errorf("iv of version 2 %s", got)
	}
}

func unhex(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return b
}

func vector(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return unhex(strings.Join(strings.Fields(string(text)), ""))
}

// seal makes an Initial: what open undoes. The vectors tell that both are right.
func seal(k *keys, dcid []byte, token int, number uint32, size int, frames []byte) []byte {
	first := byte(0xc0)
	if k.version == version2 {
		first = 0xd0
	}
	b := append([]byte{first | byte(size-1)}, be.AppendUint32(nil, k.version)...)
	b = append(append(b, byte(len(dcid))), dcid...)
	b = append(b, 3, 1, 2, 3) // the client's own id
	b = append(b, 0x40|byte(token>>8), byte(token))
	b = append(b, make([]byte, token)...)
	n := size + len(frames) + k.aead.Overhead()
	b = append(b, 0x40|byte(n>>8), byte(n))
	at := len(b)
	b = append(b, be.AppendUint32(nil, number)[4-size:]...)
	nonce := bytes.Clone(k.iv)
	for i := range size {
		nonce[len(nonce)-size+i] ^= b[at+i]
	}
	b = append(b, k.aead.Seal(nil, nonce, frames, b)...)
	mask := make([]byte, 16)
	k.header.Encrypt(mask, b[at+4:at+20])
	b[0] ^= mask[0] & 0x0f
	for i := range size {
		b[at+i] ^= mask[1+i]
	}
	return b
}

// cryptoFrame is n bytes of a message in a frame.
func cryptoFrame(message []byte, at, n int) []byte {
	b := append([]byte{6, 0x40 | byte(at>>8), byte(at), 0x40 | byte(n>>8), byte(n)}, message[at:at+n]...)
	return b
}

// TestShuffled sends a ClientHello as browsers do: in many pieces, shuffled, with padding and pings between them, over several packets, of which
// some share a datagram, some come twice, and the later ones may call the server by another id.
func TestShuffled(t *testing.T) {
	hello := quicHello(t, "www.example.org")
	r := rand.New(rand.NewPCG(7, 8))
	for run := range 300 {
		version := []uint32{version1, version2, version29}[run%3]
		dcid := make([]byte, 8+r.IntN(13))
		for i := range dcid {
			dcid[i] = byte(r.Uint32())
		}
		k := newKeys(version, dcid)
		var frames [][]byte
		at := 0
		for _, piece := range cut(r, hello, 1+r.IntN(20)) {
			frames = append(frames, cryptoFrame(hello, at, len(piece)))
			at += len(piece)
		}
		r.Shuffle(len(frames), func(i, k int) { frames[i], frames[k] = frames[k], frames[i] })
		var packets [][]byte
		for len(frames) > 0 {
			var payload []byte
			for n := 1 + r.IntN(len(frames)); n > 0; n-- {
				payload = append(payload, frames[0]...)
				payload = append(payload, []byte{1, 0, 0, 0, 2, 0x40, 9, 3, 1, 5, 8, 7}[:r.IntN(2)*12]...) // ping, padding, ack of two ranges
				frames = frames[1:]
			}
			payload = append(payload, make([]byte, 20+r.IntN(300))...)
			id := dcid
			if len(packets) > 0 && r.IntN(3) == 0 {
				id = []byte{9, 9, 9, 9} // the server's own
			}
			packets = append(packets, seal(k, id, r.IntN(2)*r.IntN(100), uint32(len(packets)), 1+r.IntN(4), payload))
		}
		f := New()
		var datagrams []*decode.Segment
		for i, packet := range packets {
			if i > 0 && r.IntN(3) == 0 {
				last := datagrams[len(datagrams)-1]
				last.Data = append(last.Data, packet...)
				continue
			}
			datagrams = append(datagrams, udp(50000, 443, packet))
			if r.IntN(4) == 0 {
				datagrams = append(datagrams, udp(50000, 443, bytes.Clone(packet)))
			}
		}
		if got := add(f, datagrams...); len(got) != 1 || got[0] != quicFound {
			t.Fatalf("run %d: %d datagrams gave %q", run, len(datagrams), got)
		}
	}
}

// TestRetry: a server may have the client say it again, to another id; and a client may speak with one server twice, from one port.
func TestRetry(t *testing.T) {
	hello := quicHello(t, "www.example.org")
	f := New()
	for i := range byte(3) {
		dcid := []byte{i, 2, 3, 4, 5, 6, 7, 8}
		k := newKeys(version1, dcid)
		packet := seal(k, dcid, 20, 0, 4, cryptoFrame(hello, 0, len(hello)))
		expect(t, add(f, udp(50000, 853, packet)), "quic 2001:db8::443 www.example.org")
		expect(t, add(f, udp(50000, 853, packet)), "")
	}
}

// TestInitialFlood: packets that anybody can make do not make us keep more than we want to.
func TestInitialFlood(t *testing.T) {
	message := make([]byte, maxStream)
	f := New()
	for i := range 2 * maxStreams {
		dcid := be.AppendUint64(nil, uint64(i))
		k := newKeys(version1, dcid)
		s := udp(uint16(20000+i), 443, seal(k, dcid, 0, 0, 1, cryptoFrame(message, maxStream-300, 300)))
		add(f, s)
	}
	memory := 0
	for _, st := range f.udp.open {
		memory += cap(st.buf)
	}
	if len(f.udp.open) != maxStreams || memory > 2*maxStreams*maxStream {
		t.Errorf("%d connections, %d bytes", len(f.udp.open), memory)
	}
}
