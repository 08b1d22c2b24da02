package called

// DNS's own limits.
const (
	maxText  = 253
	maxLabel = 63
)

// Clean is text in the one form that names have, if it is a name: labels of letters, digits, '-' and '_' with dots between them. Names go
// to pages and tables, and come from whoever sends a packet, so nothing else is let through; not the spaces that some printers have in
// theirs. Internationalised names stay as they are on the wire, "xn--...".
//
// A last label of digits only is an IPv4 address, however it is written, or nothing that the public DNS has. A name needs a dot, unless it is
// one of a local network.
func Clean(text []byte, kind Kind) (string, bool) {
	if n := len(text); n > 0 && text[n-1] == '.' {
		text = text[:n-1]
	}
	if len(text) == 0 || len(text) > maxText {
		return "", false
	}
	var buf [maxText]byte
	label, digits, dots := 0, true, 0
	for i, c := range text {
		switch {
		case c == '.':
			if label == 0 {
				return "", false
			}
			label, digits, dots = -1, true, dots+1
		case '0' <= c && c <= '9':
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
			digits = false
		case 'a' <= c && c <= 'z', c == '-', c == '_':
			digits = false
		default:
			return "", false
		}
		if label++; label > maxLabel {
			return "", false
		}
		buf[i] = c
	}
	if label == 0 || digits || dots == 0 && kind != MDNS && kind != DHCP && kind != Hosts {
		return "", false
	}
	return string(buf[:len(text)]), true
}
