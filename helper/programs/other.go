//go:build !linux

package programs

import (
	"net/netip"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/net"
	system "github.com/shirou/gopsutil/v4/process"
)

const defaultEvery = 2 * time.Second

// A machine asks gopsutil for all there is, at each look.
type machine struct {
	table     table
	apart     time.Duration // nothing has a limit of its own here
	processes map[int32]*processOf
}

// A processOf is a process that had sockets at the last look.
type processOf struct {
	process
	look uint32
}

func (m *machine) look() error {
	connections, err := net.Connections("inet")
	if err != nil {
		return err
	}
	t := &m.table
	if m.processes == nil {
		m.processes = map[int32]*processOf{}
	}
	t.begin()
	var fresh []*held
	for _, c := range connections {
		address, err := netip.ParseAddr(c.Laddr.IP)
		switch {
		case c.Laddr.Port == 0 || c.Laddr.Port > 65535 || c.Status == "TIME_WAIT":
			continue
		case err != nil && c.Family == syscall.AF_INET: // "*", as some have it
			address = netip.IPv4Unspecified()
		case err != nil:
			address = netip.IPv6Unspecified()
		}
		h := t.see(socket{port{address.WithZone("").As16(), uint16(c.Laddr.Port), c.Type == syscall.SOCK_STREAM}, uint32(c.Pid)}, 0)
		if c.Pid <= 0 {
			continue // nobody's, or it may not be known
		}
		if p := m.processes[c.Pid]; p != nil {
			p.look = t.looks
		}
		if h.owner == nil {
			fresh = append(fresh, h)
		}
	}
	t.forget()
	for pid, p := range m.processes {
		if p.look != t.looks {
			delete(m.processes, pid) // its number may be another's next
		}
	}
	for _, h := range fresh {
		pid := int32(h.id)
		p := m.processes[pid]
		if p == nil {
			name, err := nameOf(pid)
			if err != nil {
				continue
			}
			p = &processOf{process{pid: pid, name: Clean(name)}, t.looks}
			m.processes[pid] = p
		}
		t.give(h, &p.process)
	}
	return nil
}

func nameOf(pid int32) (string, error) {
	p, err := system.NewProcess(pid)
	if err != nil {
		return "", err
	}
	return p.Name()
}
