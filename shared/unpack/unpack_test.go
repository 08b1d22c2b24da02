package unpack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
)

func TestKinds(t *testing.T) {
	three := strings.Repeat(row, 3)
	text := []byte(three)
	entry := func(name, within, content string) seen { return seen{Name: name, Within: within, Bytes: content} }
	capture := func(name, within string, content []byte) seen {
		return seen{Name: name, Within: within, Bytes: string(content), Kind: Pcap}
	}
	for _, c := range []struct {
		name    string
		content []byte
		want    []seen
	}{
		{"a.csv", text, []seen{entry("a.csv", "", three)}},
		{"empty.csv", nil, []seen{entry("empty.csv", "", "")}},
		{"misnamed.zip", text, []seen{entry("misnamed.zip", "", three)}},
		{"a.csv.gz", tracetest.Gzip(text), []seen{entry("a.csv", "", three)}},
		{"A.CSV.GZ", tracetest.Gzip(text, text), []seen{entry("A.CSV", "", three+three)}},
		{"a.csv", tracetest.Gzip(text), []seen{entry("a.csv", "", three)}},
		{".gz", tracetest.Gzip(text), []seen{entry(".gz", "", three)}},
		{"a.csv.zst", tracetest.Zstandard(text), []seen{entry("a.csv", "", three)}},
		{"a.csv.zst", append([]byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc"), append(tracetest.Zstandard(text), tracetest.Zstandard(text)...)...), []seen{entry("a.csv", "", three+three)}},
		{"a.csv.bz2", bz2Rows, []seen{entry("a.csv", "", three)}},
		{"a.csv.bz2", append(bytes.Clone(bz2Rows), bz2Rows...), []seen{entry("a.csv", "", three+three)}},
		{"a.csv.bz2", bz2Nothing, []seen{entry("a.csv", "", "")}},
		{"x.tgz", tracetest.Gzip(text), []seen{entry("x.tar", "", three)}},
		{"twice.csv.gz.gz", tracetest.Gzip(tracetest.Gzip(text)), []seen{entry("twice.csv", "", three)}},
		{"BZh9 is text", []byte("BZh9, it says\n"), []seen{entry("BZh9 is text", "", "BZh9, it says\n")}},
		{"wide.csv", utf16Of("1,ä,€,😀\n", false), []seen{entry("wide.csv", "", "1,ä,€,😀\n")}},
		{"wide.csv", utf16Of(three, true), []seen{entry("wide.csv", "", three)}},
		{"wide.csv.gz", tracetest.Gzip(utf16Of(three, true)), []seen{entry("wide.csv", "", three)}},
		{"p", pcap, []seen{capture("p", "", pcap)}},
		{"p", pcapng, []seen{capture("p", "", pcapng)}},
		{"p.csv.gz", tracetest.Gzip(pcapng), []seen{capture("p.csv", "", pcapng)}},
		{"x.tar", tarOf(member{"a.csv", text}, member{"sub/b.csv", text}), []seen{entry("a.csv", "x.tar", three), entry("b.csv", "x.tar/sub", three)}},
		{"x.tgz", tracetest.Gzip(tarOf(member{"sub/a.csv", text})), []seen{entry("a.csv", "x.tgz/sub", three)}},
		{"x.tar.zst", tracetest.Zstandard(tarOf(member{"sub/a.csv.gz", tracetest.Gzip(text)})), []seen{entry("a.csv", "x.tar.zst/sub", three)}},
		{"x.tar.bz2", bz2Tar, []seen{entry("a.csv", "x.tar.bz2/sub", three)}},
		{"x.zip", zipOf(zip.Deflate, member{"a.csv", text}, member{"sub/dir/", nil}, member{"sub/dir/b.csv", text}, member{"c.pcap", pcap}),
			[]seen{entry("a.csv", "x.zip", three), entry("b.csv", "x.zip/sub/dir", three), capture("c.pcap", "x.zip", pcap)}},
		{"a trace", zipOf(zip.Store, member{"a.csv.gz", tracetest.Gzip(text)}, member{"b.csv", text}, member{"empty", nil}),
			[]seen{entry("a.csv", "a trace", three), entry("b.csv", "a trace", three), entry("empty", "a trace", "")}},
		{"a.zip", zipOf(zip.Store, member{"b.zip", zipOf(zip.Deflate, member{"d/c.csv", text})}), []seen{entry("c.csv", "a.zip/b.zip/d", three)}},
		{"a.zip", zipOf(zip.Deflate, member{"s/b.zip", zipOf(zip.Deflate, member{"c.csv", text})}), []seen{entry("c.csv", "a.zip/s/b.zip", three)}},
		{"a.tar", tarOf(member{"b.zip", zipOf(zip.Deflate, member{"c.tgz", tracetest.Gzip(tarOf(member{"d.csv.gz", tracetest.Gzip(text)}))})}), []seen{entry("d.csv", "a.tar/b.zip/c.tgz", three)}},
		{"a.zip.gz", tracetest.Gzip(zipOf(zip.Deflate, member{"c.csv", text})), []seen{entry("c.csv", "a.zip.gz", three)}},
	} {
		for i := range c.want {
			c.want[i].Number = i
		}
		for _, f := range []File{file{c.content, c.name}, newInflating(file{c.content, c.name}, -1), newInflating(file{c.content, c.name}, 7)} {
			got, err := look(t, f, Limits{})
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			same(t, c.name, got, c.want)
		}
	}
}

func same(t *testing.T, name string, got, want []seen) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d told, want %d: %v", name, len(got), len(want), got)
		return
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: got\n%v, want\n%v", name, got[i], want[i])
		}
	}
}

// TestRefused: what is read nowhere is named, with what to do, and whether it may be a trace.
func TestRefused(t *testing.T) {
	workbook := zipOf(zip.Deflate, member{"[Content_Types].xml", []byte("<x/>")}, member{"xl/workbook.xml", []byte("<x/>")})
	letter := zipOf(zip.Deflate, member{"[Content_Types].xml", []byte("<x/>")}, member{"word/document.xml", []byte("<x/>")})
	for _, c := range []struct {
		content, reason string
		trace           bool
	}{
		{"\xfd7zXZ\x00\x00\x04", "xz", true},
		{"7z\xbc\xaf\x27\x1c\x00\x04", "7z", true},
		{"Rar!\x1a\x07\x01\x00", "RAR", true},
		{"\x04\x22\x4d\x18\x64\x40\xa7", "lz4", true},
		{"snoop\x00\x00\x00\x00\x00\x00\x02", "editcap", true},
		{"GMBU\x00\x02", "editcap", true},
		{"RTSS\x00\x02", "editcap", true},
		{"%PDF-1.7\n", "PDF", false},
		{"\x89PNG\r\n\x1a\n\x00", "PNG", false},
		{"\xff\xd8\xff\xe0\x00", "JPEG", false},
		{"\x7fELF\x02\x01\x01\x00", "ELF", false},
		{"SQLite format 3\x00", "CSV", false},
		{"PAR1\x15\x04", "CSV", false},
		{string(workbook), "an Excel workbook: save it as CSV", false},
		{string(letter), "an office document", false},
		{"\x01\x02\x03\x00", "not a text file, nor a capture", false},
		{"\xff\xfe\x00\x00a\x00\x00\x00", "not a text file, nor a capture", false},
		{string(zipOf(zip.Store)), "nothing", false},
	} {
		got, err := look(t, file{held(c.content), "x"}, Limits{})
		if err != nil || len(got) != 1 || !strings.Contains(got[0].Reason, c.reason) || got[0].Trace != c.trace || got[0].Within != "" || got[0].Name != "x" {
			t.Errorf("%.20q: %v, %v", c.content, got, err)
		}
		for name, packed := range map[string][]byte{"x.zip": zipOf(zip.Store, member{"d/x", []byte(c.content)}, member{"a", []byte(row)}), "x.tar": tarOf(member{"d/x", []byte(c.content)}, member{"a", []byte(row)})} {
			got, err := look(t, file{packed, name}, Limits{})
			if err != nil || len(got) != 2 || !strings.Contains(got[0].Reason, c.reason) || got[0].Trace != c.trace || got[0].Within != name+"/d" || got[1].Bytes != row {
				t.Errorf("%.20q in %s: %v, %v", c.content, name, got, err)
			}
		}
	}
}

func TestPassedOver(t *testing.T) {
	names := []string{".hidden.csv", "__MACOSX/._a.csv", "sub/Thumbs.db", ".git/config", "._a.csv"}
	members := []member{}
	for _, name := range names {
		members = append(members, member{name, []byte(row)})
	}
	for name, packed := range map[string][]byte{"x.zip": zipOf(zip.Deflate, members...), "x.tar": tarOf(members...)} {
		got, err := look(t, file{packed, name}, Limits{})
		if err != nil || len(got) != len(names) {
			t.Fatalf("%s: %v, %v", name, got, err)
		}
		for _, s := range got {
			if s.Reason == "" || s.Trace {
				t.Errorf("%s: %v", name, s)
			}
		}
	}
	if got, err := look(t, file{held(row), ".chosen.csv"}, Limits{}); err != nil || len(got) != 1 || got[0].Bytes != row {
		t.Errorf("a hidden file that was chosen: %v, %v", got, err)
	}
}

func TestLinks(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: "dir/", Typeflag: tar.TypeDir, Mode: 0o700})
	w.WriteHeader(&tar.Header{Name: "link.csv", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink})
	w.WriteHeader(&tar.Header{Name: "device", Typeflag: tar.TypeChar})
	w.WriteHeader(&tar.Header{Name: "a.csv", Size: int64(len(row))})
	w.Write([]byte(row))
	w.Close()
	got, err := look(t, file{b.Bytes(), "x.tar"}, Limits{})
	if err != nil || len(got) != 3 || got[0].Trace || got[1].Trace || got[2].Bytes != row || got[2].Number != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

// TestZipEntries: an entry that is encrypted, or compressed in a way of its own, is told; the next one is read.
func TestZipEntries(t *testing.T) {
	z := zipOf(zip.Deflate, member{"a.csv", []byte(row)}, member{"b.csv", []byte(row)})
	second := bytes.LastIndex(z, []byte("PK\x01\x02"))
	first := bytes.Index(z, []byte("PK\x01\x02"))
	encrypted := bytes.Clone(z)
	encrypted[first+8] |= 1
	deflate64 := bytes.Clone(z)
	deflate64[first+10] = 9
	damaged := bytes.Clone(z)
	damaged[30+len("a.csv")+10] ^= 0x55
	wrongSum := bytes.Clone(z)
	wrongSum[first+16] ^= 1
	for name, c := range map[string]struct {
		content []byte
		words   string
	}{
		"encrypted": {encrypted, "encrypted"}, "deflate64": {deflate64, "method"},
		"damaged": {damaged, "damaged"}, "wrong sum": {wrongSum, "damaged"},
	} {
		got, err := look(t, file{c.content, "x.zip"}, Limits{})
		if err != nil || len(got) != 2 || !strings.Contains(got[0].Reason+got[0].Err, c.words) || got[0].Reason != "" && !got[0].Trace || got[1].Bytes != row || got[1].Err != "" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if second <= first {
		t.Fatal("the archive has one entry only")
	}
	var b bytes.Buffer // by methods that are read, but not written by Go
	w := zip.NewWriter(&b)
	for method, content := range map[uint16][]byte{methodZstd: tracetest.Zstandard([]byte(row)), methodBzip2: bz2Rows} {
		h := &zip.FileHeader{Name: "x.csv", Method: method, CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(row)), CRC32: sumOf(row)}
		if method == methodBzip2 {
			h.UncompressedSize64, h.CRC32 = uint64(3*len(row)), sumOf(strings.Repeat(row, 3))
		}
		raw, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		raw.Write(content)
	}
	w.Close()
	got, err := look(t, file{b.Bytes(), "x.zip"}, Limits{})
	if err != nil || len(got) != 2 || got[0].Err != "" || got[1].Err != "" || len(got[0].Bytes)+len(got[1].Bytes) != 4*len(row) {
		t.Errorf("%v, %v", got, err)
	}
}

// TestFrom: a walk from a number on tells what the whole one tells from there on.
func TestFrom(t *testing.T) {
	inner := zipOf(zip.Deflate, member{"a.csv", []byte("a\n")}, member{".b", nil}, member{"c.csv.gz", tracetest.Gzip([]byte("c\n"))})
	members := []member{{"1.csv", []byte("1\n")}, {"2.zip", inner}, {"3.pdf", []byte("%PDF-")}, {"4.tgz", tracetest.Gzip(tarOf(member{"d.csv", []byte("d\n")}, member{"e.csv", []byte("e\n")}))}, {"5.csv", []byte("5\n")}}
	for name, content := range map[string][]byte{"zip": zipOf(zip.Deflate, members...), "stored": zipOf(zip.Store, members...), "tar": tarOf(members...), "tgz": tracetest.Gzip(tarOf(members...))} {
		f := file{content, "x"}
		all, err := look(t, f, Limits{})
		if err != nil || len(all) != 8 {
			t.Fatalf("%s: %v, %v", name, all, err)
		}
		for from := range len(all) + 1 {
			got, err := look(t, newInflating(f, int64(from)), Limits{From: from})
			if err != nil {
				t.Errorf("%s from %d: %v", name, from, err)
			}
			same(t, name, got, all[from:])
		}
	}
}

// TestVisitorStops: the visitor's error ends the walk at once, and is its error; it need not read what it is given.
func TestVisitorStops(t *testing.T) {
	stop := errors.New("enough")
	for name, content := range map[string][]byte{
		"zip": zipOf(zip.Deflate, member{"a", rows(1000)}, member{"b", rows(1000)}, member{"c", nil}), "tgz": tracetest.Gzip(tarOf(member{"a", rows(1000)}, member{"b", rows(1000)}, member{"c", nil})),
		"nested": zipOf(zip.Deflate, member{"x.tgz", tracetest.Gzip(tarOf(member{"a", rows(1000)}, member{"b", rows(1000)}, member{"c", nil}))}),
	} {
		f := newInflating(file{content, "x"}, -1)
		seen := ""
		err := Walk(f, Limits{}, Visitor{Entry: func(e Entry) error {
			if seen += e.Name; e.Name == "b" {
				io.ReadFull(e.Reader, make([]byte, 10))
				return stop
			}
			return nil
		}})
		if err != stop || seen != "ab" {
			t.Errorf("%s: %q, %v", name, seen, err)
		}
		if *f.opened == 0 || *f.opened != *f.closed {
			t.Errorf("%s: %d streams of the platform opened, %d closed", name, *f.opened, *f.closed)
		}
	}
}
