package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

func module(sections ...string) []byte {
	m := []byte("\x00asm\x01\x00\x00\x00")
	for _, s := range sections {
		m = append(m, s...)
	}
	return m
}

// TestJoinData: modules written by hand, before and after.
func TestJoinData(t *testing.T) {
	const code, custom = "\x0a\x03\x01\x01\x0b", "\x00\x04\x03abc"
	got, err := withDataJoined(module(code,
		"\x0b\x26\x04"+ // four parts
			"\x00\x41\x0a\x0b\x02xy"+ // at 10
			"\x00\x41\xd0\x00\x0b\x01v"+ // at 80, whose last byte is a zero so that it is not negative
			"\x00\x41\x0c\x0b\x01w"+ // at 12, right after the first
			"\x00\x41\x80\x80\x04\x0b\x0a0123456789", // at 65536
		custom))
	if err != nil {
		t.Fatal(err)
	}
	want := module(code,
		"\x0b\x5e\x02"+
			"\x00\x41\x0a\x0b\x47xyw"+string(make([]byte, 67))+"v"+
			"\x00\x41\x80\x80\x04\x0b\x0a0123456789",
		custom)
	if !bytes.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestJoinDataUnknown: what is not understood is not touched.
func TestJoinDataUnknown(t *testing.T) {
	for name, m := range map[string][]byte{
		"no module":          []byte("<!doctype html>"),
		"another version":    []byte("\x00asm\x02\x00\x00\x00"),
		"cut short":          module("\x0b\x08\x01\x00\x41\x0a\x0b\x02x"),
		"cut within a part":  module("\x0b\x07\x01\x00\x41\x0a\x0b\x02x"),
		"a size of 2⁶⁴":      module("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		"fewer than counted": module("\x0b\x08\x02\x00\x41\x0a\x0b\x02xy"),
		"more than counted":  module("\x0b\x08\x00\x00\x41\x0a\x0b\x02xy"),
		"a data count":       module("\x0c\x01\x01", "\x0b\x08\x01\x00\x41\x0a\x0b\x02xy"),
		"a passive part":     module("\x0b\x05\x01\x01\x02xy"),
		"another memory":     module("\x0b\x09\x01\x02\x01\x41\x0a\x0b\x02xy"),
		"a global's address": module("\x0b\x08\x01\x00\x23\x0a\x0b\x02xy"),
		"a negative address": module("\x0b\x08\x01\x00\x41\x4a\x0b\x02xy"),
		"two over another":   module("\x0b\x0f\x02\x00\x41\x0a\x0b\x02xy\x00\x41\x0b\x0b\x02xy"),
	} {
		if got, err := withDataJoined(m); !errors.Is(err, errModule) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		path := filepath.Join(t.TempDir(), "app.wasm")
		if err := os.WriteFile(path, m, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := joinData(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, m) {
			t.Errorf("%s: became %q, %v", name, b, err)
		}
	}
}

// opened takes a module apart as the specification has it: the memory that it starts with, how many parts that came in, and the
// bytes of every other section.
func opened(t *testing.T, m []byte) (memory []byte, parts int, others [][]byte) {
	t.Helper()
	at := 8
	leb := func() (v, bits int) {
		for {
			b := m[at]
			at++
			v |= int(b&127) << bits
			if bits += 7; b < 128 {
				return v, bits
			}
		}
	}
	for at < len(m) {
		start := at
		at++
		size, _ := leb()
		end := at + size
		if m[start] != 11 {
			others = append(others, m[start:end])
			at = end
			continue
		}
		for parts, _ = leb(); at < end; {
			if m[at] != 0 || m[at+1] != 0x41 {
				t.Fatalf("a part begins with % x", m[at:at+2])
			}
			at += 2
			address, bits := leb()
			if address>>(bits-1) != 0 {
				t.Fatalf("the address %d is negative", address)
			}
			at++ // the end of the expression
			n, _ := leb()
			if missing := address + n - len(memory); missing > 0 {
				memory = append(memory, make([]byte, missing)...)
			}
			copy(memory[address:], m[at:at+n])
			at += n
		}
	}
	return memory, parts, others
}

func sameModule(t *testing.T, before, after []byte) (partsBefore, partsAfter int) {
	t.Helper()
	memory, partsBefore, others := opened(t, before)
	joined, partsAfter, rest := opened(t, after)
	if !bytes.Equal(memory, joined) {
		t.Error("the memory is another")
	}
	if !slices.EqualFunc(others, rest, bytes.Equal) {
		t.Error("the other sections are not the same")
	}
	return partsBefore, partsAfter
}

// TestJoinDataRandom: whatever the parts, memory starts with the same.
func TestJoinDataRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var parts []part
		address, far := random.IntN(200), 0
		for range random.IntN(40) {
			b := make([]byte, 1+random.IntN(200))
			for i := range b {
				b[i] = byte(random.IntN(3))
			}
			parts = append(parts, part{address, b})
			gap := random.IntN(1 << random.IntN(16))
			if gap > maxZeros {
				far++
			}
			address += len(b) + gap
		}
		if len(parts) > 0 && parts[len(parts)-1].end()+maxZeros < address { // the last gap is before nothing
			far--
		}
		random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		data := appendData(nil, parts)
		size := []byte{dataSection, byte(len(data)) | 128, byte(len(data)>>7) | 128, byte(len(data) >> 14)}
		m := module(string(size)+string(data), "\x00\x02\x01x")
		joined, err := withDataJoined(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, n := sameModule(t, m, joined); n != min(len(parts), far+1) {
			t.Errorf("%d parts became %d, with %d wide gaps", len(parts), n, far)
		}
	}
}

// TestJoinDataOfGo: what the linker writes is understood, and is much smaller for it when compressed.
func TestJoinDataOfGo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "worker.wasm")
	cmd := exec.Command("go", "build", "-o", path, "tracelens/app/cmd/worker")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := joinData(path); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	many, few := sameModule(t, before, after)
	large, small := gzipped(before), gzipped(after)
	t.Logf("%d parts became %d; %d bytes with gzip became %d", many, few, large, small)
	if many < 1000 || few > 10 || small > large*19/20 {
		t.Error("there was nothing to join, or it was not joined")
	}
}

func gzipped(b []byte) int {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	z.Write(b)
	z.Close()
	return out.Len()
}
