package names

import "net/netip"

// addDHCP finds the host name of a DHCPv4 client, and the address that it gets or asks for.
func (f *Finder) addDHCP(b []byte) {
	const (
		header = 240 // up to the options
		cookie = 0x63825363

		padding, end             = 0, 255
		optionName, optionFQDN   = 12, 81
		optionWanted, optionType = 50, 53
		typeRequest, typeACK     = 3, 5
	)
	if len(b) < header || be.Uint32(b[header-4:]) != cookie {
		return
	}
	own, given := netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	var typ byte
	var name, fqdn []byte
	for o := b[header:]; len(o) >= 2 && o[0] != end; {
		if o[0] == padding {
			o = o[1:]
			continue
		}
		n := int(o[1])
		if len(o) < 2+n {
			break
		}
		value := o[2 : 2+n]
		switch {
		case o[0] == optionName:
			name = value
		case o[0] == optionFQDN && n > 3:
			fqdn = domain(value)
		case o[0] == optionType && n == 1:
			typ = value[0]
		case o[0] == optionWanted && n == 4 && own.IsUnspecified():
			own = netip.AddrFrom4([4]byte(value))
		}
		o = o[2+n:]
	}
	if len(name) == 0 {
		name = fqdn
	}
	for n := len(name); n > 0 && name[n-1] == 0; n-- {
		name = name[:n-1] // some end it as C does
	}
	switch {
	case len(name) == 0:
	case typ == typeRequest:
		f.answer(own, DHCP, name)
	case typ == typeACK:
		f.answer(given, DHCP, name)
	}
}

// domain is the name in a client FQDN option: plain, or in labels as DNS has them, which it may end without.
func domain(option []byte) []byte {
	const inLabels = 4
	labels := option[3:]
	if option[0]&inLabels == 0 {
		return labels
	}
	var text []byte
	for len(labels) > 0 && int(labels[0]) < len(labels) && labels[0] != 0 {
		n := 1 + int(labels[0])
		text = append(append(text, labels[1:n]...), '.')
		labels = labels[n:]
	}
	return text
}
