package programs

import (
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"tracelens/shared/called"
)

func TestClean(t *testing.T) {
	for name, want := range map[string]string{
		"firefox":                       "firefox",
		"Web Content":                   "Web Content",
		"Überweisung 你好":                "Überweisung 你好",
		"":                              "_",
		"   ":                           "_",
		" a ":                           "a",
		"a\nb\tc\x00d\x7f":              "a_b_c_d_",
		"<script>\"&'`":                 "_script_____",
		"../../x\\y":                    ".._.._x_y",
		"a,b;c|d":                       "a_b_c_d",
		"=SUM(A1)":                      "_SUM(A1)",
		"+1":                            "_1",
		"-x-y":                          "_x-y",
		"@a@b":                          "_a@b",
		"\xff\xfe":                      "__",
		"\u202e\u200bgnp\u00a0":         "__gnp", // a space at the end, if another than usual
		strings.Repeat("a", 65):         strings.Repeat("a", 64),
		strings.Repeat("a", 63) + "é":   strings.Repeat("a", 63),
		strings.Repeat("é", 33):         strings.Repeat("é", 32),
		strings.Repeat("a", 62) + "  b": strings.Repeat("a", 62),
	} {
		if got := Clean(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// TestEveryLetter: whatever letters a name has, it can be kept in a file of names and read from there.
func TestEveryLetter(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if got := Clean("a" + string(r) + "b"); !called.IsProgram(got) {
			t.Fatalf("%U becomes %q", r, got)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("<b>\x1b, \"x\"")
	f.Fuzz(func(t *testing.T, name string) {
		got := Clean(name)
		if !called.IsProgram(got) || strings.ContainsAny(got, ",;\"'`<>&\\/|\n\r\x00\x1b") || strings.TrimSpace(got) != got || strings.ContainsAny(got[:1], "=+-@") {
			t.Errorf("%q is %q", name, got)
		}
		if Clean(got) != got {
			t.Errorf("%q is %q, and that is %q", name, got, Clean(got))
		}
	})
}

func TestParseOwner(t *testing.T) {
	want := Owner{5, 4, true, netip.MustParseAddr("fe80::1"), 80, 7, "Web Content"}
	if w, ok := parseOwner("5 4 tcp fe80::1 80 7 Web Content"); !ok || w != want {
		t.Errorf("%+v", w)
	}
	if w, ok := parseOwner("5 4 udp fe80::1 80 0 -"); !ok || w.Program != "" || w.TCP {
		t.Errorf("%+v", w)
	}
	for _, bad := range []string{"", "5 4 tcp ::1 80 7", "x 4 tcp ::1 80 7 a", "5 x tcp ::1 80 7 a", "5 4 sctp ::1 80 7 a", "5 4 tcp x 80 7 a", "5 4 tcp ::1 65536 7 a", "5 4 udp ::1 80 x a", "hidden x"} {
		if w, ok := parseOwner(bad); ok {
			t.Errorf("%q is %+v", bad, w)
		}
	}
}
