package selection

import (
	"strconv"
	"strings"

	"tracelens/shared/trace"
)

// Text is the filters as Wireshark's display filter would say them; "" for none.
func (s *Selection) Text() string {
	parts := make([]string, len(s.Filters))
	for i := range s.Filters {
		parts[i] = s.Filters[i].Text()
	}
	return strings.Join(parts, " && ")
}

// Text is the filter as Wireshark's display filter would say it.
func (f *Filter) Text() string {
	text, whole := f.plain()
	switch {
	case f.Not && whole:
		return "!(" + text + ")"
	case f.Not:
		return "!" + text
	}
	return text
}

// protocolText is indexed by trace.Protocol.
var protocolText = [trace.Protocols]string{"(tcp && !udp)", "(udp && !tcp)", "(tcp && udp)", "((ip || ipv6) && !tcp && !udp)", "!(ip || ipv6 || tcp || udp)"}

// plain is the text without Not, and whether it needs parentheses to be negated.
func (f *Filter) plain() (text string, whole bool) {
	switch f.Field {
	case Port:
		n := strconv.Itoa(int(f.Port))
		switch f.Family {
		case TCP:
			return "tcp.port == " + n, true
		case UDP:
			return "udp.port == " + n, true
		}
		return "(tcp.port == " + n + " || udp.port == " + n + ")", false
	case Protocol:
		return protocolText[f.Protocol], f.Protocol == trace.NotIP
	case Length:
		return "(frame.len >= " + strconv.FormatUint(uint64(f.Min), 10) + " && frame.len <= " + strconv.FormatUint(uint64(f.Max), 10) + ")", false
	}
	layer := "ipv6"
	if f.Address.Addr().Is4() {
		layer = "ip"
	}
	address := f.Address.String()
	if f.Address.IsSingleIP() {
		address = f.Address.Addr().String()
	}
	return layer + [...]string{Source: ".src", Destination: ".dst", Either: ".addr"}[f.Field] + " == " + address, true
}
