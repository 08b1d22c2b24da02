package unpack

import (
	"strings"
	"testing"
)

// FuzzWalk: whatever a file is, it is walked without panic, in bounded memory, and the same way with a platform that inflates until it fails.
func FuzzWalk(f *testing.F) {
	for name, s := range samples() {
		f.Add(s.content, name, uint16(100))
	}
	f.Fuzz(func(t *testing.T, content []byte, name string, fail uint16) {
		l := Limits{Bytes: 4 << 20, Held: 1 << 20, Entries: 100}
		plain, err := look(t, file{content, name}, l)
		native, nativeErr := look(t, newInflating(file{content, name}, int64(fail)), l)
		if words(err)+words(nativeErr) != "" || len(plain) != len(native) {
			return // by the platform's bytes, a checksum may go unseen, or a limit be reached elsewhere
		}
		for i := range plain {
			switch a, b := plain[i], native[i]; {
			case a.Err+a.Reason+b.Err+b.Reason == "" && a != b, !strings.HasPrefix(a.Bytes, b.Bytes) && !strings.HasPrefix(b.Bytes, a.Bytes):
				t.Errorf("%v, with the platform's inflating %v", a, b)
			}
		}
	})
}
