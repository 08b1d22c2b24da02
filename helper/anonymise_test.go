package main

import (
	"bytes"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/anon"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracetest"
)

var moreCaptures = flag.String("captures", "", "folder of captures whose copies are searched for addresses, besides the project's own")

const testKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

// recipesToTest are of every scheme, and everything that can be chosen besides.
var recipesToTest = []string{
	"cryptopan", "cryptopan,classes=kept,private=kept,ports=bucketed", "ipcrypt-pfx,times=seconds", "numbers,ports=dropped,times=minutes,times=shifted",
	"truncate:16:32,private=kept", "truncate,times=shifted",
}

func keyFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(path, []byte(testKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func anonymiserOf(t *testing.T, recipe string) *anon.Anonymiser {
	t.Helper()
	r, err := anon.ParseRecipe(recipe)
	if err != nil {
		t.Fatal(err)
	}
	key, err := anon.ParseKey(testKey)
	if err != nil {
		t.Fatal(err)
	}
	a, err := anon.New(r, key)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// contents are the files of a folder, by name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, path := range glob(t, dir) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = string(b)
	}
	return files
}

// TestAnonymize: the copy of a capture is that of its hour files, byte for byte; each row is what package anon makes of the row; and no
// address of the original is in it, in any spelling.
func TestAnonymize(t *testing.T) {
	key, captures := keyFile(t), tracetest.Captures()
	if *moreCaptures != "" {
		more, err := filepath.Glob(filepath.Join(*moreCaptures, "*"))
		if err != nil || len(more) == 0 {
			t.Fatalf("no captures in %s: %v", *moreCaptures, err)
		}
		captures = append(captures, more...)
	}
	for _, path := range captures {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			plain := filepath.Join(t.TempDir(), "plain")
			_, stderr, code := finish(t, nil, "-q", "-r", path, "-w", plain)
			if rows, _ := filepath.Glob(filepath.Join(plain, "*[0-9].csv")); code != 0 && len(rows) == 0 {
				t.Logf("no capture: %s", stderr)
				return
			}
			given := contents(t, plain)
			for _, recipe := range recipesToTest {
				one, two := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")
				if _, stderr, code := finish(t, nil, "-q", "-r", path, "-anonymize", recipe, "-key", key, "-w", one); code != 0 && !strings.Contains(stderr, "cut short") {
					t.Fatalf("%s: exit code %d: %s", recipe, code, stderr)
				}
				if out, stderr, code := finish(t, nil, append([]string{"-anonymize", recipe, "-key", key, "-w", two}, glob(t, plain)...)...); code != 0 || stderr != "" {
					t.Fatalf("%s: exit code %d: %s%s", recipe, code, out, stderr)
				}
				copied := contents(t, one)
				sameContents(t, recipe, contents(t, two), copied)
				sameContents(t, recipe, expected(t, given, recipe), copied)
				if strings.HasPrefix(recipe, "truncate") {
					continue // a network that is left may be a host's address, too
				}
				for name, text := range copied {
					search(t, recipe, name, text, given)
				}
			}
		})
	}
}

func sameContents(t *testing.T, recipe string, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d files, want %d", recipe, len(got), len(want))
	}
	for name, text := range want {
		if got[name] != text {
			t.Fatalf("%s: %s is %.300q, want %.300q", recipe, name, got[name], text)
		}
	}
}

// expected is what becomes of hour files, row by row.
func expected(t *testing.T, given map[string]string, recipe string) map[string]string {
	t.Helper()
	a, format := anonymiserOf(t, recipe), tracecsv.Usual()
	want := map[string]string{}
	for name, text := range given {
		hour, _ := trace.StartOf(name)
		to := a.Hour(hour)
		var out []byte
		lines := []byte(text)[len(tracecsv.Header)+1:]
		for len(lines) > 0 {
			var p trace.Packet
			var skips tracecsv.Skips
			n, row := format.ParseRow(lines, hour, &p, &skips)
			if !row || !a.Packet(&p, true) {
				t.Fatalf("%q has no counterpart", lines[:n])
			}
			out = tracecsv.AppendRow(out, to, &p)
			lines = lines[n:]
		}
		want[trace.HourFileName(to)] = tracecsv.Header + "\n" + string(out)
	}
	return want
}

// search looks for addresses of the given files in a copy: in each run of bytes that could be one.
func search(t *testing.T, recipe, name, text string, given map[string]string) {
	t.Helper()
	known := map[netip.Addr]bool{}
	for _, text := range given {
		for _, word := range words(text) {
			if a, err := netip.ParseAddr(word); err == nil && !special(a.Unmap(), recipe) {
				known[a.Unmap()] = true
			}
		}
	}
	for _, word := range append(words(text), words(name)...) {
		if a, err := netip.ParseAddr(word); err == nil && known[a.Unmap()] {
			t.Fatalf("%s: %s has the address %v of the original", recipe, name, a)
		}
	}
}

// words are the runs of bytes that addresses are written with.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF.:", r) })
}

// special says, without package anon, which addresses need not have become others. Where classes are kept, private ones have few to become.
func special(a netip.Addr, recipe string) bool {
	reserved := a.Is4() && (a.As4()[0] == 0 || a.As4()[0] >= 240)
	private := a.IsPrivate() || netip.MustParsePrefix("100.64.0.0/10").Contains(a)
	return reserved || a.IsMulticast() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() ||
		private && (strings.Contains(recipe, "kept") || strings.Contains(recipe, "numbers"))
}

// TestAnonymizeFiles: files of all kinds, and what is not in the copy.
func TestAnonymizeFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	empty := file("1483873200.csv", tracecsv.Header+"\n")
	hour := file("1483876800.csv", tracecsv.Header+"\n0.5,192.0.2.1,1,,198.51.100.2,2,,60,,\nno row 192.0.2.77\n1.25,192.0.2.1,1,,198.51.100.2,2,,61,,\n")
	office := file("office of 192.0.2.9.csv", "frame.time_relative,frame.len,ip.src,ip.dst,dns.a\n0.1,60,192.0.2.1,192.0.2.2,192.0.2.3\n")
	out := filepath.Join(t.TempDir(), "out")
	said, stderr, code := finish(t, nil, "-anonymize", "cryptopan", "-key", keyFile(t), "-w", out, empty, hour, office)
	if code != 0 || !strings.Contains(said, "3 rows written to 3 files in "+out) || !strings.Contains(stderr, "1 lines are not in the copy") {
		t.Errorf("exit code %d: %s%s", code, said, stderr)
	}
	a := anonymiserOf(t, "cryptopan")
	name := func(text string) string { return a.Addr(netip.MustParseAddr(text)).String() }
	for file, want := range map[string]string{
		"1483873200.csv": "",
		"1483876800.csv": "0.500000000," + name("192.0.2.1") + ",1,," + name("198.51.100.2") + ",2,,60,,\n1.250000000," + name("192.0.2.1") + ",1,," + name("198.51.100.2") + ",2,,61,,\n",
		"trace-1.csv":    "0.100000000," + name("192.0.2.1") + ",,," + name("192.0.2.2") + ",,,60,,\n",
	} {
		if got, err := os.ReadFile(filepath.Join(out, file)); err != nil || string(got) != tracecsv.Header+"\n"+want {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}

	// What is there is not written over, and half a copy does not stay.
	before := contents(t, out)
	if _, stderr, code = finish(t, nil, "-anonymize", "cryptopan", "-key", keyFile(t), "-w", out, hour); code != 1 || !strings.Contains(stderr, "1483876800.csv") {
		t.Errorf("a second time: exit code %d: %s", code, stderr)
	}
	sameContents(t, "a second time", contents(t, out), before)
	half := filepath.Join(t.TempDir(), "half")
	notes := file("notes.csv", "Dear all,\n")
	if _, stderr, code = finish(t, nil, "-anonymize", "truncate", "-w", half, hour, office, notes); code != 1 || !strings.Contains(stderr, notes) {
		t.Errorf("with a file that is no trace: exit code %d: %s", code, stderr)
	}
	if left, _ := filepath.Glob(filepath.Join(half, "*[0-9].csv")); len(left) > 0 {
		t.Errorf("half a copy stays: %v", left)
	}
}

func TestNewKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if out, stderr, code := finish(t, nil, "-new-key", path); code != 0 || out+stderr != "" {
		t.Fatalf("exit code %d: %s%s", code, out, stderr)
	}
	b, err := os.ReadFile(path)
	if _, bad := anon.ParseKey(string(b)); err != nil || bad != nil {
		t.Errorf("%q: %v, %v", b, err, bad)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if _, stderr, code := finish(t, nil, "-new-key", path); code != 1 || !strings.Contains(stderr, "exists") {
		t.Errorf("a second time: exit code %d: %s", code, stderr)
	}
	if again, _ := os.ReadFile(path); !bytes.Equal(again, b) {
		t.Error("the key is another one now")
	}
}

func TestAnonymizeNeeds(t *testing.T) {
	f := func(want string, code int, args ...string) {
		t.Helper()
		dir := t.TempDir()
		_, stderr, got := finish(t, nil, append(args, "-w", dir)...)
		if got != code || !strings.Contains(stderr, want) {
			t.Errorf("%q: exit code %d, %s; want %d and %q", args, got, stderr, code, want)
		}
	}
	capture, key := captureFile(t, "vxlan-first60.pcap"), keyFile(t)
	f("what to anonymise is", 2, "-anonymize", "md5", "-key", key, "-r", capture)
	f("-key FILE", 2, "-anonymize", "cryptopan", "-r", capture)
	f("-r", 2, "-anonymize", "truncate")
	f("do not go with it", 2, "-anonymize", "truncate", "-r", capture, "-listen", "127.0.0.1:0")
	f("-key is for -anonymize", 2, "-key", key, "-r", capture)
	f("no such file", 1, "-anonymize", "cryptopan", "-key", filepath.Join(t.TempDir(), "none"), "-r", capture)
	f("64 hexadecimal digits", 1, "-anonymize", "cryptopan", "-key", capture, "-r", capture)
	_, stderr, code := finish(t, nil, "-anonymize", "truncate", "-r", capture)
	if code != 2 || !strings.Contains(stderr, "-w DIR") {
		t.Errorf("without a folder: exit code %d: %s", code, stderr)
	}
}
