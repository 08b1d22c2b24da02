// Package programs tells which program of this machine has a local port.
//
// It looks at the sockets of the machine again and again, as somebody would who runs lsof -i by hand, only at the time. Programs are told
// by their name alone, never by their arguments, in which there are passwords and addresses.
//
//   - On Linux the kernel lists the sockets (sock_diag); that is cheap. Whose a socket is stands in /proc/*/fd alone; that is dear, so only
//     for sockets that were not there before, and only in the processes that may have them: see hunt_linux.go.
//   - Elsewhere gopsutil lists sockets and processes. On macOS that runs lsof, so it is done less often.
//
// A look at some hundred sockets takes a third of a millisecond where nothing is new, a thirtieth of what gopsutil takes, which reads all of
// /proc each time; five a second are half a percent of a core. See the benchmarks.
//
// What is between two looks is not seen. A connection that lives for L is seen, of itself, in L/Every of the cases; whoever sees its first
// packet can ask for a look at once (Soon) and has nearly all of them. A connection that is over has no process any more (TIME_WAIT): its
// port stays what it was told to be until it is told anew.
//
// A socket may be of several processes, since children inherit them. Of those the oldest in the line of ancestors is told that has it too:
// who opened it, as a rule. It stays told until it ends or lets the socket go. Process 1 opens sockets for others, and is told only while
// nobody else has one.
//
// # Rights
//
// Any process may list the sockets. Whose they are is told of the processes of the same user only, and of all to root, or to who has
// CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE. The others' sockets are counted: Hidden.
//
// A process under Landlock can look into no process outside, whatever files it may read. So after privileges.Drop everything is hidden, and a
// process of its own has to look, which is started before that (Begin) and reads no packets of strangers (Serve).
package programs

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// looksApart is the least time between two looks, whoever asks for them.
const looksApart = 10 * time.Millisecond

// At most one part in so many of one core's time is for looking: when nobody asks for it, and when somebody does.
const (
	idlePart  = 100
	askedPart = 20
)

// An Owner is a program that has a local port.
type Owner struct {
	TimeNS  int64 // of the look that found it
	SinceNS int64 // the program has it since a time after this one, that of the last look that did not; 0 if there was none
	TCP     bool  // or UDP
	Address netip.Addr
	Port    uint16
	PID     int32
	Program string // as Clean gives it; "" for nobody: all sockets with the port are gone
}

// Options say how often to look, and whom to tell.
type Options struct {
	// Every is how often Run looks; 0 is 200 ms on Linux and 2 s elsewhere. Where a look takes more than a hundredth of that, it is less often.
	Every time.Duration
	// Found is told of each port when it is first seen with a program, again when its program is another one, and when it is nobody's any more. What
	// was sent before that may still be on its way then: the kernel sends on what a program has left behind.
	// Address is unspecified (0.0.0.0, or :: that takes IPv4 too) where a socket is bound to none. It is called by whoever looks, one call at a
	// time, and must not look itself.
	Found func(Owner)
	// Wake, if there is one, has Run look when a connection begins.
	Wake *Wake
	// Failed, if there is one, is told by Run of a look that failed, but not of further ones in a row.
	Failed func(error)
}

// A Sampler looks at the sockets of this machine again and again. Any goroutine may use it at any time. It holds nothing open between looks.
type Sampler struct {
	o      Options
	hidden atomic.Int64
	soon   chan struct{}
	looked func() // if it is there, after each look

	mu      sync.Mutex // held while somebody looks, or is about to
	machine machine
	began   time.Time     // the last look
	next    time.Time     // no look before that
	took    time.Duration // but for what has its own limit
	err     error
}

// New returns a Sampler that has not looked yet.
func New(o Options) (*Sampler, error) {
	if o.Found == nil {
		return nil, errors.New("programs: nobody is told what is found")
	}
	if o.Every < 0 {
		return nil, errors.New("programs: a negative time between two looks")
	}
	if o.Every == 0 {
		o.Every = defaultEvery
	}
	s := &Sampler{o: o, soon: make(chan struct{}, 1)}
	s.machine.table.init(o.Found)
	return s, nil
}

// Look looks at what is there now. Where the last look is too short ago it waits, for milliseconds as a rule; all who wait share one look, so
// that asking often costs no more than looking as often as is allowed.
func (s *Sampler) Look() error {
	asked := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.began.After(asked) { // by somebody else, while this one waited
		return s.err
	}
	if early := time.Until(s.next); early > 0 {
		time.Sleep(early)
	}
	s.began = time.Now()
	s.machine.table.now = s.began.UnixNano()
	s.err = s.machine.look()
	s.hidden.Store(int64(s.machine.table.hidden))
	s.took = time.Since(s.began)
	s.next = s.began.Add(s.took)
	s.took -= s.machine.apart
	s.next = s.next.Add(max(looksApart, askedPart*s.took))
	if s.looked != nil {
		s.looked()
	}
	return s.err
}

// Soon has Run look as soon as that is allowed. It never waits: the goroutine that captures can call it for each packet of a port that it does
// not know.
func (s *Sampler) Soon() {
	select {
	case s.soon <- struct{}{}:
	default:
	}
}

// Run looks until ctx is done, and closes the Wake.
func (s *Sampler) Run(ctx context.Context) {
	if s.o.Wake != nil {
		defer s.o.Wake.Close()
		go s.o.Wake.Run(s.Soon)
	}
	failing := false
	for timer := time.NewTimer(0); ; {
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-s.soon:
		case <-timer.C:
		}
		err := s.Look()
		if err != nil && !failing && s.o.Failed != nil {
			s.o.Failed(err)
		}
		failing = err != nil
		s.mu.Lock()
		rest := max(s.o.Every-s.took, idlePart*s.took)
		s.mu.Unlock()
		timer.Reset(rest)
	}
}

// Hidden is how many sockets there were at the last look whose program could not be told: for want of rights, as a rule. The kernel's own are
// among them, and one may have been closed just then.
func (s *Sampler) Hidden() int { return int(s.hidden.Load()) }
