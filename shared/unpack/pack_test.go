package unpack

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"testing"
	"unicode/utf16"

	"tracelens/shared/tracetest"
)

// A file is bytes in memory.
type file struct {
	held
	name string
}

func (f file) Name() string { return f.name }

// An inflating file is one whose platform inflates: until fail bytes have come, or wrongly, or not at all.
type inflating struct {
	file
	fail    int64 // -1: it does not
	opened  *int
	closed  *int
	refuses bool
}

func newInflating(f file, fail int64) inflating { return inflating{f, fail, new(int), new(int), false} }

func (f inflating) Inflate(from, to int64, format string) (io.ReadCloser, error) {
	if f.refuses {
		return nil, errors.New("not here")
	}
	*f.opened++
	raw := bytes.NewReader(f.held[from:to])
	var r io.Reader
	switch format {
	case "gzip":
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, err
		}
		z.Multistream(false)
		r = z
	case "deflate-raw":
		r = flate.NewReader(raw)
	default:
		return nil, errors.New("no such format")
	}
	return &inflatingReader{f: f, r: r, raw: raw}, nil
}

type inflatingReader struct {
	f     inflating
	r     io.Reader
	raw   *bytes.Reader
	given int64
}

func (r *inflatingReader) Read(b []byte) (int, error) {
	if r.f.fail >= 0 {
		if r.given >= r.f.fail {
			return 0, errors.New("the platform failed")
		}
		b = b[:min(int64(len(b)), r.f.fail-r.given)]
	}
	n, err := r.r.Read(b)
	if r.given += int64(n); err == io.EOF && r.raw.Len() > 0 {
		err = errors.New("junk found after end")
	}
	return n, err
}

func (r *inflatingReader) Close() error { *r.f.closed++; return nil }

// Packers.

// A member is a file of an archive.
type member struct {
	name    string
	content []byte
}

func zipOf(method uint16, members ...member) []byte {
	names, contents := divided(members)
	return tracetest.Zip(method, names, contents)
}

func tarOf(members ...member) []byte { return tracetest.Tar(divided(members)) }

func divided(members []member) (names []string, contents [][]byte) {
	for _, m := range members {
		names, contents = append(names, m.name), append(contents, m.content)
	}
	return names, contents
}

func utf16Of(s string, big bool) []byte {
	b := []byte(nil)
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func unbase64(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

const row = "1483873200.000001,192.0.2.1,55,,198.51.100.7,443,,60\n"

// rows are lines that no packer makes much of.
func rows(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "%d.%06d,192.0.2.%d,%d,,198.51.100.7,443,,%d\n", i/1000, i*7919%1_000_000, i*31%251, i*104729%65521, 60+i*i%1400)
	}
	return b.Bytes()
}

var (
	pcap   = append([]byte("\xd4\xc3\xb2\xa1\x02\x00\x04\x00"), make([]byte, 16)...)
	pcapng = []byte("\x0a\x0d\x0d\x0a\x1c\x00\x00\x00\x4d\x3c\x2b\x1a\x01\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x1c\x00\x00\x00")
)

// A seen is what a visitor was told: of an entry, or of an other.
type seen struct {
	Number       int
	Name, Within string
	Kind         Kind
	Bytes        string
	Err          string
	Reason       string
	Trace        bool
}

func (s seen) String() string {
	if len(s.Bytes) > 100 {
		s.Bytes = fmt.Sprintf("%.100s... (%d bytes)", s.Bytes, len(s.Bytes))
	}
	return fmt.Sprintf("%d %q in %q kind %d: %q; error %q, reason %q, trace %v", s.Number, s.Name, s.Within, s.Kind, s.Bytes, s.Err, s.Reason, s.Trace)
}

// look walks f, reads every entry, and returns all that it was told. What must hold of every walk is checked.
func look(t testing.TB, f File, l Limits) (all []seen, err error) {
	t.Helper()
	consumed, last := int64(-1), l.From-1
	number := func(n int) {
		if n <= last {
			t.Errorf("number %d after %d", n, last)
		}
		last = n
	}
	err = Walk(f, l, Visitor{
		Entry: func(e Entry) error {
			number(e.Number)
			b, err := io.ReadAll(e.Reader)
			s := seen{Number: e.Number, Name: e.Name, Within: e.Within, Kind: e.Kind, Bytes: string(b)}
			if err != nil {
				s.Err = err.Error()
				if n, again := e.Reader.Read(make([]byte, 1)); n != 0 || again == nil || again == io.EOF {
					t.Errorf("after the error %q: %d bytes, %v", err, n, again)
				}
			}
			all = append(all, s)
			return nil
		},
		Other: func(o Other) {
			number(o.Number)
			if o.Reason == "" {
				t.Errorf("no reason: %+v", o)
			}
			all = append(all, seen{Number: o.Number, Name: o.Name, Within: o.Within, Reason: o.Reason, Trace: o.Trace})
		},
		Consumed: func(n int64) {
			if n <= consumed || n > f.Size() {
				t.Errorf("consumed %d after %d of %d", n, consumed, f.Size())
			}
			consumed = n
		},
	})
	if err == nil && f.Size() > 0 && consumed != f.Size() {
		t.Errorf("%d of %d bytes are said to be consumed", consumed, f.Size())
	}
	for _, s := range all {
		for _, name := range []string{s.Name, s.Within} {
			if len([]rune(name)) > maxName {
				t.Errorf("a name of %d characters", len([]rune(name)))
			}
		}
	}
	return all, err
}

func sumOf(s string) uint32 { return crc32.ChecksumIEEE([]byte(s)) }
