package tracegen

import (
	"math/rand/v2"

	"tracelens/shared/trace"
)

// A conversation is one local machine talking with one host. Without a service it is an ARP exchange, which has no addresses.
type conversation struct {
	sent, left int // packets
	service    service
	arp        bool
	up, down   trace.Packet // the packet of each direction, but for its time and length
}

// converse begins a conversation: mostly with a host's service, sometimes what machines do by themselves.
func (g *generator) converse() conversation {
	r := g.r
	local, six := r.IntN(4)/3, g.ipv6 && r.IntN(5) == 0 // the first machine is thrice as busy
	remote := g.hosts.pick(r)
	if g.evening && r.IntN(16) == 0 {
		remote = &g.hosts.all[0]
	}
	s, v4, v6 := remote.service, remote.v4, remote.v6
	switch chance := r.IntN(100); {
	case chance < 22:
		s, v4, v6 = dns, resolverIPv4, resolverIPv6
	case chance < 25:
		c := conversation{left: 2, arp: true}
		c.up.Has, c.down.Has = trace.Len.Bit(), trace.Len.Bit()
		return c
	}
	c := conversation{left: s.packets[0] + r.IntN(s.packets[1]-s.packets[0]+1), service: s}
	if six {
		c.setIPv6(localIPv6[local], v6)
	} else {
		c.setIPv4(localIPv4[local], v4)
	}
	if s.port != 0 {
		ephemeral := uint16(32768 + r.IntN(28232)) // Linux's range
		if s.port == ntp.port {
			ephemeral = ntp.port
		}
		c.setPorts(ephemeral)
	}
	return c
}

func (c *conversation) setIPv4(local, remote uint32) {
	has := trace.Len.Bit() | trace.IPSrc.Bit() | trace.IPDst.Bit()
	c.up = trace.Packet{Has: has, IPv4SrcAddr: local, IPv4DstAddr: remote}
	c.down = trace.Packet{Has: has, IPv4SrcAddr: remote, IPv4DstAddr: local}
}

func (c *conversation) setIPv6(local, remote [16]byte) {
	has := trace.Len.Bit() | trace.IPv6Src.Bit() | trace.IPv6Dst.Bit()
	c.up = trace.Packet{Has: has, IPv6SrcAddr: local, IPv6DstAddr: remote}
	c.down = trace.Packet{Has: has, IPv6SrcAddr: remote, IPv6DstAddr: local}
}

func (c *conversation) setPorts(local uint16) {
	source, destination := trace.TCPSrcPort, trace.TCPDstPort
	if c.service.udp {
		source, destination = trace.UDPSrcPort, trace.UDPDstPort
	}
	c.up.SetPort(source, local)
	c.up.SetPort(destination, c.service.port)
	c.down.SetPort(source, c.service.port)
	c.down.SetPort(destination, local)
}

// next is the next packet, without its time. The first one goes up.
func (c *conversation) next(r *rand.Rand) (p trace.Packet) {
	down := c.sent > 0 && r.IntN(100) < c.service.down
	if c.arp || c.service.down == 50 { // question and answer take turns
		down = c.sent%2 != 0
	}
	c.sent++
	c.left--
	if p = c.up; down {
		p = c.down
	}
	switch {
	case c.arp && down:
		p.Len = 60
	case c.arp:
		p.Len = 42
	default:
		p.Len = uint32(c.service.length(r, down != c.service.upstream))
		if p.Has.Has(trace.IPv6Src) && p.Len < 1400 {
			p.Len += 20 // its header is longer
		}
	}
	return p
}
