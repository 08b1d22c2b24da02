package unpack

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
)

// A ring is a file of the same bytes again and again, and an end.
type ring struct {
	block []byte
	size  int64
	end   []byte
}

func (r ring) Name() string { return "x.csv.gz" }
func (r ring) Size() int64  { return r.size }
func (r ring) ReadAt(b []byte, off int64) (n int, err error) {
	for n < len(b) && off < r.size {
		m := 0
		if end := r.size - int64(len(r.end)); off >= end {
			m = copy(b[n:], r.end[off-end:])
		} else {
			m = copy(b[n:], r.block[off%int64(len(r.block)):])
			m = int(min(int64(m), end-off))
		}
		n, off = n+m, off+int64(m)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// drain walks f and reads all with little memory. It returns what came of the entries, and what was allocated in all, which is more than
// was held at any time.
func drain(t *testing.T, f File, l Limits) (sizes []int64, told []string, err error, allocated uint64) {
	t.Helper()
	buffer := make([]byte, 256<<10)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = Walk(f, l, Visitor{
		Entry: func(e Entry) error {
			n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{e.Reader}, buffer)
			sizes, told = append(sizes, n), append(told, words(err))
			return nil
		},
		Other: func(o Other) { sizes, told = append(sizes, 0), append(told, o.Reason) },
	})
	runtime.ReadMemStats(&after)
	return sizes, told, err, after.TotalAlloc - before.TotalAlloc
}

func zeros(n int) []byte { return make([]byte, n) }

const most = ratioFrom + 1<<20 // that is given of a bomb

func TestBombs(t *testing.T) {
	endless := ring{block: tracetest.Gzip(bytes.Repeat([]byte("x"), 4<<20)), size: 64 << 30}
	bomb := bytes.Repeat(endless.block, 25)
	packed := zipOf(zip.Deflate, member{"a", bytes.Repeat([]byte("x"), 100<<20)}, member{"b", rows(100_000)})
	overlapping := overlap(zipOf(zip.Deflate, member{"a.csv", bytes.Repeat([]byte("x"), 60<<20)}), 1000)
	for name, c := range map[string]struct {
		f        File
		stops    bool // the walk, not an entry only
		entries  int
		complete int    // entries that come to their end
		memory   uint64 // bytes
	}{
		"endless gzip":             {endless, false, 1, 0, 2 << 20},
		"gzip":                     {file{bomb, "x.gz"}, false, 1, 0, 2 << 20},
		"gzip, by the platform":    {newInflating(file{bomb, "x.gz"}, -1), false, 1, 0, 2 << 20},
		"zstd":                     {file{bytes.Repeat(tracetest.Zstandard(bytes.Repeat([]byte("x"), 4<<20)), 25), "x.zst"}, false, 1, 0, 40 << 20},
		"zip":                      {file{packed, "x.zip"}, false, 2, 1, 4 << 20},
		"zip, by the platform":     {newInflating(file{packed, "x.zip"}, -1), false, 2, 1, 4 << 20},
		"zip of gzip bombs":        {file{zipOf(zip.Store, member{"a.gz", bomb}, member{"b.gz", bomb}), "x.zip"}, false, 2, 0, 4 << 20},
		"zip of gzip bombs, large": {file{zipOf(zip.Store, member{"a.gz", bomb}, member{"b.gz", bomb}, member{"c.csv", rows(100_000)}), "x.zip"}, false, 3, 1, 4 << 20},
		"overlapping entries":      {file{overlapping, "x.zip"}, true, 9, 8, 4 << 20},
		"twice gzip":               {file{tracetest.Gzip(bomb), "x.gz.gz"}, false, 1, 0, 2 << 20},
		"sparse tar":               {file{sparseTar, "x.tgz"}, false, 1, 0, 2 << 20},
	} {
		sizes, told, err, allocated := drain(t, c.f, Limits{})
		t.Logf("%s: %v bytes, %q, %v, %d kB allocated", name, sizes, told, err, allocated>>10)
		stopped, complete := 0, 0
		for i := range sizes {
			if told[i] == "" {
				complete++
			}
			if strings.Contains(told[i], "more than 250 times its size, which no trace does: stopped after ") {
				stopped++
			}
			if sizes[i] > 2*most {
				t.Errorf("%s: %d bytes", name, sizes[i])
			}
		}
		if c.stops != (err != nil && strings.Contains(err.Error(), "250 times")) {
			t.Errorf("%s: the walk ended by %v", name, err)
		}
		if stopped != c.entries-c.complete || complete != c.complete {
			t.Errorf("%s: %d stopped, %d complete, want %d entries of which %d are complete", name, stopped, complete, c.entries, c.complete)
		}
		if allocated > c.memory {
			t.Errorf("%s: %d bytes were allocated, want %d at most", name, allocated, c.memory)
		}
	}
}

// overlap makes an archive of one entry into one of n that all are the same bytes.
func overlap(z []byte, n int) []byte {
	directory := bytes.LastIndex(z, []byte("PK\x01\x02"))
	end := bytes.LastIndex(z, []byte("PK\x05\x06"))
	record := z[directory:end]
	out := bytes.Clone(z[:directory])
	for range n {
		out = append(out, record...)
	}
	last := bytes.Clone(z[end:])
	binary.LittleEndian.PutUint16(last[8:], uint16(n))
	binary.LittleEndian.PutUint16(last[10:], uint16(n))
	binary.LittleEndian.PutUint32(last[12:], uint32(n*len(record)))
	return append(out, last...)
}

// TestLargeClaims: what a file says of itself makes nobody allocate it.
func TestLargeClaims(t *testing.T) {
	const size = 8 << 30
	end64 := append([]byte("PK\x06\x06"), zeros(52)...)
	binary.LittleEndian.PutUint64(end64[4:], 44)
	for _, at := range []int{24, 32} {
		binary.LittleEndian.PutUint64(end64[at:], size/40)
	}
	binary.LittleEndian.PutUint64(end64[40:], 46)
	locator := append([]byte("PK\x06\x07"), zeros(16)...)
	binary.LittleEndian.PutUint32(locator[16:], 1)
	tail := append(append(end64, locator...), "PK\x05\x06\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00"...)
	binary.LittleEndian.PutUint64(tail[56+8:], uint64(size-len(tail)))
	binary.LittleEndian.PutUint64(tail[48:], uint64(size-len(tail)-46))

	record := append([]byte("PK\x01\x02"), zeros(42)...) // of a file without a name
	directory := ring{block: record, size: 1 << 30}
	directory.end = append([]byte("PK\x05\x06"), zeros(18)...)
	binary.LittleEndian.PutUint32(directory.end[12:], 1<<30-22-46)
	binary.LittleEndian.PutUint32(directory.end[16:], 46)

	lying := zipOf(zip.Deflate, member{"a.csv", rows(100)}, member{"b.csv", rows(100)})
	at := bytes.Index(lying, []byte("PK\x01\x02"))
	claim := func(offset int, v uint32) []byte {
		b := bytes.Clone(lying)
		binary.LittleEndian.PutUint32(b[at+offset:], v)
		return b
	}
	for name, c := range map[string]struct {
		f      File
		memory uint64
		words  string
	}{
		"zstd of a large window":     {file{held("\x28\xb5\x2f\xfd\x00\xff\x01\x00\x00"), "x.zst"}, 1 << 20, "refer back by more than 128 MiB"},
		"zstd of a window of 128 MB": {file{held("\x28\xb5\x2f\xfd\x00\x88"), "x.zst"}, 1 << 20, "too early"},
		"zip of many claimed files":  {ring{append([]byte("PK\x03\x04"), zeros(60)...), size, tail}, 2 << 20, "far too many files"},
		"zip of many files":          {headed{directory, "PK\x03\x04"}, 128 << 20, "far too many files"},
		"size":                       {file{claim(24, 1<<31), "x.zip"}, 2 << 20, ""},
		"small size":                 {file{claim(24, 3), "x.zip"}, 2 << 20, ""},
		"offset":                     {file{claim(42, 1<<31), "x.zip"}, 2 << 20, ""},
	} {
		sizes, told, err, allocated := drain(t, c.f, Limits{})
		t.Logf("%s: %v bytes, %.200q, %v, %d kB allocated", name, sizes, told, err, allocated>>10)
		if allocated > c.memory || !strings.Contains(words(err)+strings.Join(told, ""), c.words) {
			t.Errorf("%s: %q, %v, %d bytes allocated", name, told, err, allocated)
		}
		if words(err)+strings.Join(told, "") == "" {
			t.Errorf("%s: nothing is told", name)
		}
	}
}

// A headed file begins otherwise.
type headed struct {
	ring
	head string
}

func (h headed) ReadAt(b []byte, off int64) (int, error) {
	n, err := h.ring.ReadAt(b, off)
	if off < int64(len(h.head)) {
		copy(b[:n], h.head[off:])
	}
	return n, err
}

func TestLimits(t *testing.T) {
	many := make([]member, 10_001)
	for i := range many {
		many[i] = member{strconv.Itoa(i) + ".csv", []byte(row)}
	}
	for name, content := range map[string][]byte{"x.zip": zipOf(zip.Store, many...), "x.tgz": tracetest.Gzip(tarOf(many...)), "y.zip": zipOf(zip.Deflate, member{"x.zip", zipOf(zip.Deflate, many...)})} {
		sizes, _, err, _ := drain(t, file{content, name}, Limits{})
		if len(sizes) != 10_000 || err == nil || !strings.Contains(err.Error(), "more than 10000 files") {
			t.Errorf("%s: %d, %v", name, len(sizes), err)
		}
		if sizes, _, err, _ := drain(t, file{content, name}, Limits{Entries: 10_001}); len(sizes) != 10_001 || err != nil {
			t.Errorf("%s: %d, %v", name, len(sizes), err)
		}
	}

	deep := zipOf(zip.Deflate, member{"a.csv", []byte(row)})
	for depth := 2; depth < 7; depth++ {
		deep = zipOf(zip.Deflate, member{strconv.Itoa(depth) + ".zip", deep}, member{"beside.csv", []byte(row)})
		sizes, told, err, _ := drain(t, file{deep, "x.zip"}, Limits{})
		if tooDeep := strings.Contains(strings.Join(told, ""), "more than 4 deep"); err != nil || tooDeep != (depth > 4) || len(sizes) != min(depth, 5) {
			t.Errorf("depth %d: %d, %q, %v", depth, len(sizes), told, err)
		}
	}
	deepest := tracetest.Gzip(tracetest.Gzip(tracetest.Gzip(tracetest.Gzip(tracetest.Gzip([]byte(row))))))
	if _, _, err, _ := drain(t, file{deepest, "x"}, Limits{}); err == nil || !strings.Contains(err.Error(), "deep") {
		t.Errorf("five times gzip: %v", err)
	}

	content := rows(50_000)
	for name, packed := range map[string][]byte{"x.gz": tracetest.Gzip(content), "x.zip": zipOf(zip.Deflate, member{"a", content}, member{"b", content}), "x.tgz": tracetest.Gzip(tarOf(member{"a", content}, member{"b", content}))} {
		sizes, told, err, _ := drain(t, file{packed, name}, Limits{Bytes: 1 << 20})
		if len(sizes) != 1 || sizes[0] < 1<<20-1024 || sizes[0] > 1<<20+512<<10 || !strings.Contains(told[0], "more than 1 MiB") || err == nil {
			t.Errorf("%s: %v, %q, %v", name, sizes, told, err)
		}
	}

	inner := zipOf(zip.Store, member{"a.csv", content})
	outer := file{zipOf(zip.Deflate, member{"in.zip", inner}, member{"b.csv", []byte(row)}), "x.zip"}
	sizes, told, err, _ := drain(t, outer, Limits{Held: 1 << 20})
	if err != nil || len(sizes) != 2 || !strings.Contains(told[0], "unpack the outer one") || sizes[1] != int64(len(row)) {
		t.Errorf("a large zip in a zip: %v, %q, %v", sizes, told, err)
	}
	kept, got := 0, 0
	err = Walk(outer, Limits{Held: 1}, Visitor{
		Keep: func(r io.Reader) File {
			b, _ := io.ReadAll(r)
			kept = len(b)
			return file{b, ""}
		},
		Entry: func(e Entry) error {
			b, err := io.ReadAll(e.Reader)
			got += len(b)
			return err
		},
		Other: func(o Other) { t.Errorf("%+v", o) },
	})
	if err != nil || kept != len(inner) || got != len(content)+len(row) {
		t.Errorf("set aside: %d bytes, read %d, %v", kept, got, err)
	}
}

// TestNames: whatever stands in an archive, a name is short, shows what it is, and leads nowhere.
func TestNames(t *testing.T) {
	long := strings.Repeat("ä", 300)
	for path, want := range map[string][2]string{
		"../../etc/passwd.csv":               {"x.zip/etc", "passwd.csv"},
		"/abs/./a.csv":                       {"x.zip/abs", "a.csv"},
		`win\dows\a.csv`:                     {"x.zip/win/dows", "a.csv"},
		"<img src=x onerror=y>.csv":          {"x.zip", "<img src=x onerror=y>.csv"},
		"a\x00b\x1b[31m\u202e\n.csv":         {"x.zip", "a\ufffdb\ufffd[31m\ufffd\ufffd.csv"},
		"\xff\xfe.csv":                       {"x.zip", "\ufffd\ufffd.csv"},
		long + ".csv":                        {"x.zip", strings.Repeat("ä", 254) + "…"},
		long + "/a.csv":                      {"x.zip/" + strings.Repeat("ä", 248) + "…", "a.csv"},
		"..":                                 {"x.zip", "unnamed"},
		strings.Repeat("a/", 1000) + "b.csv": {("x.zip/" + strings.Repeat("a/", 1000))[:254] + "…", "b.csv"},
	} {
		got, err := look(t, file{zipOf(zip.Deflate, member{path, []byte(row)}), "x.zip"}, Limits{})
		if err != nil || len(got) != 1 || got[0].Within != want[0] || got[0].Name != want[1] || got[0].Bytes != row {
			t.Errorf("%.50q: %v, %v", path, got, err)
		}
	}
	if got, _ := look(t, file{held(row), strings.Repeat("x", 255)}, Limits{}); got[0].Name != strings.Repeat("x", 255) {
		t.Errorf("a name of 255 characters: %v", got)
	}
	if got, _ := look(t, file{held(row), "\x07" + long}, Limits{}); got[0].Name != "\ufffd"+strings.Repeat("ä", 253)+"…" {
		t.Errorf("a name of 301 characters: %v", got)
	}
}
