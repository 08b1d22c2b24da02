package programs

import (
	"slices"
	"time"
)

// huntAtMost bounds one hunt, where a process has very many files.
const huntAtMost = 100 * time.Millisecond

// settleEvery is how often everything is searched, for what a hunt cannot see.
const settleEvery = 10 * time.Second

// hunt finds out whose the fresh sockets are, in the order of what it costs:
//
//  1. in the processes that have other sockets of the same user: a browser opens hundreds;
//  2. in the other processes of that user, newest first;
//  3. in all others: some open a socket as root, and become somebody else then. This is for a small part of the time only.
//
// It ends with the last socket found, or when it takes too long. What is in no process is tried twice, since it may be on its way from one to
// another.
func (m *machine) hunt() {
	m.until = time.Now().Add(huntAtMost)
	clear(m.wanted)
	clear(m.users)
	for _, h := range m.fresh {
		h.also, m.wanted[h.id] = m.wanted[h.id], h
		m.users[h.uid] = true
	}
	if !m.huntNear() {
		wide := time.Now()
		if !m.wide.allows(wide) {
			return // they stay fresh
		}
		m.searchAll(m.others)
		m.apart += m.wide.took(wide)
	}
	for _, h := range m.wanted {
		for ; h != nil; h = h.also {
			h.tries++
		}
	}
}

// huntNear hunts in the processes of the sockets' users, and says whether that was all. If it was not, others are the processes that are left.
func (m *machine) huntNear() bool {
	m.pids = m.pids[:0]
	for pid, p := range m.processes {
		if pid != 1 && m.users[p.uid] {
			m.pids = append(m.pids, pid)
		}
	}
	slices.Sort(m.pids) // of two that share a socket the older one
	known := slices.Clone(m.pids)
	if m.searchAll(known) {
		return true
	}
	m.pids, _ = m.proc.processes(m.pids[:0])
	slices.Sort(m.pids)
	m.others = m.others[:0]
	for _, pid := range slices.Backward(m.pids) { // and process 1 last
		if _, already := slices.BinarySearch(known, pid); already {
			continue
		}
		switch uid, err := m.proc.user(pid); {
		case err != nil: // it has ended
		case pid == 1 || !m.users[uid]:
			m.others = append(m.others, pid)
		default:
			if m.search(pid); m.over() {
				return true
			}
		}
	}
	return false
}

// searchAll searches processes until the hunt is over, and says whether it is.
func (m *machine) searchAll(pids []int32) bool {
	for _, pid := range pids {
		if m.search(pid); m.over() {
			return true
		}
	}
	return false
}

// over says whether a hunt has found all, or takes too long.
func (m *machine) over() bool { return len(m.wanted) == 0 || time.Now().After(m.until) }

// search looks for what is wanted in a process, and attributes what it finds to it or to its ancestors.
func (m *machine) search(pid int32) {
	hits := m.among(pid, m.wanted)
	if len(hits) == 0 {
		return
	}
	p, parent := m.meet(pid)
	if p == nil {
		return // it has ended just now
	}
	owners := map[uint32]*process{}
	for inode := range hits {
		owners[inode] = p
	}
	// What it has may be inherited. Of a process that had sockets before that is not asked again: it opens more itself.
	for left := hits; parent > 1; {
		if left = m.among(parent, left); len(left) == 0 {
			break
		}
		ancestor, next := m.meet(parent)
		if ancestor == nil {
			break
		}
		for inode := range left {
			owners[inode] = ancestor
		}
		parent = next
	}
	for inode, h := range hits {
		m.give(h, owners[inode])
		delete(m.wanted, inode)
	}
}

// among is what a process has of the sockets in a map.
func (m *machine) among(pid int32, wanted map[uint32]*held) map[uint32]*held {
	var hits map[uint32]*held
	n := 0
	m.proc.inodes(pid, func(inode uint32) bool {
		if h := wanted[inode]; h != nil {
			if hits == nil {
				hits = map[uint32]*held{}
			}
			hits[inode] = h
		}
		n++
		return len(hits) < len(wanted) && (n%256 != 0 || time.Now().Before(m.until))
	})
	return hits
}

// give attributes all that have an inode: those of a connection over several paths (MPTCP) share it.
func (m *machine) give(h *held, p *process) {
	for ; h != nil; h = h.also {
		m.table.give(h, p)
	}
}

// settle searches every process for every socket: for those that were not found, and those that were handed on by a process that lives.
func (m *machine) settle() {
	begin := time.Now()
	m.until = begin.Add(2 * huntAtMost)
	clear(m.wanted)
	for _, h := range m.table.sockets {
		h.also, m.wanted[h.id] = m.wanted[h.id], h
	}
	var err error
	m.pids, err = m.proc.processes(m.pids[:0])
	slices.Sort(m.pids)
	stays := map[uint32]bool{} // with its owner
	oldest := map[uint32]int32{}
	for _, pid := range m.pids {
		for inode, h := range m.among(pid, m.wanted) {
			if h.owner != nil && h.owner.pid == pid && pid != 1 {
				stays[inode] = true
			}
			if oldest[inode] <= 1 {
				oldest[inode] = pid // as good as: numbers go up
			}
		}
	}
	whole := err == nil && time.Now().Before(m.until)
	for inode, pid := range oldest {
		h := m.wanted[inode]
		if stays[inode] || h.owner != nil && !whole {
			continue
		}
		if p, _ := m.meet(pid); p != nil {
			m.give(h, p)
		}
	}
	m.apart += m.settled.took(begin)
}
