package anon

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"tracelens/shared/trace"
)

// The least ports of those that IANA registers, and of those that it leaves to whoever opens a connection (RFC 6335).
const (
	registered = 1024
	ephemeral  = 49152
)

// bucket is the least port of a port's kind.
func bucket(port uint16) uint16 {
	switch {
	case port >= ephemeral:
		return ephemeral
	case port >= registered:
		return registered
	}
	return 0
}

func (a *Anonymiser) ports(p *trace.Packet) {
	switch a.recipe.Ports {
	case PortsBucketed:
		p.TCPSrc, p.TCPDst, p.UDPSrc, p.UDPDst = bucket(p.TCPSrc), bucket(p.TCPDst), bucket(p.UDPSrc), bucket(p.UDPDst)
	case PortsDropped:
		for _, c := range []trace.Column{trace.TCPSrcPort, trace.TCPDstPort, trace.UDPSrcPort, trace.UDPDstPort} {
			p.Has = p.Has.Without(c)
		}
		p.TCPSrc, p.TCPDst, p.UDPSrc, p.UDPDst = 0, 0, 0, 0
	}
}

// Time says what becomes of times: they are rounded down to a multiple of step nanoseconds, and then, if they are dated, moved by shift.
func (a *Anonymiser) Time() (step, shift int64) {
	switch a.recipe.Times {
	case TimesInSeconds:
		return trace.Second, a.shiftNS
	case TimesInMinutes:
		return trace.Minute, a.shiftNS
	}
	return 1, a.shiftNS
}

// mostDays is by how many days times are shifted at most, some ten years. They go into the future, where nobody takes them for true, and no
// time goes before 1970.
const mostDays = 3652

// shiftDays is by how many days a key shifts times, 1 to mostDays. Whole days keep the hours of the day, and so the names of hour files hours.
func shiftDays(key Key) int64 {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte("days"))
	return 1 + int64(binary.BigEndian.Uint64(mac.Sum(nil))%mostDays)
}
