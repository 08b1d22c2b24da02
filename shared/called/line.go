package called

import (
	"bytes"
	"net/netip"
	"strconv"

	"tracelens/shared/trace"
)

// Header is the first line of a file of names, <hour>.names.csv: when, in seconds since the hour with nine decimals; of what kind; what is called
// so, an address, or of a program that and a port; and the name. No cell needs quotes, as a name is made of letters, digits and a few marks,
// and a program's has none that would.
const Header = "time,kind,of,name"

// AppendLine appends a name as a line of the file of an hour, unix seconds.
func AppendLine(b []byte, hour int64, n Name) []byte {
	ns := n.TimeNS - hour*trace.Second
	whole := trace.Floor(ns, trace.Second)
	b = append(strconv.AppendInt(b, whole/trace.Second, 10), '.')
	decimals := strconv.AppendInt(nil, trace.Second+ns-whole, 10) // a one, and nine digits
	b = append(append(b, decimals[1:]...), ',')
	b = append(append(b, n.Kind.String()...), ',')
	if n.Kind.OfPort() {
		b = netip.AddrPortFrom(n.Address, n.Port).AppendTo(b)
	} else {
		b = n.Address.AppendTo(b)
	}
	b = append(b, ',')
	return append(append(b, n.Text...), '\n')
}

// ParseLine reads what AppendLine has written, with or without its end. ok is false for anything else.
func ParseLine(line []byte, hour int64) (n Name, ok bool) {
	cells := bytes.Split(bytes.TrimRight(line, "\r\n"), []byte{','})
	if len(cells) != 4 {
		return Name{}, false
	}
	seconds, decimals, _ := bytes.Cut(cells[0], []byte{'.'})
	s, err := strconv.ParseUint(string(seconds), 10, 33)
	ns, nsErr := strconv.ParseUint(string(decimals), 10, 31)
	kind, known := kindOf(string(cells[1]))
	n = Name{TimeNS: (hour+int64(s))*trace.Second + int64(ns), Kind: kind, Text: string(cells[3])}
	if err != nil || nsErr != nil || len(decimals) != 9 || !known || !n.isOf(string(cells[2])) || n.Address.Zone() != "" {
		return Name{}, false
	}
	if kind.OfPort() {
		return n, n.Text == Nobody || IsProgram(n.Text)
	}
	text, clean := Clean(cells[3], kind)
	return n, clean && text == n.Text
}

// isOf reads what a name is of.
func (n *Name) isOf(text string) bool {
	if !n.Kind.OfPort() {
		a, err := netip.ParseAddr(text)
		n.Address = a
		return err == nil
	}
	end, err := netip.ParseAddrPort(text)
	n.Address, n.Port = end.Addr(), end.Port()
	return err == nil && end.String() == text
}

// kindOf is the kind of a name.
func kindOf(name string) (Kind, bool) {
	for k := range kinds {
		if Kind(k).String() == name {
			return Kind(k), true
		}
	}
	return 0, false
}
