package e2e

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracetest"
)

func contentsOf(t *testing.T, paths []string) (names []string, contents [][]byte) {
	t.Helper()
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		names, contents = append(names, filepath.Base(path)), append(contents, b)
	}
	return names, contents
}

// TestPacked: however hour files are packed, they give the report of the plain ones.
func TestPacked(t *testing.T) {
	t.Parallel()
	plain := sampleFiles(t, t.TempDir())[:3]
	want := native(t, plain...)
	names, contents := contentsOf(t, plain)
	inFolder, gz := make([]string, len(names)), make([][]byte, len(names))
	for i, name := range names {
		inFolder[i], gz[i] = "traces/monday/"+name, tracetest.Gzip(contents[i])
	}
	middle := bytes.IndexByte(contents[0][len(contents[0])/2:], '\n') + len(contents[0])/2 + 1
	dir := t.TempDir()
	file := func(name string, content []byte) string { return write(t, dir, name, string(content)) }
	p := open(t, staticHost(t), desktop)
	for name, c := range map[string]struct {
		files  []string
		within string
	}{
		"gzip":               {[]string{file(names[0]+".gz", gz[0]), file(names[1]+".gz", gz[1]), file(names[2]+".gz", gz[2])}, ""},
		"gzip of two parts":  {[]string{file("1/"+names[0]+".gz", tracetest.Gzip(contents[0][:middle], contents[0][middle:])), plain[1], plain[2]}, ""},
		"zstandard":          {[]string{file(names[0]+".zst", tracetest.Zstandard(contents[0])), plain[1], plain[2]}, ""},
		"zip":                {[]string{file("hours.zip", tracetest.Zip(zip.Deflate, names, contents))}, "hours.zip"},
		"zip with folders":   {[]string{file("week.zip", tracetest.Zip(zip.Deflate, inFolder, contents))}, "week.zip/traces/monday"},
		"zip without ending": {[]string{file("a trace", tracetest.Zip(zip.Deflate, names, contents))}, "a trace"},
		"zip of gzip":        {[]string{file("packed.zip", tracetest.Zip(zip.Deflate, []string{names[0] + ".gz", names[1] + ".gz", names[2]}, [][]byte{gz[0], gz[1], contents[2]}))}, "packed.zip"},
		"tar":                {[]string{file("hours.tar", tracetest.Tar(inFolder, contents))}, "hours.tar/traces/monday"},
		"tar, compressed":    {[]string{file("hours.tgz", tracetest.Gzip(tracetest.Tar(names, contents)))}, "hours.tgz"},
		"tar, zstandard":     {[]string{file("hours.tar.zst", tracetest.Zstandard(tracetest.Tar(names, contents)))}, "hours.tar.zst"},
	} {
		r := p.ready(c.files...)
		t.Run(name, func(t *testing.T) { sameReport(t, figuresOf(r), figuresOf(want)) })
		if len(r.Input.Files) != 3 {
			t.Errorf("%s: %+v", name, r.Input.Files)
		}
		for _, f := range r.Input.Files {
			if f.Error != "" || f.Rows == 0 || f.Within != c.within {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}

	// A capture in an archive, beside hour files and things that are no traces.
	capture := tracetest.Captures()[0]
	_, packets := contentsOf(t, []string{capture})
	mixed := tracetest.Zip(zip.Deflate, []string{names[0], "notes/readme.txt", "x.pcap.gz", names[1]}, [][]byte{contents[0], []byte("Dear all,\n"), tracetest.Gzip(packets[0]), contents[1]})
	r := p.ready(file("mixed.zip", mixed))
	sameReport(t, figuresOf(r), figuresOf(native(t, append(convert(t, capture), plain[:2]...)...)))
	if f := fileOf(t, r, "readme.txt"); !f.Ignored || f.Within != "mixed.zip/notes" || f.Error == "" {
		t.Errorf("%+v", f)
	}
}

// TestCutPacked: of what is packed and cut short, every line that can be had is a row, and the page says that it is not all.
func TestCutPacked(t *testing.T) {
	t.Parallel()
	plain := sampleFiles(t, t.TempDir())[:1]
	names, contents := contentsOf(t, plain)
	p := open(t, staticHost(t), desktop)
	for name, packed := range map[string][]byte{names[0] + ".gz": tracetest.Gzip(contents[0]), names[0] + ".zst": tracetest.Zstandard(contents[0])} {
		cut := packed[:len(packed)*2/3]
		r := p.ready(write(t, t.TempDir(), name, string(cut)))
		f := fileOf(t, r, name)
		if f.Error == "" || f.Rows == 0 || r.Packets != f.Rows || !strings.Contains(p.notices(), name+" was not read to its end: "+f.Error) {
			t.Errorf("%s: %+v; the page says %s", name, f, p.notices())
		}
		lines := bytes.SplitAfter(contents[0], []byte("\n"))
		if n := int(f.Rows); n+1 >= len(lines) {
			t.Errorf("%s: %d rows of %d lines", name, n, len(lines))
		} else {
			sameReport(t, figuresOf(r), figuresOf(native(t, write(t, t.TempDir(), names[0], string(bytes.Join(lines[:n+1], nil))))))
		}
	}
}

// repeat is n bytes of a text, again and again.
type repeated struct {
	text string
	n    int64
	at   int
}

func (r *repeated) Read(b []byte) (int, error) {
	if r.n == 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(b) && r.n > 0 {
		m := copy(b[n:], r.text[r.at:])
		m = int(min(int64(m), r.n))
		n, r.n, r.at = n+m, r.n-int64(m), (r.at+m)%len(r.text)
	}
	return n, nil
}

// TestBombs: what unpacks to far more than any trace does, a line without an end, and more addresses than there is room for: the page says
// so, stays small, and reads what comes next.
func TestBombs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pack := func(name string, content io.Reader) string {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, _ := gzip.NewWriterLevel(f, gzip.BestSpeed)
		if _, err := io.Copy(z, content); err != nil {
			t.Fatal(err)
		}
		z.Close()
		return path
	}
	begin := func() io.Reader { return strings.NewReader(header + someRows) }
	zeros := pack("1483880400.csv.gz", io.MultiReader(begin(), &repeated{text: strings.Repeat("0", 64<<10), n: 1 << 30}))
	inner, err := os.ReadFile(zeros)
	if err != nil {
		t.Fatal(err)
	}
	bombs := []string{
		zeros,
		pack("1483884000.csv.gz", io.MultiReader(begin(), &repeated{text: strings.Repeat("x", 64<<10), n: 1 << 30})),
		write(t, dir, "nested.zip", string(tracetest.Zip(zip.Deflate, []string{"1483887600.csv.gz", "1483891200.csv.gz"}, [][]byte{inner, inner}))),
	}
	good := sampleFiles(t, t.TempDir())[:2]
	p := open(t, staticHost(t), desktop)
	r := p.ready(append(bombs, good...)...)
	if r.Packets < native(t, good...).Packets {
		t.Errorf("%d packets", r.Packets)
	}
	for _, name := range []string{"1483880400.csv.gz", "1483884000.csv.gz", "1483887600.csv", "1483891200.csv"} {
		f := fileOf(t, r, name)
		t.Logf("%s: %d rows, skipped %v: %s", name, f.Rows, f.Skipped, f.Error)
		if f.Rows != 5 || !strings.Contains(f.Error, "250 times") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	t.Logf("memory of the browser: %s", p.memory())
}

// TestEndlessLine: a gigabyte without a newline is one line that is too long.
func TestEndlessLine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), hourName)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, io.MultiReader(strings.NewReader(header+someRows), &repeated{text: strings.Repeat("x", 1<<20), n: 1 << 30}, strings.NewReader("\n"+someRows))); err != nil {
		t.Fatal(err)
	}
	f.Close()
	p := open(t, staticHost(t), desktop)
	r := p.ready(path)
	got := fileOf(t, r, hourName)
	if r.Packets != 10 || fmt.Sprint(got.Skipped) != "map[line longer than 64 KiB:1]" || fmt.Sprint(got.Lines) != "map[line longer than 64 KiB:[7]]" {
		t.Errorf("%d packets, %+v", r.Packets, got)
	}
	t.Logf("memory of the browser: %s", p.memory())
}

// TestManyAddresses: a trace of ten million addresses is more than the page counts; it says so, and shows what it has counted.
func TestManyAddresses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), hourName)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	w.WriteString(header)
	const rows = 5_000_000
	line := []byte(nil)
	for i := range uint32(rows) {
		p := trace.Packet{TimeNS: 1483873200e9 + int64(i)*500_000, Len: 60}
		p.SetSource(trace.IPv4(10<<24 | i))
		p.SetDestination(trace.IPv4(11<<24 | i))
		p.Has |= trace.Len.Bit()
		line = tracecsv.AppendRow(line[:0], 1483873200, &p)
		w.Write(line)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	p := open(t, staticHost(t), desktop)
	r := p.ready(path)
	got := fileOf(t, r, hourName)
	if r.Packets == 0 || r.Packets >= rows || got.Rows != r.Packets || !strings.Contains(got.Error, "different addresses") || !strings.Contains(p.notices(), "different addresses") {
		t.Errorf("%d packets, %d addresses, %+v; the page says %s", r.Packets, r.Addresses, got, p.notices())
	}
	t.Logf("%d packets, %d addresses; memory of the browser: %s", r.Packets, r.Addresses, p.memory())
	small := sampleFiles(t, t.TempDir())[:1]
	sameReport(t, p.ready(small...), native(t, small...))
}
