//go:build !nopcap && !js

package capture

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/google/gopacket/pcap"
	"golang.org/x/net/bpf"

	"tracelens/shared/capfile"
	"tracelens/shared/frame"
)

const (
	// bufferBytes is the kernel's ring: libpcap's own default of 2 MiB drops packets in every burst.
	bufferBytes = 64 << 20
	// pollTimeout bounds how long a packet waits in the ring, and how long it takes to notice that the capture is to stop.
	pollTimeout = 100 * time.Millisecond
	// statsEvery is well below the time in which a 32-bit counter can wrap.
	statsEvery = 500 * time.Millisecond
)

// live captures from an interface through libpcap, which knows what differs between systems: the outgoing copy on the loopback
// interface, VLAN tags that the kernel strips, cooked devices, monitor mode. It ends when the interface goes away.
//
// Only the goroutine that reads asks the kernel for its counters: on Linux asking sets them to zero.
type live struct {
	handle    *pcap.Handle
	link      frame.LinkType
	askedNS   int64 // when the kernel was asked for its counters, by the packets' clock
	kernel    wrapping
	nic       wrapping
	captured  atomic.Int64
	dropped   atomic.Int64
	droppedIf atomic.Int64
}

func openLive(o Options) (*live, error) {
	h, err := activate(o)
	if err != nil {
		return nil, explain(o.Interface, err)
	}
	if err := setFilter(h, o); err != nil {
		h.Close()
		return nil, err
	}
	return &live{handle: h, link: frame.LinkType(h.LinkType())}, nil
}

// setFilter has the kernel pass the packets that the user's filter accepts, and of each as many bytes as it is worth.
func setFilter(h *pcap.Handle, o Options) error {
	more := o.Names && o.SnapLen != 0 && o.SnapLen < nameBytes
	if o.Filter == "" && !more {
		return nil
	}
	compiled, err := h.CompileBPFFilter(o.Filter)
	if err != nil {
		return fmt.Errorf("the capture filter %q is not valid: %w", o.Filter, err)
	}
	if !more {
		return h.SetBPFInstructionFilter(compiled)
	}
	user := make([]bpf.RawInstruction, len(compiled))
	for i, c := range compiled {
		user[i] = bpf.RawInstruction{Op: c.Code, Jt: c.Jt, Jf: c.Jf, K: c.K}
	}
	program, err := withNames(frame.LinkType(h.LinkType()), user, uint32(o.SnapLen))
	if program == nil {
		program = accepting(user, uint32(o.SnapLen))
	}
	if err != nil {
		return err
	}
	compiled = compiled[:0]
	for _, raw := range program {
		compiled = append(compiled, pcap.BPFInstruction{Code: raw.Op, Jt: raw.Jt, Jf: raw.Jf, K: raw.K})
	}
	return h.SetBPFInstructionFilter(compiled)
}

func activate(o Options) (*pcap.Handle, error) {
	in, err := pcap.NewInactiveHandle(o.Interface)
	if err != nil {
		return nil, err
	}
	defer in.CleanUp()
	snapLen := o.SnapLen
	if snapLen == 0 {
		snapLen = capfile.MaxPacket
	} else if o.Names {
		snapLen = max(snapLen, nameBytes)
	}
	for _, set := range []func() error{
		func() error { return in.SetSnapLen(snapLen) },
		func() error { return in.SetPromisc(!o.NoPromiscuous) },
		func() error { return in.SetTimeout(pollTimeout) },
		func() error { return in.SetBufferSize(bufferBytes) },
	} {
		if err := set(); err != nil {
			return nil, err
		}
	}
	if o.Monitor {
		if err := in.SetRFMon(true); err != nil {
			return nil, fmt.Errorf("%s cannot be put into monitor mode: %w", o.Interface, err)
		}
	}
	return in.Activate()
}

// next reads the next packet; see Source.
func (l *live) next(f *frame.Frame) error {
	data, ci, err := l.handle.ZeroCopyReadPacketData()
	if err == nil {
		l.captured.Add(1)
		f.TimeNS, f.Len, f.Link, f.Data = ci.Timestamp.UnixNano(), uint32(ci.Length), l.link, data
		if since := f.TimeNS - l.askedNS; since >= int64(statsEvery) || since < 0 {
			l.ask(f.TimeNS)
		}
		return nil
	}
	switch {
	case errors.Is(err, pcap.NextErrorTimeoutExpired):
		l.ask(time.Now().UnixNano())
		return ErrIdle
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, pcap.NextErrorReadError):
		return l.handle.Error()
	}
	return err
}

// ask asks the kernel for its counters, at a time.
func (l *live) ask(now int64) {
	l.askedNS = now
	s, err := l.handle.Stats()
	if err != nil {
		return // the totals so far stand
	}
	l.dropped.Add(l.kernel.advance(uint32(s.PacketsDropped)))
	l.droppedIf.Add(l.nic.advance(uint32(s.PacketsIfDropped)))
}

func (l *live) stats() Stats {
	return Stats{Captured: l.captured.Load(), DroppedKernel: l.dropped.Load(), DroppedInterface: l.droppedIf.Load()}
}

// close belongs to the goroutine that reads. stats keeps giving the last totals.
func (l *live) close() {
	l.ask(0)
	l.handle.Close()
}
