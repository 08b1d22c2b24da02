package wire

import (
	"bytes"
	"reflect"
	"testing"
)

// messages holds one of each kind, encoded, with what decodes and encodes it again.
func messages() []message {
	return []message{
		{AppendHello(nil, Hello{Version, "token"}), func(b []byte) ([]byte, any, error) { m, err := DecodeHello(b); return AppendHello(nil, m), m, err }},
		{AppendWelcome(nil, Welcome{Version, "build", "eth0", true, []Position{{1483873200, 5}, {-3600, 0}}}), func(b []byte) ([]byte, any, error) {
			m, err := DecodeWelcome(b)
			return AppendWelcome(nil, m), m, err
		}},
		{AppendResume(nil, Resume{true, []Position{{1483873200, 1 << 40}}}), func(b []byte) ([]byte, any, error) { m, err := DecodeResume(b); return AppendResume(nil, m), m, err }},
		{AppendChunk(nil, Chunk{1483873200, 7, []byte("a\nb\n")}), func(b []byte) ([]byte, any, error) { m, err := DecodeChunk(b); return AppendChunk(nil, m), m, err }},
		{AppendAck(nil, Ack{1 << 50}), func(b []byte) ([]byte, any, error) { m, err := DecodeAck(b); return AppendAck(nil, m), m, err }},
		{AppendStatus(nil, Status{true, 1, -1, 2, 3, 4, 5, 6, 7, 8, "disk full", []string{"a gap", "another"}}), func(b []byte) ([]byte, any, error) { m, err := DecodeStatus(b); return AppendStatus(nil, m), m, err }},
		{AppendFault(nil, Fault{"token", "wrong"}), func(b []byte) ([]byte, any, error) { m, err := DecodeFault(b); return AppendFault(nil, m), m, err }},
		{AppendNames(nil, Names{1483873200, []byte("a\nb\n")}), func(b []byte) ([]byte, any, error) { m, err := DecodeNames(b); return AppendNames(nil, m), m, err }},
	}
}

type message struct {
	encoded []byte
	again   func(b []byte) (encoded []byte, m any, err error)
}

func TestRoundTripAndEveryCut(t *testing.T) {
	for i, m := range messages() {
		got, decoded, err := m.again(m.encoded)
		if err != nil || !bytes.Equal(got, m.encoded) {
			t.Errorf("kind %d: %v; %q became %q", i+1, err, m.encoded, got)
		}
		if KindOf(m.encoded) != Kind(i+1) || reflect.ValueOf(decoded).IsZero() {
			t.Errorf("kind %d: %v", KindOf(m.encoded), decoded)
		}
		for j, other := range messages() {
			if _, _, err := other.again(m.encoded); (err == nil) != (i == j) {
				t.Errorf("kind %d decoded as kind %d: %v", i+1, j+1, err)
			}
		}
		for cut := range m.encoded {
			if (KindOf(m.encoded) == KindChunk || KindOf(m.encoded) == KindNames) && cut >= len(m.encoded)-len("a\nb\n") {
				break // a chunk's lines are whatever follows
			}
			if _, _, err := m.again(m.encoded[:cut]); err != ErrShort {
				t.Errorf("kind %d cut at %d: %v", i+1, cut, err)
			}
		}
	}
}

// FuzzDecode: no bytes make a decoder fail otherwise than by its error, and what it accepts survives another round.
func FuzzDecode(f *testing.F) {
	for _, m := range messages() {
		f.Add(m.encoded)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, m := range messages() {
			encoded, first, err := m.again(b)
			if err != nil {
				continue
			}
			if _, second, err := m.again(encoded); err != nil || !reflect.DeepEqual(first, second) {
				t.Fatalf("%q gives %v, then %v, %v", b, first, second, err)
			}
		}
	})
}
