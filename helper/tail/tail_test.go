package tail

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tracelens/helper/hourly"
	"tracelens/shared/trace"
)

func open(t *testing.T, dir string) *Watch {
	t.Helper()
	folder, err := hourly.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := NewWatch(folder)
	t.Cleanup(func() {
		w.Close()
		folder.Close()
	})
	return w
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// all gives every range until there is nothing new. It looks at once, where a server would wait a little.
func all(t *testing.T, f *Follower) (ranges []string) {
	t.Helper()
	f.watch.Look()
	for {
		r, err := f.Next()
		if err == ErrNothing {
			return ranges
		} else if err != nil {
			t.Fatal(err)
		}
		ranges = append(ranges, fmt.Sprintf("%d@%d %q", r.Hour, r.Offset, r.Lines))
	}
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFollow(t *testing.T) {
	dir := t.TempDir()
	f := Follow(open(t, dir), nil, false, 8)
	defer f.Close()
	want(t, all(t, f))
	put(t, dir, "7200.csv", "new\n")
	put(t, dir, "3600.csv", "a\nbb\nccc\ndd\ntor")
	put(t, dir, "3601.csv", "no hour\n")
	put(t, dir, "03600.csv", "no hour\n")
	put(t, dir, "notes.txt", "no hour\n")
	want(t, all(t, f), `3600@0 "a\nbb\n"`, `3600@5 "ccc\ndd\n"`, `7200@0 "new\n"`)
	want(t, all(t, f))
	put(t, dir, "3600.csv", "n\n")
	put(t, dir, "10800.csv", "x\n")
	want(t, all(t, f), `3600@12 "torn\n"`, `10800@0 "x\n"`)
	os.Remove(filepath.Join(dir, "3600.csv")) // as -b does
	put(t, dir, "10800.csv", "y\n")
	want(t, all(t, f), `10800@2 "y\n"`)
}

// TestNewestFirst: what is new comes before the past, the past from its newest hour back.
func TestNewestFirst(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"3600.csv", "7200.csv", "10800.csv"} {
		put(t, dir, name, "a\nbb\n")
	}
	f := Follow(open(t, dir), map[int64]int64{3600: 2}, true, 4)
	defer f.Close()
	next := func(want string) {
		t.Helper()
		f.watch.Look()
		if r, err := f.Next(); err != nil || fmt.Sprintf("%d@%d %q", r.Hour, r.Offset, r.Lines) != want {
			t.Errorf("%d@%d %q, %v; want %s", r.Hour, r.Offset, r.Lines, err, want)
		}
	}
	next(`10800@0 "a\n"`)
	next(`10800@2 "bb\n"`)
	next(`7200@0 "a\n"`)
	put(t, dir, "10800.csv", "c\n") // captured meanwhile
	next(`10800@5 "c\n"`)
	put(t, dir, "14400.csv", "d\n")
	next(`14400@0 "d\n"`)
	put(t, dir, "3600.csv", "late\n")
	next(`7200@2 "bb\n"`)
	os.Remove(filepath.Join(dir, "3600.csv"))
	want(t, all(t, f))
}

// TestWatch: whoever waits is woken by what a Writer writes at once, and by what somebody else writes soon, and by nothing else.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	f := Follow(w, nil, false, 4096)
	defer f.Close()
	woken := func(what string, within time.Duration, do func()) {
		t.Helper()
		if _, err := f.Next(); err != ErrNothing {
			t.Fatal(err)
		}
		newer, begin := f.Newer(), time.Now()
		do()
		select {
		case <-newer:
		case <-time.After(within):
			t.Fatalf("%s: not woken", what)
		}
		t.Logf("%s: after %v", what, time.Since(begin))
		if _, err := f.Next(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	writer, err := hourly.Open(w.folder, hourly.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	for range 5 {
		woken("a writer's row", 10*time.Second, func() { writer.Write([]trace.Packet{{TimeNS: trace.Hour, Len: 60, Has: trace.Len.Bit()}}) })
	}
	woken("somebody else's", 10*time.Second, func() { put(t, dir, "7200.csv", "a\n") })
	if f.Next(); f.Newer() != w.listing().newer {
		t.Fatal("there is something newer already")
	}
	newer := f.Newer()
	for range 3 {
		w.Look()
	}
	select {
	case <-newer:
		t.Error("woken by nothing")
	default:
	}
}

func TestResume(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "3600.csv", "a\nbb\nccc\n")
	put(t, dir, "7200.csv", "d\n")
	want(t, all(t, Follow(open(t, dir), map[int64]int64{3600: 2, 7200: 2}, false, 64)), `3600@2 "bb\nccc\n"`)
	for _, offset := range []int64{3, 10} { // within a line, and beyond the end
		position := (*PositionError)(nil)
		if _, err := Follow(open(t, dir), map[int64]int64{3600: offset}, false, 64).Next(); !errors.As(err, &position) {
			t.Errorf("from %d: %v", offset, err)
		}
	}
}

// TestEveryLimit reads a file with every size of ranges: they join to the file and each ends on a newline.
func TestEveryLimit(t *testing.T) {
	dir := t.TempDir()
	text := "a\n\nbb\nccc\n" + "dddddd\n"
	put(t, dir, trace.HourFileName(0), text)
	for limit := 7; limit <= len(text)+1; limit++ {
		f := Follow(open(t, dir), nil, false, limit)
		var joined []byte
		for {
			r, err := f.Next()
			if err == ErrNothing {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if r.Offset != int64(len(joined)) || len(r.Lines) > limit || !bytes.HasSuffix(r.Lines, []byte("\n")) {
				t.Fatalf("limit %d: %d %q", limit, r.Offset, r.Lines)
			}
			joined = append(joined, r.Lines...)
		}
		f.Close()
		if string(joined) != text {
			t.Errorf("limit %d: %q", limit, joined)
		}
	}
	if _, err := Follow(open(t, dir), map[int64]int64{0: 10}, false, 5).Next(); err == nil || err == ErrNothing {
		t.Errorf("a line longer than the limit: %v", err)
	}
}

func TestCatalogue(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "7200.csv", "d\ntorn")
	put(t, dir, "3600.csv", "a\n")
	files, err := open(t, dir).Catalogue()
	if got := fmt.Sprint(files, err); got != "[{3600 2 0} {7200 2 0}] <nil>" {
		t.Error(got)
	}
}
