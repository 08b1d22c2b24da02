package sieve

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracelens/shared/cause"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// altering makes other addresses and ports of a packet's, leaves packets of some out, and moves times.
type altering struct{ step, shift int64 }

func (a altering) Packet(p *trace.Packet, dated bool) bool {
	p.IPv4SrcAddr, p.IPv4DstAddr = p.IPv4SrcAddr^0x10203, p.IPv4DstAddr*3
	p.IPv6SrcAddr[3], p.IPv6DstAddr[15] = p.IPv6SrcAddr[15], 77
	p.TCPSrc, p.UDPDst = p.TCPSrc&0xff, 53
	p.TimeNS = trace.Floor(p.TimeNS, a.step)
	if dated {
		p.TimeNS += a.shift
	}
	return !p.Has.Has(trace.IPSrc) || p.IPv4SrcAddr&7 != 3
}

func (a altering) Time() (step, shift int64) { return a.step, a.shift }

// TestCopy: whatever the file, the selection and the alteration, the copy has the rows that come of reading, altering and writing every line
// by itself.
func TestCopy(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2))
	usual := tracecsv.Usual()
	tabs, err := tracecsv.ParseFormat(strings.Replace(usual.Code(), "comma", "tab", 1))
	if err != nil {
		t.Fatal(err)
	}
	selections := []selection.Selection{{}, {FromNS: hour * trace.Second, ToNS: (hour + 1800) * trace.Second}}
	for _, text := range []string{"tcp.port == 443 || frame.len > 1000", "process:curl,none"} {
		where, wrong := selection.ParseFilter(text)
		if wrong != nil {
			t.Fatal(wrong)
		}
		selections = append(selections, selection.Selection{Where: where})
	}
	causes := randomCauses(r)
	for _, oddity := range []int{20, 2000} {
		var given []byte
		for range 6000 {
			given = append(append(given, randomLine(r, oddity)...), '\n')
		}
		for i, sel := range selections {
			for _, alter := range []Alteration{nil, altering{1, 0}, altering{trace.Second, 48 * trace.Hour}, altering{trace.Minute, 24 * trace.Hour}} {
				for _, dated := range []bool{true, false} {
					for _, format := range []tracecsv.Format{usual, tabs} {
						lines, start := given, int64(hour)
						if format.Code() != usual.Code() {
							lines = []byte(strings.ReplaceAll(string(given), ",", "\t"))
						}
						if !dated {
							start = 0
						}
						name := fmt.Sprintf("one line in %d is odd, selection %d, %+v, dated %v, %s", oddity, i, alter, dated, format.Code())
						want, rows, out, skipped := rowByRow(format, lines, start, &sel, causes, alter, dated)
						s := New(format, start, &sel)
						s.maxDictBytes = 3000 // some of them are emptied
						s.Behind(causes)
						s.Alter(alter, dated)
						got, copied, leftOut := map[int64]string{}, 0, 0
						for rest := lines; len(rest) > 0; {
							block := rest[:min(len(rest), 20_000+r.IntN(100_000))]
							block = rest[:len(block)+lineSize(rest[len(block):])]
							rest = rest[len(block):]
							n, left, err := s.Copy(block, func(hour int64, rows []byte) error {
								got[hour] += string(rows)
								return nil
							})
							if err != nil {
								t.Fatal(err)
							}
							copied, leftOut = copied+n, leftOut+left
						}
						if copied != rows || leftOut != out || s.Skipped() != skipped || len(got) != len(want) {
							t.Fatalf("%s: %d rows, %d left out, %d skipped, %d hours; want %d, %d, %d, %d", name, copied, leftOut, s.Skipped(), len(got), rows, out, skipped, len(want))
						}
						for hour, text := range want {
							if got[hour] != text {
								t.Fatalf("%s: the rows of hour %d are others", name, hour)
							}
						}
					}
				}
			}
		}
	}
}

// rowByRow is the rows of a copy, by hour, how many, and how many packets and lines are not in it.
func rowByRow(format tracecsv.Format, lines []byte, start int64, sel *selection.Selection, causes *cause.Finder, alter Alteration, dated bool) (rows map[int64]string, n, leftOut int, skipped int64) {
	texts := map[int64][]byte{}
	var skips tracecsv.Skips
	for len(lines) > 0 {
		var p trace.Packet
		size, row := format.ParseRow(lines, start, &p, &skips)
		lines = lines[size:]
		if !row || !sel.Holds(&p, causes.Of(&p)) {
			continue
		}
		if alter != nil && !alter.Packet(&p, dated) {
			leftOut++
			continue
		}
		hour := int64(0)
		if dated {
			hour = trace.Floor(p.TimeNS, trace.Hour) / trace.Second
		}
		texts[hour] = tracecsv.AppendRow(texts[hour], hour, &p)
		n++
	}
	rows = map[int64]string{}
	for hour, text := range texts {
		rows[hour] = string(text)
	}
	return rows, n, leftOut, skips.Total()
}

// TestCopyStops: an error of whoever writes ends the copy, and is told.
func TestCopyStops(t *testing.T) {
	s := New(tracecsv.Usual(), hour, &selection.Selection{})
	s.Alter(nil, true)
	calls := 0
	_, _, err := s.Copy([]byte("1.5,,,,,,,60,,\n3601.5,,,,,,,60,,\n7201.5,,,,,,,60,,\n"), func(int64, []byte) error {
		calls++
		return fmt.Errorf("no room")
	})
	if err == nil || err.Error() != "no room" || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}
