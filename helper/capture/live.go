//go:build !nopcap && !js

package capture

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/gopacket/pcap"

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

// Live captures from an interface through libpcap, which knows what differs between systems: the outgoing copy on the loopback
// interface, VLAN tags that the kernel strips, cooked devices, monitor mode.
type Live struct {
	handle   *pcap.Handle
	link     frame.LinkType
	captured atomic.Int64

	mu        sync.Mutex
	drops     Stats
	kernel    wrapping
	nic       wrapping
	statsRead time.Time
	closed    bool
}

// Open starts to capture.
func Open(o Options) (*Live, error) {
	h, err := activate(o)
	if err != nil {
		return nil, explain(o.Interface, err)
	}
	if o.Filter != "" {
		if err := h.SetBPFFilter(o.Filter); err != nil {
			h.Close()
			return nil, fmt.Errorf("the capture filter %q is not valid: %w", o.Filter, err)
		}
	}
	return &Live{handle: h, link: frame.LinkType(h.LinkType())}, nil
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

// Next reads the next packet; see Source.
func (l *Live) Next(f *frame.Frame) error {
	data, ci, err := l.handle.ZeroCopyReadPacketData()
	switch {
	case err == nil:
		l.captured.Add(1)
		f.TimeNS, f.Len, f.Link, f.Data = ci.Timestamp.UnixNano(), uint32(ci.Length), l.link, data
		return nil
	case errors.Is(err, pcap.NextErrorTimeoutExpired):
		l.Stats() // so that no wrap goes unseen while nobody asks
		return ErrIdle
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, pcap.NextErrorReadError):
		return fmt.Errorf("the capture has ended: %w", l.handle.Error())
	}
	return fmt.Errorf("the capture has ended: %w", err)
}

// Stats asks the kernel at most every half second.
func (l *Live) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed && time.Since(l.statsRead) >= statsEvery {
		l.readStats()
	}
	s := l.drops
	s.Captured = l.captured.Load()
	return s
}

func (l *Live) readStats() {
	l.statsRead = time.Now()
	s, err := l.handle.Stats()
	if err != nil {
		return // the totals so far stand
	}
	l.drops.DroppedKernel += l.kernel.advance(uint32(s.PacketsDropped))
	l.drops.DroppedInterface += l.nic.advance(uint32(s.PacketsIfDropped))
}

// Close ends the capture; Stats keeps giving the last totals.
func (l *Live) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.readStats()
		l.closed = true
		l.handle.Close()
	}
	return nil
}
