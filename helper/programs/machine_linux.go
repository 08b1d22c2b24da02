package programs

import (
	"errors"
	"fmt"
	"time"
)

const (
	defaultEvery = 200 * time.Millisecond
	// checkEvery is how often it is looked whether the programs that are known are there and called so.
	checkEvery = time.Second
	// enoughTries is how many looks search for the process of a socket; then it is hidden, until everything is searched again.
	enoughTries = 2
	// readAtOnce is what the kernel gives at once, no more than 32 kB.
	readAtOnce = 32 << 10
)

// A machine remembers the sockets of this machine, and the processes that have them.
type machine struct {
	table     table
	proc      procfs
	processes map[int32]*process // that have sockets
	buf       []byte
	apart     time.Duration // what the last look did that has a limit of its own

	checked time.Time
	wide    limit
	settled limit

	// Of one hunt.
	fresh  []*held
	wanted map[uint32]*held
	users  map[uint32]bool
	pids   []int32
	others []int32 // of them, those of other users
	until  time.Time
}

// A limit is of something that is not done more often than each so often, nor for more than one part in so many of a core's time.
type limit struct {
	each time.Duration
	part time.Duration
	next time.Time
}

func (l *limit) allows(now time.Time) bool { return !now.Before(l.next) }

func (l *limit) took(begin time.Time) time.Duration {
	took := time.Since(begin)
	l.next = begin.Add(took + max(l.each, l.part*took))
	return took
}

// look lists the sockets, and finds out whose those are that were not there at the last look.
func (m *machine) look() error {
	begin := time.Now()
	if m.buf == nil {
		m.buf = make([]byte, readAtOnce)
		m.processes, m.wanted, m.users = map[int32]*process{}, map[uint32]*held{}, map[uint32]bool{}
		m.proc.fd = -1
		m.wide = limit{each: 0, part: 100}
		m.settled = limit{each: settleEvery, part: 200, next: begin.Add(settleEvery)}
	}
	m.apart = 0
	t := &m.table
	t.begin()
	m.fresh = m.fresh[:0]
	err := diagnose(m.buf, func(tcp bool, d *diagnosis) {
		if d.inode == 0 || d.port == 0 {
			return // it has no process any more, or no port yet
		}
		if h := t.see(socket{port{d.address, d.port, tcp}, d.inode}, d.uid); h.owner == nil && h.tries < enoughTries {
			m.fresh = append(m.fresh, h)
		}
	})
	if err == nil { // or what is missing may be there
		t.forget()
	}
	check, settle := begin.Sub(m.checked) >= checkEvery, m.settled.allows(begin)
	if !check && !settle && len(m.fresh) == 0 {
		return err
	}
	if openErr := m.proc.open(); openErr != nil {
		return errors.Join(err, fmt.Errorf("cannot look into /proc: %w", openErr))
	}
	defer m.proc.close()
	if check {
		m.check()
		m.checked = begin
	}
	if len(m.fresh) > 0 {
		m.hunt()
	}
	if settle {
		m.settle()
	}
	for pid, p := range m.processes {
		if p.sockets == 0 {
			delete(m.processes, pid)
		}
	}
	return err
}

// check looks whether the processes that are known are there, and called what they were: a program can become another one (exec).
func (m *machine) check() {
	gone, renamed := map[*process]bool{}, map[*process]bool{}
	for pid, p := range m.processes {
		s, ok := m.proc.status(pid)
		if !ok || s.start != p.start {
			gone[p] = true
			delete(m.processes, pid)
		} else if name := m.proc.name(pid, s.name); name != p.name {
			p.name, renamed[p] = name, true
		}
	}
	if len(gone)+len(renamed) == 0 {
		return
	}
	for _, h := range m.table.sockets {
		switch p := h.owner; {
		case p == nil:
		case gone[p]: // and left the socket to somebody
			m.table.take(h)
			m.fresh = append(m.fresh, h)
		case renamed[p]:
			h.since = m.table.now
			m.table.tell(h)
		}
	}
}

// meet is what is known of a process; nil if it is gone.
func (m *machine) meet(pid int32) (p *process, parent int32) {
	if p := m.processes[pid]; p != nil {
		return p, 0
	}
	s, ok := m.proc.status(pid)
	if !ok {
		return nil, 0
	}
	p = &process{pid: pid, start: s.start, name: m.proc.name(pid, s.name)}
	p.uid, _ = m.proc.user(pid)
	m.processes[pid] = p
	return p, s.parent
}
