package anon

import (
	"strings"
	"testing"
)

func TestParseKey(t *testing.T) {
	k := NewKey()
	if k == (Key{}) || k == NewKey() {
		t.Fatal("keys repeat")
	}
	good := func(text string) {
		t.Helper()
		if got, err := ParseKey(text); err != nil || got != k {
			t.Errorf("ParseKey(%q) = %v, %v; want %v", text, got, err, k)
		}
	}
	bad := func(text string) {
		t.Helper()
		if got, err := ParseKey(text); err != ErrKey || got != (Key{}) {
			t.Errorf("ParseKey(%q) = %v, %v; want ErrKey", text, got, err)
		}
	}
	text := k.String()
	good(text)
	good(strings.ToUpper(text))
	good(" \t" + text + "\r\n")

	bad("")
	bad(text[1:])
	bad(text + "0")
	bad(text[:32] + " " + text[32:])
	bad(text[:32] + " " + text[33:])
	bad(text[:63] + "g")
	bad(text[:62] + "é")
	for c := range 256 {
		if !strings.Contains("0123456789abcdefABCDEF", string(rune(c))) {
			bad(text[:10] + string([]byte{byte(c)}) + text[11:])
		}
	}
}
