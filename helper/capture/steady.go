//go:build !nopcap && !js

package capture

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"tracelens/shared/frame"
)

const (
	// lookEvery is how often an interface on which nothing comes is looked at, and one that is gone looked for.
	lookEvery = 250 * time.Millisecond
	// idlePolls is after how many polls that brought nothing one waits before the next, too. A call into C that lasts has Go's scheduler look
	// for work every few microseconds for a while, ten times a second: 2 % of a core for nothing. The first packet after a rest is a tenth
	// of a second later on the disk for that.
	idlePolls = 5
	// headers is what a frame may have besides what the interface's MTU bounds: Ethernet's header and two tags.
	headers = 14 + 2*4
)

// steady captures from an interface for as long as it is asked to, also when the interface goes down, or away and comes back as another
// one of the same name, as those of VPNs, containers and USB do. The kernel says so once, if anybody listens, and is silent from then on.
type steady struct {
	options Options
	events  Events

	live    *live     // nil while the interface is gone
	link    string    // the interface's name, which may change
	index   int       // its number, 0 for what is no network interface: any, or a USB bus
	most    uint32    // bytes that a frame can have on the wire, 0 if that is not known
	told    bool      // of frames that are larger
	refused bool      // told that the interface may not be opened again
	looked  time.Time // when the interface was last looked at, or for
	good    time.Time // when packets could last have come, as far as looking tells
	lastNS  int64     // when the last one came
	idle    int       // polls in a row that brought nothing
	outage  *Outage   // while none can
	seen    time.Time // when it was noticed

	mu     sync.Mutex
	before Stats // of handles before this one
	now    *live
}

// Open starts to capture. The Source ends only when it is closed.
func Open(o Options, e Events) (Source, error) {
	s := &steady{options: o, events: e}
	l, err := openLive(o)
	if err != nil {
		return nil, err
	}
	s.use(l, o.Interface)
	if l.link == frame.LinuxCooked || l.link == frame.LinuxCookedV2 {
		e.Note(fmt.Sprintf("%s: lengths count the header that the system puts before each packet instead of the link's own (%d bytes), "+
			"and a packet that passes several interfaces is a row for each", o.Interface, map[frame.LinkType]int{frame.LinuxCooked: 16, frame.LinuxCookedV2: 20}[l.link]))
	}
	return s, nil
}

// use captures by a handle that was opened for an interface of a name.
func (s *steady) use(l *live, name string) {
	s.mu.Lock()
	s.live, s.now = l, l
	s.mu.Unlock()
	s.index, s.most, s.link = 0, 0, name
	if i, err := net.InterfaceByName(name); err == nil {
		s.index = i.Index
		s.most = uint32(i.MTU + headers)
	}
	s.looked = time.Now()
	s.good = s.looked
}

func (s *steady) Next(f *frame.Frame) error {
	if s.live == nil {
		return s.reopen()
	}
	if s.idle > idlePolls {
		time.Sleep(pollTimeout)
	}
	switch err := s.live.next(f); err {
	case nil:
		s.idle = 0
		s.lastNS = f.TimeNS
		if s.outage != nil && f.TimeNS > s.seen.UnixNano() { // and not one that had come before
			s.up(time.Unix(0, f.TimeNS))
		}
		if f.Len > s.most && s.most != 0 && !s.told {
			s.tooLarge(f.Len)
		}
		return nil
	case ErrIdle:
		s.idle++
		if time.Since(s.looked).Abs() >= lookEvery {
			s.look()
		}
		return ErrIdle
	case io.EOF:
		return io.EOF
	default:
		s.lose(s.whyNot(err))
		return ErrIdle
	}
}

// whyNot says in words why no more can be read.
func (s *steady) whyNot(err error) string {
	i, goneErr := net.InterfaceByIndex(s.index)
	switch {
	case goneErr == nil && i.Name != s.link:
		return s.link + " is being renamed" // libpcap takes that for its end, if it was down meanwhile
	case goneErr != nil && s.index != 0, strings.Contains(err.Error(), "disappeared"):
		return s.link + " is gone"
	}
	return fmt.Sprintf("the capture on %s has ended: %v", s.link, err)
}

// look finds out what has become of an interface on which nothing comes.
func (s *steady) look() {
	now := time.Now()
	s.looked = now
	if s.index == 0 {
		s.good = now
		return
	}
	i, err := net.InterfaceByIndex(s.index)
	switch {
	case err != nil:
		s.lose(s.link + " is gone")
		return
	case i.Name != s.link:
		s.renamed(i.Name)
	}
	switch {
	case i.Flags&net.FlagUp == 0:
		s.down(s.link + " is down")
	default:
		s.up(now)
	}
}

// lose gives up the handle.
func (s *steady) lose(why string) {
	s.live.close()
	s.mu.Lock()
	s.before = s.before.plus(s.live.stats())
	s.live, s.now = nil, nil
	s.mu.Unlock()
	s.looked = time.Time{}
	s.down(why)
}

func (s *steady) renamed(name string) {
	s.events.Note(fmt.Sprintf("%s is called %s now, and is captured on", s.link, name))
	s.link = name
}

// reopen looks for the interface: by its number, which stays when it is renamed, then by its last name and the one asked for.
func (s *steady) reopen() error {
	if wait := lookEvery - time.Since(s.looked).Abs(); wait > 0 {
		time.Sleep(min(wait, pollTimeout))
		return ErrIdle
	}
	s.looked = time.Now()
	switch i, err := net.InterfaceByIndex(s.index); {
	case s.index == 0:
	case err == nil && i.Name != s.link:
		s.renamed(i.Name)
	case err != nil:
		s.down(s.link + " is gone") // whatever it was before
	}
	for _, name := range []string{s.link, s.options.Interface} {
		o := s.options
		o.Interface = name
		l, err := openLive(o)
		if err == nil {
			s.use(l, name)
			s.up(s.good)
			break
		}
		if permission := (*PermissionError)(nil); errors.As(err, &permission) && !s.refused {
			s.refused = true
			s.events.Note(err.Error())
		}
	}
	return ErrIdle
}

// down begins an outage, if none lasts, at the time when packets could last have come. If one does, for another reason, that is told.
func (s *steady) down(why string) {
	if s.outage != nil && s.outage.Why != why {
		s.outage.Why = why
		s.events.Down(*s.outage)
	}
	if s.outage == nil {
		begin := s.good
		if last := time.Unix(0, s.lastNS); last.After(begin) {
			begin = last
		}
		s.outage, s.seen = &Outage{Begin: begin, Why: why}, time.Now()
		s.events.Down(*s.outage)
	}
}

// up says that packets can come at a time, which ends an outage.
func (s *steady) up(at time.Time) {
	if s.outage != nil {
		s.outage.End = at
		s.events.Up(*s.outage)
		s.outage = nil
	}
	s.good = at
}

// tooLarge tells once why there are frames that no wire carries. Switching that off is up to the user: it costs processor time.
func (s *steady) tooLarge(n uint32) {
	s.events.Note(fmt.Sprintf("%[1]s has packets of %[2]d bytes where the wire carries %[3]d at most: the system hands several over as one (GRO, GSO, TSO). "+
		"So packets are fewer and longer here than on the wire, and bytes lack the headers of those in between. To see them as they are sent: "+
		"sudo ethtool -K %[1]s gro off gso off tso off", s.link, n, s.most-headers+14))
	s.told = true
}

func (s *steady) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		return s.before
	}
	return s.before.plus(s.now.stats())
}

func (s *steady) Close() error {
	if s.live != nil {
		s.live.close()
	}
	return nil
}
