package called

import (
	"strings"
	"unicode/utf8"
)

// Nobody stands for a program's name where a port that was a program's has been in use and is, as far as is known, nobody's.
const Nobody = "-"

// MaxProgram bounds the name of a program, in bytes.
const MaxProgram = 64

// NoProgram are what no name of a program has in it: they mean something in CSV, HTML, paths or a shell's quotes.
const NoProgram = ",;\"'`<>&\\/|"

// IsProgram reports whether text may be the name of a program: what anybody who can start one has chosen, but without anything that could be
// more than text where it is shown or kept. It is UTF-8 without controls, line ends, marks of direction or NoProgram, does not begin as a
// formula does (= + - @), and has no space at its ends.
func IsProgram(text string) bool {
	if text == "" || len(text) > MaxProgram || strings.IndexByte("=+-@ ", text[0]) >= 0 || text[len(text)-1] == ' ' || !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		switch {
		case r < 0x20, r >= 0x7f && r <= 0xa0, r == 0xad, r == 0x061c, r == utf8.RuneError,
			r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202f, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r >= 0xfff0 && r <= 0xfffb, r >= 0xfffd && r <= 0xffff,
			r >= 0xe0000 && r < 0xe0100, r > 0xe01ef, strings.ContainsRune(NoProgram, r):
			return false
		}
	}
	return true
}
