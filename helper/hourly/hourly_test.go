package hourly

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

const head = "frame.time_relative,ip.src,tcp.srcport,udp.srcport,ip.dst,tcp.dstport,udp.dstport,frame.len,ipv6.src,ipv6.dst\n"

// row is what a packet of length n at ns leaves in its file.
func row(ns int64, n int) string { return fmt.Sprintf("%d.%09d,,,,,,,%d,,\n", ns/1e9, ns%1e9, n) }

// packets makes packets without addresses; each has its number, from 1, as length.
func packets(timesNS ...int64) (all []trace.Packet) {
	for i, ns := range timesNS {
		all = append(all, trace.Packet{TimeNS: ns, Len: uint32(i + 1), Has: trace.Len.Bit()})
	}
	return all
}

func openFolder(t *testing.T, dir string) *Folder {
	t.Helper()
	folder, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	return folder
}

func open(t *testing.T, dir string, o Options) *Writer {
	t.Helper()
	w, err := Open(openFolder(t, dir), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func write(t *testing.T, w *Writer, b []trace.Packet) {
	t.Helper()
	if err := w.Write(b); err != nil {
		t.Fatal(err)
	}
}

// folder is the name and content of every file.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(b)
	}
	return files
}

func want(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if got := folder(t, dir); fmt.Sprint(got) != fmt.Sprint(files) {
		t.Errorf("the folder holds\n%v\nwant\n%v", got, files)
	}
}

func TestBoundary(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	w := open(t, dir, Options{})
	// around the full hour, and then a packet of the hour before
	write(t, w, packets(3599999999999, 3600000000000, 3600000000001, 3599000000000))
	want(t, dir, map[string]string{
		"0.csv":    head + "3599.999999999,,,,,,,1,,\n3599.000000000,,,,,,,4,,\n",
		"3600.csv": head + row(0, 2) + row(1, 3),
	})
	if w.Rows() != 4 || w.Files() != 2 || w.Lost() != 0 {
		t.Errorf("%d rows, %d files, %d lost", w.Rows(), w.Files(), w.Lost())
	}
	for path, mode := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "0.csv"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
		}
	}
}

// TestManyHours writes to more files than are kept open, in an order that always needs the one closed first.
func TestManyHours(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, Options{})
	expected := map[string]string{}
	for round := range 3 {
		for hour := range int64(maxOpen + 2) {
			write(t, w, packets(hour*trace.Hour+int64(round)))
			name := trace.HourFileName(hour * trace.HourS)
			if round == 0 {
				expected[name] = head
			}
			expected[name] += row(int64(round), 1)
			if len(w.open) > maxOpen {
				t.Fatalf("%d files are open", len(w.open))
			}
		}
	}
	want(t, dir, expected)
}

// TestRestart cuts a file at every byte, as a crash may, and writes on: no row that was whole is lost, none is torn.
func TestRestart(t *testing.T) {
	whole := head + row(1, 1) + row(2, 2)
	for cut := 0; cut <= len(whole); cut++ {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "3600.csv"), []byte(whole[:cut]), 0o600); err != nil {
			t.Fatal(err)
		}
		w := open(t, dir, Options{})
		write(t, w, packets(trace.Hour+9))
		w.Close()
		healed := whole[:strings.LastIndexByte(whole[:cut], '\n')+1]
		if healed == "" {
			healed = head
		}
		want(t, dir, map[string]string{"3600.csv": healed + row(9, 1)})
	}
}

func TestForeignFile(t *testing.T) {
	dir := t.TempDir()
	foreign := map[string]string{"3600.csv": "time,source\n1,2\n"}
	os.WriteFile(filepath.Join(dir, "3600.csv"), []byte(foreign["3600.csv"]), 0o600)
	w := open(t, dir, Options{})
	err := w.Write(packets(trace.Hour, 2*trace.Hour))
	if err == nil || !strings.Contains(err.Error(), "3600.csv is not an hour file of tracelens") {
		t.Error(err)
	}
	foreign["7200.csv"] = head + row(0, 2) // the other hour is not affected
	want(t, dir, foreign)
	if w.Rows() != 1 || w.Lost() != 1 {
		t.Errorf("%d rows, %d lost", w.Rows(), w.Lost())
	}
}

func TestSymbolicLinkIsNotFollowed(t *testing.T) {
	dir, target := t.TempDir(), filepath.Join(t.TempDir(), "target")
	if err := os.Symlink(target, filepath.Join(dir, "3600.csv")); err != nil {
		t.Skip(err)
	}
	if err := open(t, dir, Options{}).Write(packets(trace.Hour)); err == nil {
		t.Error("a symbolic link was followed")
	}
	if _, err := os.Stat(target); err == nil {
		t.Error("its target was made")
	}
}

func TestExclusive(t *testing.T) {
	dir := t.TempDir()
	before := map[string]string{"7200.csv": head + row(5, 5), "notes.txt": "x"}
	for name, text := range before {
		os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)
	}
	w := open(t, dir, Options{Exclusive: true})
	write(t, w, packets(trace.Hour, 1, trace.Hour))
	err := w.Write(packets(trace.Hour, 2*trace.Hour))
	exists := (*ExistsError)(nil)
	if !errors.As(err, &exists) || exists.Error() != filepath.Join(dir, "7200.csv")+" exists already; choose an empty folder with -w" {
		t.Error(err)
	}
	w.Undo()
	want(t, dir, before)
}

func TestSecondWriterRefuses(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, Options{})
	said := fmt.Sprintf("another tracelens (process %d) is writing to %s; stop it", os.Getpid(), dir)
	if _, err := Open(openFolder(t, dir), Options{}); err == nil || !strings.Contains(err.Error(), said) {
		t.Error(err)
	}
	w.Close()
	open(t, dir, Options{})
	want(t, dir, map[string]string{}) // no lock file is left
}

func TestKeepNewest(t *testing.T) {
	for name, o := range map[string]Options{"files": {KeepFiles: 2}, "bytes": {KeepBytes: 2 * int64(len(head)+len(row(0, 1)))}} {
		dir := t.TempDir()
		var removed []string
		o.Removed = func(name string) { removed = append(removed, name) }
		w := open(t, dir, o)
		for hour := range int64(4) {
			write(t, w, packets(hour*trace.Hour))
		}
		if name == "files" {
			want(t, dir, map[string]string{"7200.csv": head + row(0, 1), "10800.csv": head + row(0, 1)})
		}
		if !slices.Contains(removed, "0.csv") || slices.Contains(removed, "10800.csv") {
			t.Errorf("%s: removed %v", name, removed)
		}
	}
}

func TestHeaderIsTheCodecs(t *testing.T) {
	if tracecsv.Header+"\n" != head {
		t.Error("the head has changed; so must readers of old files")
	}
}
