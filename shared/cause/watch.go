package cause

import (
	"math"
	"net/netip"

	"tracelens/shared/called"
	"tracelens/shared/trace"
)

// A watch is what was said of the two ends of a flow: of the one that asks and the one that is asked, as far as ports tell.
type watch struct {
	programs [2]called.History // of the end that counts first
	names    [2]called.History
}

// A site is what SiteOf says of a name.
type site struct {
	name   string
	listed bool
}

func (f *Finder) watch(src, dst *Host, srcPort, dstPort uint16, has trace.PortBits) (w watch) {
	kind, of := called.TCP, has&trace.HasTCP
	if of == 0 {
		kind, of = called.UDP, has&trace.HasUDP>>2 // to where TCP's are
	}
	program := func(h *Host, port uint16, bit trace.PortBits) called.History {
		if h == nil || !h.ports || of&bit == 0 {
			return nil
		}
		return f.book.Program(kind, netip.AddrPortFrom(h.addr, port))
	}
	names := func(h *Host) called.History {
		if h == nil {
			return nil
		}
		return h.names
	}
	w.programs = [2]called.History{program(src, srcPort, trace.HasTCPSrc), program(dst, dstPort, trace.HasTCPDst)}
	w.names = [2]called.History{names(dst), names(src)}
	if of == trace.HasTCP && srcPort != dstPort { // both
		if dstPort > srcPort {
			w.programs[0], w.programs[1] = w.programs[1], w.programs[0]
			w.names[0], w.names[1] = w.names[1], w.names[0]
		}
	}
	return w
}

func (w *watch) histories() [4]called.History {
	return [4]called.History{w.programs[0], w.programs[1], w.names[0], w.names[1]}
}

// program is the one at a time.
func (w *watch) program(t int64) string {
	for _, h := range w.programs {
		if i := before(h, t); i >= 0 && h[i].Text != called.Nobody {
			return h[i].Text
		}
	}
	return ""
}

// site is the one at a time. A name counts for the time before it was heard too, if there was none then.
func (w *watch) site(f *Finder, t int64) string {
	for n, h := range w.names {
		if len(h) == 0 {
			continue
		}
		text := h[max(before(h, t), 0)].Text
		s, known := f.sites[text]
		if !known {
			s.name, s.listed = SiteOf(text)
			f.sites[text] = s
		}
		if s.name != "" && (s.listed || n == 0) {
			return s.name
		}
	}
	return ""
}

// before is the index of what was said last by a time, this included.
func before(h called.History, t int64) int {
	if t == math.MaxInt64 {
		return len(h) - 1
	}
	return h.Before(t + 1)
}
