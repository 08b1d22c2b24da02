package tracecsv

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
	"tracelens/shared/tracetest"
)

// A dialect is how tshark is asked to print packets.
type dialect struct {
	separator, quote, aggregator string
	header, bom                  bool
	every                        bool // value of a field, not only the first
	time                         string
	order                        []string
}

func (d dialect) String() string {
	return fmt.Sprintf("separator=%s quote=%s aggregator=%s header=%v bom=%v every=%v %s %v", d.separator, d.quote, d.aggregator, d.header, d.bom, d.every, d.time, d.order)
}

// tshark prints a capture.
func tshark(t testing.TB, capture string, d dialect) []byte {
	t.Helper()
	yes := map[bool]string{true: "y", false: "n"}
	args := []string{"-n", "-r", capture, "-T", "fields", "-E", "separator=" + d.separator, "-E", "quote=" + d.quote, "-E", "aggregator=" + d.aggregator,
		"-E", "header=" + yes[d.header], "-E", "bom=" + yes[d.bom], "-E", "occurrence=" + map[bool]string{true: "a", false: "f"}[d.every]}
	field := d.time
	if d.time == "_ws.col.Time, since 1970" {
		field = "_ws.col.Time"
		args = append(args, "-t", "e")
	}
	for _, name := range d.order {
		if name == trace.Names[trace.Time] {
			name = field
		}
		args = append(args, "-e", name)
	}
	cmd := exec.Command("tshark", args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark %v: %v: %s", args, err, said.String())
	}
	return out
}

// allCaptures is one file of all captures' packets.
func allCaptures(t testing.TB) string {
	t.Helper()
	tracetest.Tshark(t)
	all := filepath.Join(t.TempDir(), "all.pcapng")
	if out, err := exec.Command("mergecap", append([]string{"-w", all}, tracetest.Captures()...)...).CombinedOutput(); err != nil {
		t.Fatalf("mergecap: %v: %s", err, out)
	}
	return all
}

// TestEveryDialectOfTshark: whatever tshark is asked for, a packet's row is the one of the plain file, or its line is counted.
func TestEveryDialectOfTshark(t *testing.T) {
	if testing.Short() {
		t.Skip("tshark is slow")
	}
	capture := allCaptures(t)
	usual := trace.Names[:]
	plain := dialect{separator: ",", quote: "n", aggregator: ",", header: true, time: "frame.time_relative", order: usual}
	relative, skips := parseAll(t, string(tshark(t, capture, plain)), 0)
	if skips.Total() != 0 || len(relative) < 1000 {
		t.Fatalf("the plain file has %d rows, skipped %v", len(relative), skips.Counts())
	}
	plain.time = "frame.time_epoch"
	epoch, _ := parseAll(t, string(tshark(t, capture, plain)), 0)

	r := rand.New(rand.NewPCG(9, 9))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	total := map[string]int64{}
	for i := range 45 {
		d := dialect{separator: pick(",", "/t", ";"), quote: pick("n", "d", "s"), aggregator: pick(",", ",", ";", "|", "/s", "/"),
			header: i%4 > 0, bom: i%3 == 0, every: i%2 == 0, order: usual}
		d.time = pick("frame.time_relative", "frame.time_epoch", "frame.time", "_ws.col.Time", "_ws.col.Time, since 1970")
		if d.header {
			switch r.IntN(3) {
			case 0:
				d.order = usual[:8]
			case 1:
				d.order = slices.Clone(usual)
				r.Shuffle(len(usual), func(i, k int) { d.order[i], d.order[k] = d.order[k], d.order[i] })
			default:
				d.order = append([]string{"frame.number", "_ws.col.Source"}, usual...)
				if d.quote != "n" {
					d.order = append(d.order, "_ws.col.Info", "frame.time_epoch")
				}
			}
		}
		if i%5 == 4 { // a tunnel's values are cells of their own
			d.separator, d.quote, d.aggregator, d.every = ",", "n", ",", true
		}
		file := tshark(t, capture, d)
		f, skip, err := Detect(file)
		if err != nil {
			t.Errorf("%v: %v", d, err)
			continue
		}
		want := relative
		if f.Absolute() {
			want = epoch
		}
		skipped := compareLines(t, d, f, file[skip:], want)
		sum := skipped.Total()
		t.Logf("%v: %s: skipped %v of %d", d, f.Words(), skipped.Counts(), len(want))
		if !d.every && sum > 0 || sum > int64(len(want)/5) {
			t.Errorf("%v: skipped %v of %d", d, skipped.Counts(), len(want))
		}
		for reason, n := range skipped.Counts() {
			total[reason] += n
		}
		again, err := ParseFormat(f.Code())
		if err != nil {
			t.Fatalf("%v: %q: %v", d, f.Code(), err)
		}
		sameByParse(t, d, again, file[skip:])
	}
	t.Logf("skipped in all: %v", total)
}

// compareLines reads line by line and compares line i with want[i], as far as the file has the columns.
func compareLines(t *testing.T, d dialect, f Format, lines []byte, want []trace.Packet) (skips Skips) {
	t.Helper()
	var has trace.Fields
	for _, m := range f.Columns {
		if m >= 0 {
			has |= trace.Column(m).Bit()
		}
	}
	finest := int64(1)
	if strings.HasPrefix(d.time, "_ws.col.Time") {
		finest = 1000
	}
	i := 0
	for ; len(lines) > 0; i++ {
		var p trace.Packet
		used, ok := f.ParseRow(lines, 0, &p, &skips)
		text := lines[:used]
		lines = lines[used:]
		if i >= len(want) || !ok {
			continue
		}
		w := want[i]
		if diff := w.TimeNS - p.TimeNS; diff >= 0 && diff < finest {
			p.TimeNS = w.TimeNS
		}
		w.Has &= has
		a, b := AppendRow(nil, 0, &p), AppendRow(nil, 0, &w)
		if !bytes.Equal(a, b) {
			t.Fatalf("%v: %q\n is %s, want %s", d, text, a, b)
		}
	}
	if i != len(want) {
		t.Errorf("%v: %d lines, want %d", d, i, len(want))
	}
	return skips
}

// sameByParse: what Parse says of lines is what ParseRow says of each.
func sameByParse(t testing.TB, d any, f Format, lines []byte) {
	t.Helper()
	fast, fastSkips := parseBatches(t, f, lines, 0)
	slow, slowSkips := parseSlowly(f, lines, 0)
	if fastSkips != slowSkips || !slices.Equal(fast, slow) {
		for i := range min(len(fast), len(slow)) {
			if fast[i] != slow[i] {
				t.Fatalf("%v: row %d: fast %v, slow %v", d, i, fast[i], slow[i])
			}
		}
		t.Fatalf("%v: fast %d rows, skipped %v; slow %d rows, skipped %v", d, len(fast), fastSkips.Counts(), len(slow), slowSkips.Counts())
	}
}

// parseSlowly reads every line by the slow path, into rows as parseBatches gives them.
func parseSlowly(f Format, block []byte, start int64) (rows []row, skips Skips) {
	flows := dict.NewFlows(dict.NewEndpoints())
	var batch trace.Batch
	for len(block) > 0 {
		var p trace.Packet
		used, ok := f.ParseRow(block, start, &p, &skips)
		block = block[used:]
		if ok {
			flows.Add(&batch, &p)
		}
		if batch.Full() || len(block) == 0 {
			rows = append(rows, rowsOf(&batch, flows)...)
			batch.Clear()
		}
	}
	return rows, skips
}
