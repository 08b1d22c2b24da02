package lineblock

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// slice reads the lines of a slice of input, and says how many were too long.
func slice(t *testing.T, input string, from, to int) (out []byte, tooLong int64) {
	t.Helper()
	end := min(len(input), int(After(int64(to)))) // a byte less would not do: a line too long would look as if it were not
	l := NewSliceReader(strings.NewReader(input[Before(int64(from)):end]), int64(from), int64(to))
	for {
		lines, _, err := l.Next()
		if err == io.EOF {
			return out, l.TooLong()
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, lines...)
	}
}

// TestSlicesOfEveryLength: two and three slices that meet anywhere give every line once, whatever is at the cuts.
func TestSlicesOfEveryLength(t *testing.T) {
	for _, input := range []string{"", "\n", "a", "a\n", "a\nbb\n", "a\n\n\nbb", "\n\na\n", "\r\na\r\n\r\n", strings.Repeat("0.1,192.0.2.1\n", 3), "no newline at all"} {
		for a := 0; a <= len(input); a++ {
			for b := a; b <= len(input); b++ {
				var got []byte
				for _, cut := range [][2]int{{0, a}, {a, b}, {b, len(input)}} {
					lines, tooLong := slice(t, input, cut[0], cut[1])
					if tooLong != 0 {
						t.Fatalf("%q %v: %d lines too long", input, cut, tooLong)
					}
					// A line belongs to the slice in which it begins.
					if begin := len(got); len(lines) > 0 && (begin < cut[0] || begin >= cut[1]) {
						t.Fatalf("%q: the slice %v gives %q, which begins at %d", input, cut, lines, begin)
					}
					got = append(got, lines...)
				}
				if string(got) != input {
					t.Fatalf("%q cut at %d and %d: got %q", input, a, b, got)
				}
			}
		}
	}
}

// TestSlicesOfLargeInput has blocks, lines longer than the longest and cuts in all of them.
func TestSlicesOfLargeInput(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 60 {
		var input strings.Builder
		for input.Len() < 3*Size {
			switch r.IntN(40) {
			case 0:
				input.WriteString(strings.Repeat("x", []int{MaxLine - 1, MaxLine, MaxLine + 1, 2 * MaxLine, Size, Size + MaxLine}[r.IntN(6)]))
			default:
				input.WriteString(strings.Repeat("y", r.IntN(20_000)))
			}
			input.WriteByte('\n')
		}
		text := input.String()
		if r.IntN(2) == 0 {
			text = strings.TrimSuffix(text, "\n")
		}
		want, wantLong := kept(strings.NewReader(text))
		var got []byte
		long := int64(0)
		for from := 0; from < len(text); {
			to := min(len(text), from+1+r.IntN(Size))
			if r.IntN(3) == 0 {
				if end := strings.IndexByte(text[from:], '\n'); end >= 0 { // a cut at a newline, or beside it
					to = min(len(text), max(from+1, from+end+r.IntN(3)))
				}
			}
			lines, tooLong := slice(t, text, from, to)
			short, more := kept(bytes.NewReader(lines))
			got, long = append(got, short...), long+tooLong+more
			from = to
		}
		if long != wantLong || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes and %d lines too long, want %d and %d", len(got), long, len(want), wantLong)
		}
	}
}

// TestReadingStopsAt: what a reader has given out until it was stopped is the lines that begin before At, and those from there on are the
// rest. (A line that is too long may be in neither.)
func TestReadingStopsAt(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var input strings.Builder
		for input.Len() < 4*Size {
			input.WriteString(strings.Repeat("x", []int{r.IntN(200), r.IntN(20_000), MaxLine, MaxLine + 1, Size + r.IntN(Size)}[max(0, r.IntN(25)-20)]))
			input.WriteByte('\n')
		}
		text := strings.TrimSuffix(input.String(), "\n"[r.IntN(2):])
		from, to := r.IntN(len(text)), len(text)
		if r.IntN(2) == 0 {
			from, to = from/2, from/2+r.IntN(len(text)-from/2)
		}
		l := NewSliceReader(strings.NewReader(text[Before(int64(from)):]), int64(from), int64(to))
		var first []byte
		for range r.IntN(7) {
			lines, _, err := l.Next()
			if err == io.EOF {
				break
			}
			first = append(first, lines...)
		}
		at := max(from, min(int(l.At()), to))
		before, _ := slice(t, text, from, at)
		after, _ := slice(t, text, at, to)
		all, _ := slice(t, text, from, to)
		for _, lines := range []*[]byte{&first, &before, &after, &all} {
			*lines, _ = kept(bytes.NewReader(*lines))
		}
		if !bytes.Equal(first, before) || !bytes.Equal(append(before, after...), all) {
			t.Fatalf("%d to %d, stopped at %d: %d bytes given out, %d before it, %d after it, %d in all", from, to, at, len(first), len(before), len(after), len(all))
		}
	}
}

// kept is the lines that are not too long, and how many are.
func kept(r io.Reader) (lines []byte, tooLong int64) {
	all, _ := io.ReadAll(r)
	for len(all) > 0 {
		line := all
		if end := bytes.IndexByte(all, '\n'); end >= 0 {
			line = all[:end+1]
		}
		all = all[len(line):]
		if len(bytes.TrimSuffix(line, []byte("\n"))) > MaxLine {
			tooLong++
		} else {
			lines = append(lines, line...)
		}
	}
	return lines, tooLong
}
