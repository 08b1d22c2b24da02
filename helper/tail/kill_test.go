package tail

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracelens/helper/hourly"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

var kills = flag.Int("kills", 250, "how many writers are killed; 1000 by hand")

// TestMain lets the test be the writer that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("WRITE_TO"); dir != "" {
		first, err := strconv.Atoi(os.Getenv("WRITE_FROM"))
		if err == nil {
			err = writeUntilKilled(dir, first)
		}
		panic(err)
	}
	os.Exit(m.Run())
}

// packet is the one of a number, which is its length. Hours have some 20 000, and every hundredth comes when the clock was set back.
func packet(number int) trace.Packet {
	at := int64(number)*180e6 + 10*trace.Hour
	if number%100 == 99 {
		at -= trace.Hour
	}
	return trace.Packet{TimeNS: at, Len: uint32(number), Has: trace.Len.Bit()}
}

func writeUntilKilled(dir string, next int) error {
	folder, err := hourly.OpenFolder(dir)
	if err != nil {
		return err
	}
	w, err := hourly.Open(folder, hourly.Options{})
	if err != nil {
		return err
	}
	fmt.Println("writing")
	for {
		size := 300
		if rand.IntN(4) == 0 {
			size = 6000 // so that some are killed in the middle of a write
		}
		batch := make([]trace.Packet, 0, size)
		for range 1 + rand.IntN(size) {
			batch = append(batch, packet(next))
			next++
		}
		if err := w.Write(batch); err != nil {
			return err
		}
		if rand.IntN(20) == 0 {
			w.Sync()
		}
		time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
	}
}

// TestKills kills writers at random moments, one after the other on the same folder, while a reader follows what they write, as a page
// does. Whatever the reader has been shown stays, no row is torn or there twice, and the reader goes on where it was.
func TestKills(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := Follow(open(t, dir), nil, false, 64<<10)
	defer f.Close()
	shown := map[int64][]byte{}
	rows, torn := 0, 0
	// follow takes what there is to read.
	follow := func() {
		f.watch.Look()
		for {
			r, err := f.Next()
			if err == ErrNothing {
				return
			} else if err != nil {
				t.Fatal(err)
			}
			if r.Offset != int64(len(shown[r.Hour])) {
				t.Fatalf("bytes from %d of %d follow on %d", r.Offset, r.Hour, len(shown[r.Hour]))
			}
			shown[r.Hour] = append(shown[r.Hour], r.Lines...)
			rows += bytes.Count(r.Lines, []byte{'\n'})
			if r.Offset == 0 {
				rows-- // the header
			}
		}
	}
	for range *kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "WRITE_TO="+dir, fmt.Sprintf("WRITE_FROM=%d", rows))
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		stdout.Read(make([]byte, 1))
		for end := time.Now().Add(time.Duration(rand.IntN(4000)) * time.Microsecond); time.Now().Before(end); {
			follow()
		}
		cmd.Process.Kill()
		cmd.Wait()
		follow()
		torn += tornFiles(t, dir, f.watch.folder)
	}
	seen := make([]bool, rows)
	for hour, text := range shown {
		file, err := os.ReadFile(dir + "/" + trace.HourFileName(hour))
		if err != nil || !bytes.HasPrefix(file, text) {
			t.Fatalf("%d: what was shown is not what the file holds: %v", hour, err)
		}
		lines, ok := strings.CutPrefix(string(text), tracecsv.Header+"\n")
		if !ok || strings.Contains(lines, "frame") {
			t.Fatalf("%d: the header is not there, or more than once", hour)
		}
		for line := range strings.Lines(lines) {
			cells := strings.Split(line, ",")
			number, err := strconv.Atoi(cells[min(int(trace.Len), len(cells)-1)])
			if err != nil || number >= rows || seen[number] {
				t.Fatalf("%d: row %q, or it is there twice", hour, line)
			}
			seen[number] = true
			p := packet(number)
			if want := string(tracecsv.AppendRow(nil, hour, &p)); line != want || hourly.HourOf(p.TimeNS) != hour {
				t.Fatalf("%d: row %q of packet %d", hour, line, number)
			}
		}
	}
	t.Logf("%d kills, %d rows in %d files; %d times a file ended in a torn row", *kills, rows, len(shown), torn)
}

// tornFiles counts the files that do not end on a newline.
func tornFiles(t *testing.T, dir string, folder *hourly.Folder) (n int) {
	t.Helper()
	files, err := folder.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := os.Open(dir + "/" + trace.HourFileName(file.Hour))
		if err != nil {
			t.Fatal(err)
		}
		var last [1]byte
		if _, err := f.ReadAt(last[:], file.Size-1); err == nil && last[0] != '\n' {
			n++
		}
		f.Close()
	}
	return n
}
