package lineblock

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

// feed runs input through a Buffer in pieces of at most size bytes and returns what came out.
func feed(b *Buffer, input []byte, size func() int) (out []byte) {
	for len(input) > 0 {
		n := min(size(), len(input))
		copy(b.Space(n), input[:n])
		input = input[n:]
		lines := b.Lines(n)
		if len(lines) > 0 && lines[len(lines)-1] != '\n' {
			panic("a block does not end on a newline")
		}
		out = append(out, lines...)
	}
	return append(out, b.Rest()...)
}

func TestEveryCutGivesTheInput(t *testing.T) {
	for _, input := range []string{"", "\n", "a", "a\n", "a\nbb\n", "a\n\n\nbb", "\r\na\r\n", strings.Repeat("0.1,192.0.2.1\n", 40)} {
		for size := 1; size <= len(input)+1; size++ {
			var b Buffer
			if got := feed(&b, []byte(input), func() int { return size }); string(got) != input || b.TooLong != 0 {
				t.Fatalf("input %q in pieces of %d: got %q, %d too long", input, size, got, b.TooLong)
			}
		}
	}
}

func TestLongLines(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	long := strings.Repeat("x", MaxLine+1)
	for _, size := range []int{1000, MaxLine - 1, MaxLine, MaxLine + 1, 3 * MaxLine} {
		for _, input := range []string{long, long + "\n", "a\n" + long + "\nb\n", "a\n" + long + long + "\n" + long + "\nb"} {
			var b Buffer
			got := feed(&b, []byte(input), func() int { return 1 + r.IntN(size) })
			kept := int64(bytes.Count(got, []byte("x\n")))
			if bytes.HasSuffix(got, []byte("x")) {
				kept++
			}
			want := int64(0)
			for _, line := range strings.Split(input, "\n") {
				if len(line) > MaxLine {
					want++
				}
			}
			// A long line that arrives within one piece is given out whole; the parser counts it then.
			if b.TooLong+kept != want {
				t.Errorf("size %d: %d counted here, %d given out, want %d in all", size, b.TooLong, kept, want)
			}
			for _, line := range strings.Split(input, "\n") {
				if len(line) == 1 && !bytes.Contains(got, []byte(line)) {
					t.Errorf("size %d: the short line %q is lost", size, line)
				}
			}
		}
	}
}

func TestReaderGivesTheInput(t *testing.T) {
	for _, size := range []int{0, 1, Size - 1, Size, Size + 1, 2*Size + 7} {
		for _, end := range []string{"", "\n"} {
			input := strings.Repeat("0.1,192.0.2.1,55,,198.51.100.7,443,,60\n", size/39+1)[:size] + end
			l, got := NewReader(iotest.HalfReader(strings.NewReader(input))), []byte(nil)
			total := 0
			for {
				lines, n, err := l.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got, total = append(got, lines...), total+n
			}
			if string(got) != input || total != len(input) {
				t.Errorf("size %d, end %q: got %d bytes, said %d", size, end, len(got), total)
			}
		}
	}
}
