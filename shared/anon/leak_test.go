package anon_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"tracelens/shared/anon"
	"tracelens/shared/selection"
	"tracelens/shared/sieve"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// leakRecipes replace every address that is not special. Crypto-PAn leaves some: see TestAddressesThatStay.
var leakRecipes = []string{"ipcrypt-pfx", "ipcrypt-pfx,classes=kept,ports=bucketed,times=seconds", "numbers,ports=dropped,times=shifted"}

// copyOf is what a copy has of a file of any format, all hours in a row; ok is false if it is no trace. rows is how many packets there are.
func copyOf(t testing.TB, recipe string, file []byte) (text string, rows int, ok bool) {
	t.Helper()
	r, err := anon.ParseRecipe(recipe)
	if err != nil {
		t.Fatal(err)
	}
	key, err := anon.ParseKey("6a1f0c3d9e8b7a6f5e4d3c2b1a09182736455463728190a1b2c3d4e5f6071829")
	if err != nil {
		t.Fatal(err)
	}
	a, err := anon.New(r, key)
	if err != nil {
		t.Fatal(err)
	}
	format, skip, err := tracecsv.Detect(file)
	if err != nil {
		return "", 0, false
	}
	lines := file[skip:]
	if len(lines) > 0 && lines[len(lines)-1] != '\n' {
		lines = append(lines[:len(lines):len(lines)], '\n')
	}
	s := sieve.New(format, 1483873200, &selection.Selection{})
	s.Alter(a, true)
	var out strings.Builder
	rows, _, err = s.Copy(lines, func(hour int64, rows []byte) error {
		out.WriteString(trace.HourFileName(hour) + "\n")
		out.Write(rows)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), rows, true
}

// leaks fails if an address of a file is in a copy of it, whatever either is spelled like.
func leaks(t testing.TB, file []byte) (rows int) {
	t.Helper()
	known := map[netip.Addr]bool{}
	for _, a := range addressesIn(string(file)) {
		if !special(a) {
			known[a] = true
		}
	}
	for _, recipe := range leakRecipes {
		text, n, ok := copyOf(t, recipe, file)
		if !ok {
			return 0
		}
		rows = n
		for _, a := range addressesIn(text) {
			// An address of a small range has few to become where the kind is kept; a private one is a number within its range.
			if known[a] && !(small(a) && strings.Contains(recipe, "kept") || private(a) && strings.HasPrefix(recipe, "numbers")) {
				t.Fatalf("%s: the address %v of\n%q\nis in the copy\n%q", recipe, a, file, text)
			}
		}
	}
	return rows
}

// addressesIn are the addresses in a text: each run of bytes that they are written with, and what is left of it without leading zeros.
func addressesIn(text string) (list []netip.Addr) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF.:", r) }) {
		parts := strings.Split(word, ".")
		for i, part := range parts {
			if short := strings.TrimLeft(part, "0"); len(parts) == 4 && len(part) <= 4 && !strings.Contains(part, ":") {
				parts[i] = short
				if short == "" {
					parts[i] = "0"
				}
			}
		}
		for _, w := range []string{word, strings.Join(parts, ".")} {
			if a, err := netip.ParseAddr(w); err == nil {
				list = append(list, inner(a))
			}
		}
	}
	return list
}

// inner is the IPv4 address that an IPv6 one holds, if it does.
func inner(a netip.Addr) netip.Addr {
	for _, holds := range []string{"::/96", "::ffff:0:0/96", "64:ff9b::/96"} {
		if b := a.As16(); a.Is6() && netip.MustParsePrefix(holds).Masked().Contains(a.WithZone("")) || a.Is4In6() {
			return netip.AddrFrom4([4]byte(b[12:]))
		}
	}
	return a
}

func private(a netip.Addr) bool {
	return a.IsPrivate() || netip.MustParsePrefix("100.64.0.0/10").Contains(a)
}

// small reports whether an address is in one of IANA's special ranges that have few others.
func small(a netip.Addr) bool {
	for _, range4 := range []string{"192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "192.88.99.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24"} {
		if netip.MustParsePrefix(range4).Contains(a) {
			return true
		}
	}
	return private(a) || a.Is6() && a.As16()[0] == 0
}

// special says, without package anon, which addresses need not have become others.
func special(a netip.Addr) bool {
	reserved := a.Is4() && (a.As4()[0] == 0 || a.As4()[0] >= 240)
	return reserved || a.IsMulticast() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast()
}

// TestNoLeaks: rows with addresses in every spelling there is, in the columns where they belong, in those where they do not, and in some that
// nobody knows: none of them is in a copy.
func TestNoLeaks(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	heads := []string{
		"frame.time_relative,ip.src,tcp.srcport,udp.srcport,ip.dst,tcp.dstport,udp.dstport,frame.len,ipv6.src,ipv6.dst",
		"frame.time_epoch,ip.src,ip.dst,frame.len,dns.a,_ws.col.Info",
		"frame.time_relative;ipv6.src;frame.len;ipv6.dst;http.host",
		"\"No.\",\"Time\",\"Source\",\"Destination\",\"Protocol\",\"Length\",\"Info\"",
	}
	rows := 0
	for round := range 60 {
		head := heads[round%len(heads)]
		separator := ","
		if strings.Contains(head, ";") {
			separator = ";"
		}
		columns := strings.Split(head, separator)
		file := strings.Builder{}
		file.WriteString(head + "\n")
		for range 300 {
			cells := make([]string, len(columns))
			for i, column := range columns {
				cells[i] = cell(r, strings.ToLower(strings.Trim(column, `"`)), separator)
			}
			file.WriteString(strings.Join(cells, separator) + []string{"\n", "\r\n", "\n\n"}[r.IntN(3)])
		}
		rows += leaks(t, []byte(file.String()))
	}
	if rows < 3000 { // else there is nothing to be found
		t.Errorf("only %d rows were copied", rows)
	}
}

// cell is a cell of a column, most often of its kind.
func cell(r *rand.Rand, column, separator string) (text string) {
	switch odd := r.IntN(40) == 0; {
	case odd, strings.Contains(column, "src"), strings.Contains(column, "dst"), column == "source", column == "destination", column == "dns.a":
		text = spelled(r, strings.HasPrefix(column, "ipv6"), odd)
		if strings.Contains(column, "port") && !odd {
			text = []string{"", fmt.Sprint(r.IntN(65536))}[r.IntN(2)]
		}
	case strings.Contains(column, "time"):
		text = fmt.Sprintf("%d.%09d", r.IntN(7200), r.IntN(1e9))
	case column == "frame.len", column == "length":
		text = fmt.Sprint(r.IntN(1600))
	default:
		text = "to " + spelled(r, r.IntN(2) == 0, true) + " from " + spelled(r, false, false)
	}
	if r.IntN(10) == 0 || strings.Contains(text, separator) {
		text = `"` + text + `"`
	}
	return text
}

// spelled is an address as somebody may have written it.
func spelled(r *rand.Rand, six, odd bool) string {
	var b [16]byte
	for i := range b {
		b[i] = byte(r.IntN(256))
	}
	a := netip.AddrFrom4([4]byte(b[:4]))
	if six {
		a = netip.AddrFrom16(b)
	}
	switch way := r.IntN(12); {
	case way == 0:
		return ""
	case way == 1:
		return strings.ToUpper(a.StringExpanded())
	case way == 2 && !six:
		return netip.AddrFrom16(a.As16()).String() // ::ffff:192.0.2.1
	case way == 3 && !six:
		m := a.As16()
		return fmt.Sprintf("::FFFF:%x:%x", int(m[12])<<8|int(m[13]), int(m[14])<<8|int(m[15]))
	case !odd:
		return a.String()
	case way == 4:
		return "[" + a.String() + "]:443"
	case way == 5 && six:
		return a.String() + "%eth0"
	case way == 6 && !six:
		v := a.As4()
		return fmt.Sprintf("%03d.%03d.%03d.%03d", v[0], v[1], v[2], v[3])
	case way == 7:
		return a.String() + "," + netip.AddrFrom4([4]byte(b[4:8])).String()
	case way == 8:
		return " " + a.String() + " "
	case way == 9:
		return a.String() + "/24"
	case way == 10:
		return a.String() + "\x00x"
	}
	return a.String()
}

// FuzzLeaks is leaks for any bytes.
func FuzzLeaks(f *testing.F) {
	f.Add([]byte(tracecsv.Header + "\n0.1,192.0.2.1,1,,198.51.100.2,2,,60,,\n0.2,,,53,,,5353,120,2001:db8::1,2001:db8::2\n0.3,203.0.113.5,,,::ffff:203.0.113.9,,,60,,\n"))
	f.Add([]byte("frame.time_epoch;ip.src;ip.dst;frame.len;info\n1483873200.5;192.0.2.1;198.51.100.2;60;\"192.0.2.7;::ffff:192.0.2.9\"\n"))
	f.Add([]byte("\"No.\",\"Time\",\"Source\",\"Destination\",\"Protocol\",\"Length\",\"Info\"\n\"1\",\"0.1\",\"192.0.2.1\",\"2001:DB8::5\",\"TCP\",\"60\",\"to 192.0.2.9\"\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		leaks(t, file)
	})
}
