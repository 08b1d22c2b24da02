package unpack

import (
	"archive/zip"
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
)

// samples are small files of every kind, and whether their end is known, so that a cut is.
func samples() map[string]struct {
	content []byte
	ends    bool
} {
	text := rows(25)
	type sample = struct {
		content []byte
		ends    bool
	}
	return map[string]sample{
		"a.csv":       {text, false},
		"a.csv.gz":    {tracetest.Gzip(text), true},
		"two.csv.gz":  {tracetest.Gzip(text[:700], text[700:]), false},
		"a.csv.zst":   {tracetest.Zstandard(text), true},
		"a.csv.bz2":   {bz2Rows, true},
		"wide.csv":    {utf16Of("1,ä,€,😀\n1,2,3,😀\n", false), false},
		"p.pcap":      {append(bytes.Clone(pcap), text...), false},
		"p.pcapng.gz": {tracetest.Gzip(append(bytes.Clone(pcapng), text...)), true},
		"x.tar":       {tarOf(member{"a.csv", text}, member{"sub/b.csv.gz", tracetest.Gzip(text)}), false},
		"x.tgz":       {tracetest.Gzip(tarOf(member{"a.csv", text[:300]}, member{"sub/b.csv", text})), true},
		"x.tar.zst":   {tracetest.Zstandard(tarOf(member{"a.csv", text[:300]}, member{"sub/b.csv", text})), true},
		"x.zip":       {zipOf(zip.Deflate, member{"a.csv", text}, member{"sub/b.csv", text[:300]}), true},
		"y.zip":       {zipOf(zip.Deflate, member{"x.zip", zipOf(zip.Deflate, member{"a.csv", text[:300]})}, member{"b.tgz", tracetest.Gzip(tarOf(member{"b.csv", text[:300]}))}), true},
	}
}

// TestCut: of a file cut anywhere comes a beginning of what is in it and, wherever that can be known, word that it is not all.
func TestCut(t *testing.T) {
	for name, s := range samples() {
		truth := map[string]string{}
		whole, err := look(t, file{s.content, name}, Limits{})
		if err != nil {
			t.Fatal(name, err)
		}
		for _, e := range whole {
			truth[e.Within+"/"+e.Name] = e.Bytes
		}
		most := 0
		for cut := range len(s.content) {
			f := file{held(s.content[:cut]), name}
			for _, f := range []File{f, newInflating(f, -1), newInflating(f, int64(cut/2))} {
				all, err := look(t, f, Limits{})
				told, got, enough := err != nil, 0, cut >= 10
				if strings.HasSuffix(name, ".tar") {
					enough = cut >= 512
				}
				for _, e := range all {
					want, known := truth[e.Within+"/"+e.Name]
					told = told || e.Err != "" || e.Reason != "" && e.Trace
					got += len(e.Bytes)
					if enough && len(e.Bytes) >= 10 && (!known || !strings.HasPrefix(want, e.Bytes)) { // enough to see what it is
						t.Fatalf("%s cut at %d: %v", name, cut, e)
					}
					if e.Err != "" && !strings.Contains(e.Err, "end") && !strings.Contains(e.Err, "damaged") {
						t.Errorf("%s cut at %d: %s", name, cut, e.Err)
					}
				}
				if s.ends && !told && cut >= 10 {
					t.Errorf("%s cut at %d: nothing is told: %v", name, cut, all)
				}
				most = max(most, got)
			}
		}
		t.Logf("%s: of one cut come up to %d bytes", name, most)
	}
}

func words(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// alike compares what came with a platform's inflating to what came without: where there is an error, the one may have gone a symbol
// or two further than the other.
func alike(t *testing.T, name string, got, want []seen) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		g, w := &got[i], &want[i]
		if n := min(len(g.Bytes), len(w.Bytes)); g.Err != "" && g.Err == w.Err && max(len(g.Bytes), len(w.Bytes)) <= n+2*258 && g.Bytes[:n] == w.Bytes[:n] {
			g.Bytes = w.Bytes
		}
	}
	same(t, name, got, want)
}

// TestInflater: wherever the platform's inflating fails, what comes is what comes without it.
func TestInflater(t *testing.T) {
	text := rows(10)
	one, two := tracetest.Gzip(text), tracetest.Gzip(text[:200], text[200:])
	z := zipOf(zip.Deflate, member{"a.csv", text}, member{"b.tgz", tracetest.Gzip(tarOf(member{"c.csv", text}))})
	flipped := bytes.Clone(one)
	flipped[len(flipped)/2] ^= 0x10
	sum := bytes.Clone(one)
	sum[len(sum)-5] ^= 1
	longer, shorter := bytes.Clone(z), bytes.Clone(z)
	size := bytes.Index(z, []byte("PK\x01\x02")) + 24 // of a.csv, unpacked
	longer[size]++
	shorter[size]--
	for name, content := range map[string][]byte{
		"one": one, "two": two, "cut": one[:len(one)-20], "no sum": one[:len(one)-8], "flipped": flipped, "wrong sum": sum, "junk": append(bytes.Clone(one), "junk"...),
		"zeros after": append(bytes.Clone(one), make([]byte, 100)...), "tgz": tracetest.Gzip(tarOf(member{"a.csv", text}, member{"b.csv", text})), "zip": z, "longer": longer, "shorter": shorter,
	} {
		f := file{content, "x"}
		want, err := look(t, f, Limits{})
		for fail := int64(-1); fail < 800; fail += 3 {
			native := newInflating(f, fail)
			got, gotErr := look(t, native, Limits{})
			alike(t, name, got, want)
			if words(err) != words(gotErr) {
				t.Errorf("%s, failing after %d: %v, want %v", name, fail, gotErr, err)
			}
			if *native.opened == 0 || *native.opened != *native.closed {
				t.Fatalf("%s: %d streams of the platform opened, %d closed", name, *native.opened, *native.closed)
			}
		}
		native := newInflating(f, -1)
		native.refuses = true
		got, _ := look(t, native, Limits{})
		same(t, name, got, want)
	}
}

// TestDamaged: no byte of a file, whatever it is turned into, ends in more than an error.
func TestDamaged(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, s := range samples() {
		for at := range s.content {
			damaged := bytes.Clone(s.content)
			damaged[at] ^= byte(1 + r.IntN(255))
			look(t, file{damaged, name}, Limits{})
			look(t, newInflating(file{damaged, name}, int64(r.IntN(1000))), Limits{})
		}
	}
}

func TestRandomBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	heads := []string{"", "\x1f\x8b\x08\x00", "\x28\xb5\x2f\xfd", "PK\x03\x04", "BZh91AY&SY", "\xff\xfe", "\xfe\xff", "\x0a\x0d\x0d\x0a"}
	for range 3000 {
		b := make([]byte, r.IntN(2000))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		copy(b, heads[r.IntN(len(heads))])
		look(t, file{b, "x"}, Limits{})
	}
}

// A broken file cannot be read from an offset on.
type broken struct {
	file
	from int64
}

func (b broken) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > b.from {
		n := 0
		if off < b.from {
			n, _ = b.file.ReadAt(p[:b.from-off], off)
		}
		return n, errGone
	}
	return b.file.ReadAt(p, off)
}

var errGone error = problem("the file has changed since it was chosen")

// TestUnreadable: that the file itself cannot be read is told as it is, not as damage of what it holds.
func TestUnreadable(t *testing.T) {
	for name, content := range map[string][]byte{"a.csv": rows(20_000), "a.gz": tracetest.Gzip(rows(40_000)), "x.tar": tarOf(member{"a.csv", rows(20_000)}, member{"b.csv", rows(20_000)}), "x.zip": zipOf(zip.Store, member{"a.csv", rows(20_000)})} {
		for _, from := range []int64{0, 5000, 300_000} {
			all, err := look(t, broken{file{content, name}, from}, Limits{})
			told := words(err)
			for _, s := range all {
				told += s.Err
			}
			if !strings.Contains(told, errGone.Error()) || strings.Contains(told, "damaged") {
				t.Errorf("%s from %d: %s", name, from, told)
			}
		}
	}
}

// TestUTF16Pieces: it does not matter in which pieces a text comes.
func TestUTF16Pieces(t *testing.T) {
	text := strings.Repeat("1,ä,€,😀,", 9000)
	for _, big := range []bool{false, true} {
		for _, size := range []int{1, 2, 3, 5, 4096} {
			got, err := io.ReadAll(newUTF16(&pieces{utf16Of(text, big), size}, big))
			if err != nil || string(got) != text {
				t.Errorf("pieces of %d: %d bytes of %d, %v", size, len(got), len(text), err)
			}
		}
	}
	lone := []byte("\xff\xfe\x00\xd8a\x00\x00\xdc")
	if got, err := io.ReadAll(newUTF16(bytes.NewReader(lone), false)); err != nil || string(got) != "\ufffda\ufffd" {
		t.Errorf("halves of pairs: %q, %v", got, err)
	}
}

// pieces gives bytes a few at a time.
type pieces struct {
	rest []byte
	size int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.rest[:min(p.size, len(p.rest))])
	p.rest = p.rest[n:]
	return n, nil
}
