// Package frame is what capture hands to decode: one packet's captured bytes, and what the capture knows of it besides.
package frame

import "strconv"

// A Frame is one captured packet.
type Frame struct {
	TimeNS int64    // unix time of the packet
	Len    uint32   // bytes on the wire; Data is shorter when the capture kept only the beginning
	Link   LinkType // what Data begins with
	Data   []byte   // valid until the next frame is read from the same source
}

// LinkType is a number of the registry at https://www.tcpdump.org/linktypes.html. gopacket's own type has eight bits, too few
// for Linux cooked v2 (276).
type LinkType uint16

// The link types that decode understands. Of frames with another one only time and length are known.
const (
	Null          LinkType = 0 // BSD loopback, address family in the host's byte order
	Ethernet      LinkType = 1
	PPP           LinkType = 9
	RawDLT        LinkType = 12 // raw IP as libpcap numbers it on most systems; in files it is Raw
	RawOpenBSD    LinkType = 14
	PPPHDLC       LinkType = 50
	PPPoE         LinkType = 51
	Raw           LinkType = 101
	CiscoHDLC     LinkType = 104
	WiFi          LinkType = 105
	Loop          LinkType = 108 // OpenBSD loopback, address family in network byte order
	LinuxCooked   LinkType = 113
	WiFiPrism     LinkType = 119
	WiFiRadiotap  LinkType = 127
	ERF           LinkType = 197
	PPPDirection  LinkType = 204
	IPv4          LinkType = 228
	IPv6          LinkType = 229
	LinuxCookedV2 LinkType = 276
)

// String is the link type's name, or its number and the name that the registry has for it.
func (t LinkType) String() string {
	if name := names[t]; name != "" {
		return name
	}
	return "link type " + strconv.Itoa(int(t))
}

var names = map[LinkType]string{
	Null: "BSD loopback", Ethernet: "Ethernet", PPP: "PPP", RawDLT: "raw IP", RawOpenBSD: "raw IP", PPPHDLC: "PPP", PPPoE: "PPPoE", Raw: "raw IP",
	CiscoHDLC: "Cisco HDLC", WiFi: "802.11", Loop: "OpenBSD loopback", LinuxCooked: "Linux cooked", WiFiPrism: "802.11 with Prism header",
	WiFiRadiotap: "802.11 with radiotap", ERF: "ERF", PPPDirection: "PPP with direction", IPv4: "IPv4", IPv6: "IPv6", LinuxCookedV2: "Linux cooked 2",

	// Some that are met, and not understood.
	6: "link type 6 (Token Ring)", 7: "link type 7 (ARCNET)", 8: "link type 8 (SLIP)", 10: "link type 10 (FDDI)", 107: "link type 107 (Frame Relay)",
	117: "link type 117 (OpenBSD pflog)", 123: "link type 123 (SunATM)", 143: "link type 143 (DOCSIS)", 147: "link type 147 (USER0)",
	187: "link type 187 (Bluetooth HCI)", 189: "link type 189 (USB)", 192: "link type 192 (PPI)", 195: "link type 195 (IEEE 802.15.4)",
	201: "link type 201 (Bluetooth HCI with direction)", 220: "link type 220 (USB)", 227: "link type 227 (CAN)", 230: "link type 230 (IEEE 802.15.4)",
	239: "link type 239 (netfilter log)", 249: "link type 249 (USBPcap)", 251: "link type 251 (Bluetooth LE)", 253: "link type 253 (netlink)", 258: "link type 258 (Apple PKTAP)",
}
