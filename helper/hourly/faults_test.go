package hourly

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tracelens/shared/trace"
)

// numbered makes n packets from number first on, at times that go from hour to hour and sometimes back. A packet's number is its length.
func numbered(first, n int) (all []trace.Packet) {
	for i := first; i < first+n; i++ {
		at := int64(i) * 40 * trace.Minute / 3
		if i%5 == 4 {
			at -= 2 * trace.Hour // the clock was set back
		}
		all = append(all, trace.Packet{TimeNS: at + 10*trace.Hour, Len: uint32(i), Has: trace.Len.Bit()})
	}
	return all
}

// numbersIn checks that hour files consist of a header and whole rows, each in the file of its hour, and gives the numbers in them in
// order. A file may be empty, or hold less than its header where a crash was not healed yet.
func numbersIn(t *testing.T, hours map[string]string) (numbers []int) {
	t.Helper()
	for name, text := range hours {
		if text == "" {
			continue
		}
		rows, ok := strings.CutPrefix(text, head)
		if !ok || rows != "" && !strings.HasSuffix(rows, "\n") {
			t.Fatalf("%s: %q", name, text)
		}
		hour, _ := trace.StartOf(name)
		for line := range strings.Lines(rows) {
			cells := strings.Split(line, ",")
			if len(cells) != trace.Columns {
				t.Fatalf("%s has the row %q", name, line)
			}
			number, err := strconv.Atoi(cells[trace.Len])
			if err != nil {
				t.Fatalf("%s has the row %q", name, line)
			}
			if p := numbered(number, 1)[0]; line != row(p.TimeNS-hour*trace.Second, number) {
				t.Fatalf("%s has the row %q for packet %d", name, line, number)
			}
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	for i := 1; i < len(numbers); i++ {
		if numbers[i] == numbers[i-1] {
			t.Fatalf("packet %d is there twice", numbers[i])
		}
	}
	return numbers
}

// TestEveryPrefixOfTheWriteLog stops the helper, as kill -9 does, after everything it does to the disk and after every byte of every
// write, and goes on: no row is torn, none is there twice, and none that was written whole is missing.
func TestEveryPrefixOfTheWriteLog(t *testing.T) {
	whole := newMemDisk()
	w := newWriter(whole, Options{})
	for i := range 6 {
		if err := w.Write(numbered(i*7, 7)); err != nil {
			t.Fatal(err)
		}
		w.Sync()
	}
	if w.Close(); len(numbersIn(t, whole.hours())) != 42 {
		t.Fatal("not all rows are there without a crash")
	}
	cases := 0
	whole.everyStop(func(d *memDisk, stop string) {
		rows := 0
		for _, text := range d.hours() {
			rows += max(0, strings.Count(text, "\n")-1)
		}
		healed := newWriter(d, Options{})
		before := numbersIn(t, d.hours())
		if len(before) != rows {
			t.Fatalf("%s: %d rows of %d are left", stop, len(before), rows)
		}
		if err := healed.Write(numbered(100, 7)); err != nil {
			t.Fatal(err)
		}
		healed.Close()
		if after := numbersIn(t, d.hours()); len(after) != rows+7 || !slices.Equal(after[:rows], before) {
			t.Fatalf("%s: %v became %v", stop, before, after)
		}
		cases++
	})
	t.Logf("%d ways to stop", cases)
}

// everyStop calls f with the disk as it is after everything that was done to d, and after every byte of every write.
func (d *memDisk) everyStop(f func(stopped *memDisk, stop string)) {
	for stop, next := range d.done {
		cuts := 1
		if next.what == "write" {
			cuts = len(next.data)
		}
		for cut := range cuts {
			stopped := newMemDisk()
			for _, c := range d.done[:stop] {
				stopped.apply(c)
			}
			if cut > 0 {
				stopped.apply(change{what: "write", name: next.name, data: next.data[:cut]})
			}
			f(stopped, fmt.Sprintf("stopped after %d changes and %d bytes", stop, cut))
		}
	}
}

// TestPowerFailure has of every file what was synced, and any part of what was written since: after it no row that had been synced is
// missing.
func TestPowerFailure(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		d := newMemDisk()
		w := newWriter(d, Options{})
		synced, next := 0, 0
		for range 1 + random.IntN(8) {
			n := 1 + random.IntN(9)
			if err := w.Write(numbered(next, n)); err != nil {
				t.Fatal(err)
			}
			next += n
			if random.IntN(2) == 0 {
				w.Sync()
				synced = next
			}
		}
		crashed := newMemDisk()
		safe := map[string]int{}
		names := map[string]bool{} // that the folder holds for sure
		for i, c := range d.done {
			crashed.apply(c)
			switch c.what {
			case "sync":
				safe[c.name] = len(crashed.files[c.name])
			case "sync names":
				for _, before := range d.done[:i] {
					names[before.name] = true
				}
			}
		}
		for name, data := range crashed.files {
			keep := safe[name] + random.IntN(len(data)-safe[name]+1)
			crashed.files[name] = data[:keep]
			if !names[name] && random.IntN(2) == 0 {
				delete(crashed.files, name)
			}
		}
		newWriter(crashed, Options{}).Close()
		left := numbersIn(t, crashed.hours())
		for i := range synced {
			if _, found := slices.BinarySearch(left, i); !found {
				t.Fatalf("of %d rows %d had been synced, and %d is missing: %v", next, synced, i, left)
			}
		}
	}
}

// TestEverythingFails has everything that the writer asks of the disk fail, one after the other, for a while and in every way that disks
// do, writes also after every number of bytes. Whatever it is, rows and lost rows add up, no row is torn or there twice, writing goes
// on by itself and the gap is written down.
func TestEverythingFails(t *testing.T) {
	scenario := func(d *memDisk) *Writer {
		w := newWriter(d, Options{KeepFiles: 30})
		for i := range 5 {
			w.Write(numbered(i*7, 7))
			w.Sync()
		}
		w.CloseHours(12 * trace.Hour)
		d.fail = nil
		w.Write(numbered(35, 7))
		w.Close()
		return w
	}
	type call struct {
		what string
		size int
	}
	var calls []call
	d := newMemDisk()
	d.fail = func(what string, size int) (int, error) {
		calls = append(calls, call{what, size})
		return size, nil
	}
	scenario(d)
	cases := 0
	for at, c := range calls {
		for cut := range c.size + 1 {
			if cut > 0 && cut == c.size {
				break
			}
			for _, failure := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO} {
				for _, lasts := range []int{1, 3, 1000} {
					if cut > 2 && lasts == 1 && failure != syscall.EIO {
						continue // it makes no difference what is said
					}
					d := newMemDisk()
					asked := 0
					d.fail = func(what string, size int) (int, error) {
						asked++
						switch n := asked - 1 - at; {
						case n == 0:
							return min(cut, size), failure
						case n > 0 && n < lasts:
							return 0, failure
						}
						return size, nil
					}
					w := scenario(d)
					rows := numbersIn(t, d.hours())
					where := fmt.Sprintf("%s, call %d, after %d bytes, %d times: %v", c.what, at, cut, lasts, failure)
					if int64(len(rows)) != w.Rows() || w.Rows()+w.Lost() != 42 {
						t.Fatalf("%s: %d rows on the disk, %d written, %d lost", where, len(rows), w.Rows(), w.Lost())
					}
					if lost := w.Lost(); lost > 0 {
						if log := string(d.files[GapsFile]); !strings.Contains(log, failure.Error()) || missing(t, log) != lost {
							t.Fatalf("%s: %d lost, and the log of gaps says %q", where, lost, log)
						}
					}
					if last := rows[len(rows)-1]; last != 41 {
						t.Fatalf("%s: writing did not go on: %v", where, rows)
					}
					cases++
				}
			}
		}
	}
	t.Logf("%d failures", cases)
}

// missing adds up the packets that a log of gaps says are missing.
func missing(t *testing.T, log string) (sum int64) {
	t.Helper()
	for line := range strings.Lines(log) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 4 {
			t.Fatalf("the log of gaps has the line %q", line)
		}
		n, err := strconv.ParseInt(cells[2], 10, 64)
		if err != nil {
			t.Fatalf("the log of gaps has the line %q", line)
		}
		sum += n
	}
	return sum
}

// TestDoubtfulSync: after a sync that failed the file is opened anew, and it is said.
func TestDoubtfulSync(t *testing.T) {
	d := newMemDisk()
	var said []string
	w := newWriter(d, Options{Warn: func(text string) { said = append(said, text) }})
	write(t, w, packets(1))
	d.fail = func(what string, size int) (int, error) {
		if what == "sync" {
			return 0, syscall.EIO
		}
		return size, nil
	}
	w.Sync()
	if w.Unsure() != 1 || len(w.open) != 0 || len(said) != 1 || !strings.Contains(said[0], "the last rows of 0.csv may be lost") {
		t.Errorf("%d times unsure, %d files open, said %q", w.Unsure(), len(w.open), said)
	}
	d.fail = nil
	write(t, w, packets(2))
	w.Close()
	if got := string(d.files["0.csv"]); got != head+row(1, 1)+row(2, 1) {
		t.Errorf("%q", got)
	}
}

// TestTwoDays writes a packet every seven minutes for two days, with the clock set back and forth in between: every one is in its hour's
// file, whose name does not drift, and an hour is closed when it has passed, whether a packet comes or not.
func TestTwoDays(t *testing.T) {
	d := newMemDisk()
	w := newWriter(d, Options{})
	start := int64(1483873200) * trace.Second
	want := map[string]string{}
	now := start + 11*trace.Minute
	for i := 1; now < start+48*trace.Hour; i++ {
		at := now
		switch i % 50 {
		case 20:
			at -= 2 * trace.Hour
		case 40:
			at += 2 * trace.Hour
		}
		write(t, w, []trace.Packet{{TimeNS: at, Len: uint32(i), Has: trace.Len.Bit()}})
		hour := at / trace.Hour * trace.HourS
		name := trace.HourFileName(hour)
		if want[name] == "" {
			want[name] = head
		}
		want[name] += row(at-hour*trace.Second, i)
		w.CloseHours(now)
		for _, h := range w.open {
			if h.hour*trace.Second+trace.Hour <= now {
				t.Fatalf("the file of hour %d is open at %d", h.hour, now/trace.Second)
			}
		}
		now += 7 * trace.Minute
	}
	w.CloseHours(now + 3*trace.Hour)
	if len(w.open) != 0 {
		t.Errorf("%d idle files are open", len(w.open))
	}
	w.Close()
	if got := d.hours(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}

// TestGapOfSomebodyElse has gaps written down one after the other, also after a log that was cut short.
func TestGapOfSomebodyElse(t *testing.T) {
	d := newMemDisk()
	d.files[GapsFile] = []byte("2017-01-08T11:00:00.000Z\tto")
	w := newWriter(d, Options{})
	w.LogGap(Gap{1483873200e9, 1483873201.5e9, -1, "eth0 was down"})
	w.CloseHours(0)
	d.fail = func(string, int) (int, error) { return 0, fs.ErrPermission }
	w.LogGap(Gap{1483873300e9, 1483873301e9, 7, "eth0 was gone"})
	w.CloseHours(0)
	d.fail = nil
	w.LogGap(Gap{1483873400e9, 1483873401e9, 0, "a\tgain\n"})
	w.Close()
	const want = "2017-01-08T11:00:00.000Z\tto\n" +
		"2017-01-08T11:00:00.000Z\t2017-01-08T11:00:01.500Z\t-\teth0 was down\n" +
		"2017-01-08T11:01:40.000Z\t2017-01-08T11:01:41.000Z\t7\teth0 was gone\n" +
		"2017-01-08T11:03:20.000Z\t2017-01-08T11:03:21.000Z\t0\ta gain \n"
	if got := string(d.files[GapsFile]); got != want {
		t.Errorf("the log is %q", got)
	}
	if _, lasts := w.Gap(); lasts {
		t.Error("a gap lasts")
	}
}
