package tracecsv

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// A writtenDialect is one that files can be written in without tshark.
type writtenDialect struct {
	name             string
	separator, quote string
	order            []string // names of columns
	lines            string   // in front of the header
	end              string
	noHeader         bool
}

var writtenDialects = []writtenDialect{
	{name: "hour file", separator: ",", order: trace.Names[:]},
	{name: "hour file, CRLF, no header", separator: ",", order: trace.Names[:], end: "\r\n", noHeader: true},
	{name: "tabs", separator: "\t", order: trace.Names[:]},
	{name: "semicolons, CRLF", separator: ";", order: trace.Names[:8], end: "\r\n"},
	{name: "quoted", separator: ",", quote: "\"", order: trace.Names[:]},
	{name: "quoted, CRLF", separator: "\t", quote: "'", order: trace.Names[:], end: "\r\n", lines: "Running as user \"root\"\n\n"},
	{name: "epoch", separator: ",", order: []string{"frame.time_epoch", "ip.src", "tcp.srcport", "udp.srcport", "ip.dst", "tcp.dstport", "udp.dstport", "frame.len", "ipv6.src", "ipv6.dst"}},
	{name: "other order", separator: ",", order: []string{"ip.dst", "ip.src", "frame.len", "udp.dstport", "tcp.dstport", "udp.srcport", "tcp.srcport", "ipv6.src", "ipv6.dst", "frame.time_relative"}},
	{name: "more columns", separator: ",", order: []string{"frame.number", "frame.time_relative", "ip.src", "tcp.srcport", "udp.srcport", "ip.dst", "tcp.dstport", "udp.dstport", "frame.len", "ipv6.src", "ipv6.dst", "eth.src", "tcp.flags"}},
	{name: "epoch, tabs, no header", separator: "\t", noHeader: true, order: []string{"frame.time_epoch", "ip.src", "tcp.srcport", "udp.srcport", "ip.dst", "tcp.dstport", "udp.dstport", "frame.len"}},
	{name: "dates", separator: ",", order: []string{"frame.number", "frame.time", "ip.src", "tcp.srcport", "udp.srcport", "ip.dst", "tcp.dstport", "udp.dstport", "frame.len"}},
	{name: "dates, quoted", separator: "\t", quote: "\"", order: []string{"frame.time", "ip.src", "tcp.srcport", "udp.srcport", "ip.dst", "tcp.dstport", "udp.dstport", "frame.len"}},
	{name: "Wireshark", separator: ",", quote: "\"", order: []string{"No.", "Time", "Source", "Destination", "Protocol", "Length", "Info"}},
}

// write writes packets as they stand in a file of the dialect. Those of hour files count times from 1483873200.
func (d writtenDialect) write(packets []trace.Packet) []byte {
	end := d.end
	if end == "" {
		end = "\n"
	}
	var b bytes.Buffer
	b.WriteString(d.lines)
	if !d.noHeader {
		header := d.order
		if d.name == "Wireshark" {
			header = nil
			for _, name := range d.order {
				header = append(header, strconv.Quote(name))
			}
		}
		b.WriteString(strings.Join(header, d.separator) + end)
	}
	for i := range packets {
		p := &packets[i]
		usual := strings.Split(string(bytes.TrimSuffix(AppendRow(nil, 1483873200, p), []byte("\n"))), ",")
		for k, name := range d.order {
			if k > 0 {
				b.WriteString(d.separator)
			}
			cell := "x"
			switch at := slices.Index(trace.Names[:], name); {
			case at >= 0:
				cell = usual[at]
			case name == "frame.number" || name == "No.":
				cell = strconv.Itoa(i + 1)
			case name == "frame.time_epoch":
				cell = strings.Split(string(AppendRow(nil, 0, p)), ",")[0]
			case name == "frame.time":
				cell = time.Unix(0, p.TimeNS).UTC().Format("Jan _2, 2006 15:04:05.000000000 UTC")
			case name == "Time":
				cell = usual[trace.Time]
			case name == "Length":
				cell = usual[trace.Len]
			case name == "Source":
				cell = usual[trace.IPSrc] + usual[trace.IPv6Src]
			case name == "Destination":
				cell = usual[trace.IPDst] + usual[trace.IPv6Dst]
			case name == "Info":
				cell = "443 > 50000 [ACK] Seq=1, Ack=2"
			}
			if cell != "" {
				cell = d.quote + cell + d.quote
			}
			b.WriteString(cell)
		}
		b.WriteString(end)
	}
	return b.Bytes()
}

// usualPackets are packets of the hour after 2017-01-08 11:00 UTC.
func usualPackets(r *rand.Rand, n int) []trace.Packet {
	packets := make([]trace.Packet, n)
	for i := range packets {
		packets[i] = usualPacket(r)
		packets[i].TimeNS += 1483873200 * trace.Second
	}
	return packets
}

// TestDialectsAreFast: lines of these dialects must not fall to the slow path, which nobody would notice but by the time it takes; and
// reading them does not allocate.
func TestDialectsAreFast(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	packets := usualPackets(r, 1000)
	for _, d := range writtenDialects {
		file := d.write(packets)
		f, skip, err := Detect(file)
		if err != nil {
			t.Fatalf("%s: %v", d.name, err)
		}
		sameByParse(t, d.name, f, file[skip:])
		lines := append(file[skip:], make([]byte, maxWide)...)
		flows := dict.NewFlows(dict.NewEndpoints())
		var batch trace.Batch
		if f.usual {
			f.usualRows(lines, 0, &batch, flows)
		} else {
			f.rewrittenRows(lines, 0, &batch, flows)
		}
		if batch.N != len(packets) {
			t.Errorf("%s: row %d of %d is not taken", d.name, batch.N, len(packets))
		}
		var skips Skips
		parse := func() {
			batch.Clear()
			f.Parse(file[skip:], 0, &batch, flows, &skips)
		}
		if n := testing.AllocsPerRun(5, parse); n != 0 || batch.N != len(packets) || skips.Total() != 0 {
			t.Errorf("%s: %v allocations for %d rows, skipped %v", d.name, n, batch.N, skips.Counts())
		}
	}
}

// TestOneCharacterWrongInDialects: every way in which one character can be wrong in a line of another dialect.
func TestOneCharacterWrongInDialects(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	alphabet := []byte("01,.:-\"';\t\r \nJaZ\x00\xff")
	for _, d := range writtenDialects {
		for range 4 {
			file := d.write(usualPackets(r, 1))
			f, skip, err := Detect(file)
			if err != nil {
				t.Fatal(err)
			}
			good := file[skip:]
			sameByParse(t, d.name, f, damaged(nil, good, alphabet))
		}
	}
}

// TestAnyFormat: columns in any order, of any separator and quotes, in lines that are damaged or not.
func TestAnyFormat(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	alphabet := []byte("0123456789.,:-abf\"';\t\r \n")
	rows := 0
	for range 400 {
		f := Format{Separator: []byte(",;\t")[r.IntN(3)], Quote: []byte{0, '"', '\''}[r.IntN(3)], Time: TimeKind(r.IntN(3))}
		meanings := slices.Clone(usualColumns)
		if r.IntN(3) == 0 {
			meanings = []Meaning{0, SourceOrName, DestinationOrName, Meaning(trace.Len)}
		}
		for range r.IntN(4) {
			meanings = append(meanings, Ignored)
		}
		r.Shuffle(len(meanings), func(i, k int) { meanings[i], meanings[k] = meanings[k], meanings[i] })
		f.Columns = meanings
		if err := f.check(); err != nil {
			t.Fatal(err)
		}
		var block []byte
		for range 100 {
			p := usualPacket(r)
			if r.IntN(4) == 0 {
				p = randomPacket(r, 0)
			}
			cells := strings.Split(string(bytes.TrimSuffix(AppendRow(nil, 0, &p), []byte("\n"))), ",")
			switch at := time.Unix(1483873200, p.TimeNS).UTC(); f.Time {
			case Epoch:
				cells[trace.Time] = strconv.FormatInt(at.Unix(), 10) + at.Format(".000000")
			case Text:
				cells[trace.Time] = at.Format([]string{"Jan _2, 2006 15:04:05.000000000 CET", "2006-01-02T15:04:05.000+01:00", "2006-01-02 15:04:05"}[r.IntN(3)])
			}
			var line []byte
			for i, m := range f.Columns {
				if i > 0 {
					line = append(line, f.Separator)
				}
				cell := []string{"", "x", "1", "a b", "\"", "a,b", "10.0.0.1"}[r.IntN(7)]
				switch m {
				case Ignored:
				case SourceOrName:
					cell = cells[trace.IPSrc] + cells[trace.IPv6Src]
				case DestinationOrName:
					cell = cells[trace.IPDst]
				default:
					cell = cells[m]
				}
				if f.Quote != 0 && r.IntN(8) > 0 && cell != "" {
					cell = string(f.Quote) + cell + string(f.Quote)
				}
				line = append(line, cell...)
			}
			if r.IntN(4) == 0 {
				line = append(line, '\r')
			}
			if r.IntN(4) == 0 {
				line[r.IntN(len(line))] = alphabet[r.IntN(len(alphabet))]
			}
			block = append(append(block, line...), '\n')
		}
		sameByParse(t, f.Code(), f, block)
		all, _ := parseSlowly(f, block, 0)
		rows += len(all)
	}
	if rows < 20_000 {
		t.Errorf("only %d lines of 40000 are rows", rows)
	}
}
