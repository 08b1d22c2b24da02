package tail

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tracelens/helper/hourly"
	"tracelens/shared/trace"
)

func open(t *testing.T, dir string) *hourly.Folder {
	t.Helper()
	folder, err := hourly.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	return folder
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
	f.lookAt = f.lookAt.AddDate(-1, 0, 0)
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
	f := Follow(open(t, dir), nil, 8)
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

func TestResume(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "3600.csv", "a\nbb\nccc\n")
	put(t, dir, "7200.csv", "d\n")
	want(t, all(t, Follow(open(t, dir), map[int64]int64{3600: 2, 7200: 2}, 64)), `3600@2 "bb\nccc\n"`)
	for _, offset := range []int64{3, 10} { // within a line, and beyond the end
		position := (*PositionError)(nil)
		if _, err := Follow(open(t, dir), map[int64]int64{3600: offset}, 64).Next(); !errors.As(err, &position) {
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
		f := Follow(open(t, dir), nil, limit)
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
	if _, err := Follow(open(t, dir), map[int64]int64{0: 10}, 5).Next(); err == nil || err == ErrNothing {
		t.Errorf("a line longer than the limit: %v", err)
	}
}

func TestCatalogue(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "7200.csv", "d\ntorn")
	put(t, dir, "3600.csv", "a\n")
	files, err := Catalogue(open(t, dir))
	if got := fmt.Sprint(files, err); got != "[{3600 2} {7200 2}] <nil>" {
		t.Error(got)
	}
}
