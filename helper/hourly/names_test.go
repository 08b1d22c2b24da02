package hourly

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/called"
	"tracelens/shared/trace"
)

// nameLines are n lines of names of an hour, numbered from first on.
func nameLines(first, n int) string {
	var b strings.Builder
	for i := first; i < first+n; i++ {
		fmt.Fprintf(&b, "%d.000000000,dns,192.0.2.1,name-%d.example\n", i, i)
	}
	return b.String()
}

// namesIn checks that files of names have a header and whole lines, none twice, and gives the numbers in them.
func namesIn(t *testing.T, files map[string][]byte) (numbers []int) {
	t.Helper()
	for name, data := range files {
		if _, is := trace.NamesOf(name); !is || len(data) == 0 {
			continue
		}
		lines, ok := strings.CutPrefix(string(data), called.Header+"\n")
		if !ok || lines != "" && !strings.HasSuffix(lines, "\n") {
			t.Fatalf("%s: %q", name, data)
		}
		for line := range strings.Lines(lines) {
			var at, number int
			if n, err := fmt.Sscanf(line, "%d.000000000,dns,192.0.2.1,name-%d.example\n", &at, &number); n != 2 || err != nil || at != number {
				t.Fatalf("%s has the line %q", name, line)
			}
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	if len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
		t.Fatalf("names are there twice: %v", numbers)
	}
	return numbers
}

// TestNamesSurvive stops the helper after everything it does to the disk, and after every byte, as TestEveryPrefixOfTheWriteLog does: names are
// whole lines as rows are, none is torn, lost or there twice.
func TestNamesSurvive(t *testing.T) {
	whole := newMemDisk()
	w := newWriter(whole, Options{})
	for i := range 4 {
		if err := w.Write(numbered(i*3, 3)); err != nil {
			t.Fatal(err)
		}
		if n, err := w.WriteNames(int64(i/2)*trace.HourS, []byte(nameLines(i*2, 2))); err != nil || n != len(nameLines(i*2, 2)) {
			t.Fatal(n, err)
		}
		w.Sync()
	}
	if w.Close(); len(namesIn(t, whole.files)) != 8 || len(numbersIn(t, whole.hours())) != 12 {
		t.Fatal("not all is there without a crash")
	}
	whole.everyStop(func(d *memDisk, stop string) {
		lines := 0
		for name, data := range d.files {
			if _, is := trace.NamesOf(name); is {
				lines += max(0, strings.Count(string(data), "\n")-1)
			}
		}
		healed := newWriter(d, Options{})
		for hour := range int64(2) {
			if _, err := healed.WriteNames(hour*trace.HourS, []byte(nameLines(100*int(hour+1), 2))); err != nil {
				t.Fatal(err)
			}
		}
		healed.Close()
		if after := namesIn(t, d.files); len(after) != lines+4 {
			t.Fatalf("%s: %d names of %d: %v", stop, len(after)-4, lines, after)
		}
		numbersIn(t, d.hours())
	})
}

// TestNamesGoWithTheirHour: whoever removes an hour's file removes its names, and both count for what is kept; what is begun and given up leaves
// neither.
func TestNamesGoWithTheirHour(t *testing.T) {
	dir := t.TempDir()
	folder, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	at := func(hour int) []trace.Packet {
		return []trace.Packet{{TimeNS: int64(hour) * trace.Hour, Len: 60, Has: trace.Len.Bit()}}
	}
	write := func(o Options, hours ...int) *Writer {
		t.Helper()
		w, err := Open(folder, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, hour := range hours {
			if err := w.Write(at(hour)); err != nil {
				t.Fatal(err)
			}
			if _, err := w.WriteNames(int64(hour)*trace.HourS, []byte(nameLines(hour, 1))); err != nil {
				t.Fatal(err)
			}
		}
		return w
	}
	there := func() (list []string) {
		found, _ := filepath.Glob(filepath.Join(dir, "*.csv"))
		for _, f := range found {
			list = append(list, filepath.Base(f))
		}
		return list
	}
	write(Options{KeepFiles: 2}, 1, 2, 3, 4).Close()
	if got := there(); !slices.Equal(got, []string{"10800.csv", "10800.names.csv", "14400.csv", "14400.names.csv"}) {
		t.Errorf("of four hours, of which two are kept, there is %q", got)
	}
	files, err := folder.Files()
	if err != nil || len(files) != 2 || files[0].Names == 0 || files[0].Names != int64(len(called.Header)+1+len(nameLines(3, 1))) {
		t.Errorf("%+v, %v", files, err)
	}
	write(Options{KeepBytes: files[0].Size}, 5).Close() // no hour that was there fits, with its names
	if got := there(); !slices.Equal(got, []string{"18000.csv", "18000.names.csv"}) {
		t.Errorf("of what fits for one hour's rows, there is %q", got)
	}
	folder.Empty()
	if got := there(); len(got) > 0 {
		t.Errorf("emptied, there is %q", got)
	}
	w := write(Options{Exclusive: true}, 6)
	w.Undo()
	w.Close()
	if got := there(); len(got) > 0 {
		t.Errorf("given up, there is %q", got)
	}

	// What somebody else has put in the place of names is not appended to.
	if err := os.WriteFile(filepath.Join(dir, trace.NamesFileName(7*trace.HourS)), []byte("mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w = write(Options{}, 8)
	defer w.Close()
	if _, err := w.WriteNames(7*trace.HourS, []byte(nameLines(7, 1))); err == nil {
		t.Error("names were appended to somebody else's file")
	}
}
