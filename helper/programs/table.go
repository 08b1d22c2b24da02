package programs

import "net/netip"

// A port is what is told of. It is kept without pointers, since there may be many.
type port struct {
	address [16]byte // IPv4 as in IPv6: ::ffff:1.2.3.4
	number  uint16
	tcp     bool
}

// A socket is one of those that have a port. Its id is the inode; or else the process, where there are no inodes.
type socket struct {
	port
	id uint32
}

// A held socket is one that was there at the last look.
type held struct {
	socket
	uid   uint32
	since int64    // the last look at which it was not there, or another process's
	look  uint32   // when it was last there
	tries uint8    // looks that did not find its process
	owner *process // nil if that is not known

	also *held // with the same inode, among those that are looked for
}

// A process has sockets.
type process struct {
	pid     int32
	name    string
	uid     uint32
	start   uint64 // to tell it from a later one with its number
	sockets int    // that are attributed to it
}

// A telling is what was told of a port that is still there.
type telling struct {
	name    string
	sockets int
}

// A table is what is known of the sockets: it remembers those that are there, forgets those that are gone, and tells what is new. It tells of
// a port when a socket gets its process, not at each look: so two programs that share one (mDNS) are each told once.
type table struct {
	found   func(Owner)
	now     int64
	last    int64 // when the look before this one was
	looks   uint32
	sockets map[socket]*held
	ports   map[port]*telling
	seen    int
	hidden  int // without a process
}

func (t *table) init(found func(Owner)) {
	t.found, t.sockets, t.ports = found, map[socket]*held{}, map[port]*telling{}
}

// begin begins a look.
func (t *table) begin() { t.looks, t.seen = t.looks+1, 0 }

// see says that a socket is there, and returns what is held of it.
func (t *table) see(s socket, uid uint32) *held {
	h := t.sockets[s]
	if h == nil {
		h = &held{socket: s, since: t.last}
		t.sockets[s] = h
		p := t.ports[s.port]
		if p == nil {
			p = &telling{}
			t.ports[s.port] = p
		}
		p.sockets++
		t.hidden++
	}
	if h.look != t.looks {
		h.look = t.looks
		t.seen++
	}
	h.uid = uid
	return h
}

// forget forgets the sockets that were not there at this look.
func (t *table) forget() {
	defer func() { t.last = t.now }()
	if t.seen == len(t.sockets) {
		return
	}
	for s, h := range t.sockets {
		if h.look == t.looks {
			continue
		}
		t.take(h)
		t.hidden--
		delete(t.sockets, s)
		if p := t.ports[s.port]; p.sockets > 1 {
			p.sockets--
		} else {
			delete(t.ports, s.port)
			if p.name != "" {
				t.found(Owner{TimeNS: t.now, SinceNS: t.last, TCP: s.tcp, Address: netip.AddrFrom16(s.address).Unmap(), Port: s.number})
			}
		}
	}
}

// give attributes a socket to a process.
func (t *table) give(h *held, p *process) {
	if h.owner != p {
		t.take(h)
		h.owner = p
		p.sockets++
		t.hidden--
	}
	h.tries = 0
	t.tell(h)
}

// take says that it is not known any more whose a socket is.
func (t *table) take(h *held) {
	if h.owner != nil {
		h.owner.sockets--
		h.owner, h.since = nil, t.now
		t.hidden++
	}
}

// tell tells whose a socket's port is since when, unless that was told.
func (t *table) tell(h *held) {
	told := t.ports[h.port]
	if told.name == h.owner.name {
		return
	}
	told.name = h.owner.name
	t.found(Owner{t.now, h.since, h.tcp, netip.AddrFrom16(h.address).Unmap(), h.number, h.owner.pid, h.owner.name})
}
