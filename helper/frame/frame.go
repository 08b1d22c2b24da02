// Package frame is what capture hands to decode: one packet's captured bytes, and what the capture knows of it besides.
package frame

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
