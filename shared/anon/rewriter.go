package anon

import (
	"bytes"
	"net/netip"

	"tracelens/shared/trace"
)

// A Rewriter anonymises the lines of an hour file as text: every address is replaced, every other byte stays as it is, so what
// was not an address (times, ports, lengths, CRLF, a missing last newline) cannot be changed by having been parsed and written
// again.
//
// It fails closed. A line is refused if an address column holds something else than an address, or if another column holds
// something that looks like one: tshark without occurrence=f writes the addresses of tunnels as extra cells.
//
// Every address is replaced, special ones such as broadcast too. A Rewriter is not safe for concurrent use.
type Rewriter struct {
	pan       *CryptoPAn
	address   []bool // by column
	separator byte
	known     map[string]string // cell -> its replacement, so that a known address is neither parsed nor formatted
}

// maxAddress is the length of the longest spelling of an address, ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255.
const maxAddress = 45

// NewRewriter rewrites lines whose cells are parted by separator; addressColumns are the indices of the cells that hold
// addresses, of either family.
func NewRewriter(c *CryptoPAn, addressColumns []int, separator byte) *Rewriter {
	r := &Rewriter{pan: c, separator: separator, known: map[string]string{}}
	for _, column := range addressColumns {
		for len(r.address) <= column {
			r.address = append(r.address, false)
		}
		r.address[column] = true
	}
	return r
}

// Append appends line, which comes without its newline but may end in a carriage return, with its addresses replaced. Empty
// cells stay empty and quotes around an address stay. If ok is false the line is refused and dst is returned as it was; a
// header line is refused, too. It does not allocate for addresses that it has seen when dst has room; an address can grow
// to 39 bytes.
func (r *Rewriter) Append(dst, line []byte) (out []byte, ok bool) {
	start, rest := len(dst), bytes.TrimSuffix(line, []byte{'\r'})
	ending := line[len(rest):]
	for column := 0; ; column++ {
		size, suspect := r.scan(rest)
		cell := rest[:size]
		switch {
		case column >= len(r.address) || !r.address[column]:
			if suspect {
				return dst[:start], false
			}
			dst = append(dst, cell...)
		case size > 0:
			if dst, ok = r.appendAddress(dst, cell); !ok {
				return dst[:start], false
			}
		}
		if size == len(rest) {
			return append(dst, ending...), true
		}
		dst = append(dst, r.separator)
		rest = rest[size+1:]
	}
}

// AppendLines appends a block of whole lines, of which only the last may lack its newline. Refused lines are left out, with
// their newlines, and counted.
func (r *Rewriter) AppendLines(dst, block []byte) (out []byte, refused int) {
	for len(block) > 0 {
		line, newline := block, block[len(block):]
		if i := bytes.IndexByte(block, '\n'); i >= 0 {
			line, newline = block[:i], block[i:i+1]
		}
		block = block[len(line)+len(newline):]
		var ok bool
		if dst, ok = r.Append(dst, line); !ok {
			refused++
			continue
		}
		dst = append(dst, newline...)
	}
	return dst, refused
}

// scan measures the first cell of a line, and says whether it has the shape of an address: three dots or two colons. Times
// have one dot at most, ports and lengths none.
func (r *Rewriter) scan(line []byte) (size int, suspect bool) {
	dots, colons := 0, 0
	for size < len(line) && line[size] != r.separator {
		switch line[size] {
		case '.':
			dots++
		case ':':
			colons++
		}
		size++
	}
	return size, dots >= 3 || colons >= 2
}

func (r *Rewriter) appendAddress(dst, cell []byte) ([]byte, bool) {
	if mapped, ok := r.known[string(cell)]; ok {
		return append(dst, mapped...), true
	}
	mapped, ok := r.rewrite(cell)
	if !ok {
		return dst, false
	}
	if len(r.known) >= maxCached {
		clear(r.known)
	}
	r.known[string(cell)] = mapped
	return append(dst, mapped...), true
}

// rewrite is the slow path: a cell that was not seen before, quoted or not.
func (r *Rewriter) rewrite(cell []byte) (mapped string, ok bool) {
	quote := ""
	if n := len(cell); n >= 2 && cell[0] == '"' && cell[n-1] == '"' {
		cell, quote = cell[1:n-1], `"`
	}
	if len(cell) == 0 {
		return quote + quote, true
	}
	if len(cell) > maxAddress {
		return "", false
	}
	a, err := netip.ParseAddr(string(cell))
	if err != nil || a.Zone() != "" { // a zone names an interface of the machine that wrote it
		return "", false
	}
	if a.Is4() {
		a = trace.IPv4(r.pan.IPv4(bigEndian(a.As4())))
	} else {
		a = netip.AddrFrom16(r.pan.IPv6(a.As16()))
	}
	return quote + a.String() + quote, true
}
