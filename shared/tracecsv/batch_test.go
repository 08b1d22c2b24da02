package tracecsv

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// A row is what a batch holds of a packet, with its addresses as themselves.
type row struct {
	timeNS           int64
	length           uint32
	src, dst         netip.Addr
	srcPort, dstPort uint16
	ports            trace.PortBits
	second           trace.SecondPorts
}

// parseBatches reads a block into batches and lists their rows. The block is put in front of what must not be looked at. It is read
// twice, as flows that have been seen before are known by other means, and both times must give the same.
func parseBatches(t testing.TB, f Format, block []byte, start int64) (rows []row, skips Skips) {
	t.Helper()
	block = append(append(make([]byte, 0, len(block)+200), block...), bytes.Repeat([]byte("1.0,"), 50)...)[:len(block)]
	flows := dict.NewFlows(dict.NewEndpoints())
	rows, skips = parseOnce(t, f, block, start, flows)
	again, skipsAgain := parseOnce(t, f, block, start, flows)
	if skips != skipsAgain || !slices.Equal(rows, again) {
		t.Fatalf("%q: %v, skipped %v; the second time %v, skipped %v", block, rows, skips.Counts(), again, skipsAgain.Counts())
	}
	return rows, skips
}

func parseOnce(t testing.TB, f Format, block []byte, start int64, flows *dict.Flows) (rows []row, skips Skips) {
	t.Helper()
	var batch trace.Batch
	for len(block) > 0 {
		batch.Clear()
		used := f.Parse(block, start, &batch, flows, &skips)
		if used == 0 {
			t.Fatalf("%d bytes are left: %.80q", len(block), block)
		}
		block = block[used:]
		rows = append(rows, rowsOf(&batch, flows)...)
	}
	return rows, skips
}

func rowsOf(b *trace.Batch, flows *dict.Flows) (rows []row) {
	second, long := b.Second, b.Long
	for i := range b.N {
		flow, ends := flows.At(int(b.Flow[i])), flows.Endpoints()
		r := row{timeNS: b.TimeNS[i], length: uint32(b.Len[i])}
		if r.length == trace.LongLen {
			r.length, long = long[0].Len, long[1:]
		}
		if n := uint32(flow.Ends >> 32); n != 0 {
			r.src = ends.Addr(n)
		}
		if n := uint32(flow.Ends); n != 0 {
			r.dst = ends.Addr(n)
		}
		r.srcPort, r.dstPort, r.ports = flow.Ports()
		if len(second) > 0 && int(second[0].Row) == i {
			r.second = second[0]
			r.second.Row, second = 0, second[1:]
		}
		rows = append(rows, r)
	}
	return rows
}

// The slow path is the reference of the fast one. Lines come in blocks of several, so that the fast path has room to look ahead.
func TestFastAndSlowPathAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	alphabet := []byte("0123456789.,:-abcdef\"\r x\n\x00")
	for columns := 8; columns <= 10; columns += 2 {
		fast, slow := Format{Separator: ',', Columns: usualColumns[:columns], usual: true}, Format{Separator: ',', Columns: usualColumns[:columns]}
		for range 20000 {
			var block []byte
			for range 1 + r.IntN(8) {
				p := randomPacket(r, 0)
				if r.IntN(2) == 0 {
					p = usualPacket(r)
				}
				line := AppendRow(nil, 0, &p)
				if columns == 8 {
					line = append(line[:nth(line, 8)], '\n')
				}
				if r.IntN(2) == 0 { // damage it
					for range r.IntN(3) {
						line[r.IntN(len(line))] = alphabet[r.IntN(len(alphabet))]
					}
				}
				if r.IntN(8) == 0 {
					line = append(line[:len(line)-1], "\r\n"...)
				}
				block = append(block, line...)
			}
			start := []int64{7, trace.MaxSecond - 5, trace.MaxSecond - maxUsualSeconds}[r.IntN(3)]
			a, as := parseBatches(t, fast, block, start)
			b, bs := parseSlowly(slow, block, start)
			if as != bs || !slices.Equal(a, b) {
				t.Fatalf("%q: fast %v, skipped %v; slow %v, skipped %v", block, a, as.Counts(), b, bs.Counts())
			}
		}
	}
}

// damaged appends a line without each of its bytes, with each of an alphabet before it, and with each in its place; after every one of these
// the line as it is, which must not be taken for a part of it.
func damaged(block, good, alphabet []byte) []byte {
	add := func(parts ...[]byte) { block = append(append(block, bytes.Join(parts, nil)...), good...) }
	for i := range good {
		add(good[:i], good[i+1:])
		for _, c := range alphabet {
			add(good[:i], []byte{c}, good[i:])
			add(good[:i], []byte{c}, good[i+1:])
		}
	}
	return block
}

// Every way in which one character can be wrong in a row whose flow is known: the row is what it is by itself.
func TestOneCharacterWrong(t *testing.T) {
	alphabet := []byte("015,.:-\"\r \n\x00af\xff")
	for _, line := range []string{
		"1234.123456789,101.5.106.143,443,,192.168.1.23,48220,,1514,,",
		"0.123456789,192.168.1.23,,51,101.5.106.143,,51820,15,,",
		"7.000000000,10.0.0.1,443,,10.0.0.2,50000,,60,,",
		"7.000000001,101.5.106.143,,,192.168.100.123,,,98,,",
		"7.000000001,255.255.255.255,65535,,255.255.255.255,65535,,65534,,",
		"7.000000002,,443,,,50000,,1514,2001:db8::1,2001:db8::2",
	} {
		for columns := 8; columns <= 10; columns += 2 {
			fast, slow := Format{Separator: ',', Columns: usualColumns[:columns], usual: true}, Format{Separator: ',', Columns: usualColumns[:columns]}
			good := append([]byte(line), '\n')
			if columns == 8 {
				good = append(good[:nth(good, 8)], '\n')
			}
			block := damaged(bytes.Clone(good), good, alphabet)
			a, as := parseBatches(t, fast, block, 7)
			b, bs := parseSlowly(slow, block, 7)
			for i := range min(len(a), len(b)) {
				if a[i] != b[i] {
					t.Fatalf("%s, %d columns: row %d is %v, want %v", line, columns, i, a[i], b[i])
				}
			}
			if as != bs || len(a) != len(b) {
				t.Errorf("%s, %d columns: %d rows, skipped %v; want %d, skipped %v", line, columns, len(a), as.Counts(), len(b), bs.Counts())
			}
		}
	}
}

// nth is the index of the comma that ends cell n of a line.
func nth(line []byte, n int) int {
	for i, c := range line {
		if c == ',' {
			if n--; n == 0 {
				return i
			}
		}
	}
	return -1
}

// usualPacket is one that the fast path takes.
func usualPacket(r *rand.Rand) trace.Packet {
	p := trace.Packet{TimeNS: r.Int64N(trace.Hour), Len: 40 + r.Uint32N(1475), IPv4SrcAddr: r.Uint32N(1000) * 4_290_000, IPv4DstAddr: 0xc0a80117}
	p.Has = trace.Time.Bit() | trace.Len.Bit() | trace.IPSrc.Bit() | trace.IPDst.Bit()
	if r.IntN(8) == 0 {
		p.Has = trace.Time.Bit() | trace.Len.Bit() | trace.IPv6Src.Bit() | trace.IPv6Dst.Bit()
		p.IPv6SrcAddr[0], p.IPv6SrcAddr[15], p.IPv6DstAddr[1] = 0x20, byte(r.IntN(50)), 9
	}
	switch r.IntN(8) {
	case 0:
	case 1:
		p.SetPort(trace.UDPSrcPort, uint16(32768+r.IntN(28000)))
		p.SetPort(trace.UDPDstPort, 53)
	default:
		p.SetPort(trace.TCPSrcPort, 443)
		p.SetPort(trace.TCPDstPort, uint16(32768+r.IntN(28000)))
	}
	return p
}

// TestUsualRowsAreFast: the rows that the helper and tshark write must not fall to the slow path, which nobody would notice but by
// the time it takes.
func TestUsualRowsAreFast(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for columns := 8; columns <= 10; columns += 2 {
		for _, end := range []string{"\n", "\r\n"} {
			f := Format{Separator: ',', Columns: usualColumns[:columns], usual: true}
			var block []byte
			for range 500 {
				p := usualPacket(r)
				line := AppendRow(nil, 0, &p)
				line = line[:len(line)-1]
				if columns == 8 {
					line = line[:nth(line, 8)]
				}
				block = append(append(block, line...), end...)
			}
			var batch trace.Batch
			flows := dict.NewFlows(dict.NewEndpoints())
			f.usualRows(append(block, make([]byte, maxUsual)...), 0, &batch, flows)
			if batch.N != 500 {
				t.Fatalf("%d columns, %q: row %d of 500 is not taken", columns, end, batch.N)
			}
			known := 0
			for i, line := range bytes.Split(block[:len(block)-1], []byte("\n")) {
				text := line[bytes.IndexByte(line, ',')+1 : nth(line, 7)+1]
				if len(text) < dict.HalfText {
					continue
				}
				front, back := (*[dict.HalfText]byte)(text), (*[dict.HalfText]byte)(text[len(text)-dict.HalfText:])
				ft := dict.FlowText{Front: front, Back: back, Size: uint64(len(text))}
				slot := flows.Known(ft)
				number, other := slot.Number(), slot.OtherFront(ft)|slot.OtherBack(ft)
				if other != 0 {
					continue
				}
				if known++; number != batch.Flow[i] {
					t.Errorf("%q is remembered as flow %d, but is %d", text, number, batch.Flow[i])
				}
			}
			if known < 300 { // an eighth is IPv6, and some have fallen into the same place as another
				t.Errorf("%d columns, %q: of 500 rows only the texts of %d are remembered", columns, end, known)
			}
		}
	}
}

func TestNoAllocationPerRow(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var block []byte
	for i := range 1000 {
		p := randomPacket(r, 0)
		if i%2 == 0 {
			p = usualPacket(r)
		}
		block = AppendRow(block, 0, &p)
	}
	block = append(block, "broken,\n1.5,,,,,,,60,2001:DB8::192.0.2.1,\n"...)
	f, flows := Usual(), dict.NewFlows(dict.NewEndpoints())
	var batch trace.Batch
	var skips Skips
	parse := func() {
		batch.Clear()
		f.Parse(block, 0, &batch, flows, &skips)
	}
	if n := testing.AllocsPerRun(20, parse); n > 3 { // the broken line is looked at as a header
		t.Errorf("%v allocations for 1002 lines", n)
	}
	if batch.N != 1001 {
		t.Errorf("%d rows", batch.N)
	}
	dst, p := make([]byte, 0, 200), randomPacket(r, 0)
	if n := testing.AllocsPerRun(100, func() { AppendRow(dst, 0, &p) }); n != 0 {
		t.Errorf("%v allocations for writing a row", n)
	}
}
