package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"

	hourfile "tracelens/shared/trace"
)

// A row is a line of this bench's hour files, which have IPv4 addresses only and no tunnels. Nothing of the engine reads it.
type row struct {
	ns               int64
	addressed        bool
	src, dst         uint32
	tcp, udp         bool
	srcPort, dstPort int64
	length           int64
}

// eachRow reads an hour file.
func eachRow(path string, f func(*row)) error {
	hour, ok := hourfile.StartOf(filepath.Base(path))
	if !ok {
		return fmt.Errorf("%s is no hour file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(bufio.NewReaderSize(file, 1<<20))
	lines.Scan() // the header
	for lines.Scan() {
		r, ok := parse(hour, lines.Bytes())
		if !ok {
			return fmt.Errorf("%s has a line %q", path, lines.Bytes())
		}
		f(&r)
	}
	return lines.Err()
}

func parse(hour int64, line []byte) (r row, ok bool) {
	i, ok := 0, true
	for cell := range bytes.SplitSeq(line, []byte(",")) {
		switch column := hourfile.Column(i); {
		case column == hourfile.Time:
			seconds, fraction, found := bytes.Cut(cell, []byte("."))
			r.ns = (hour+digitsOf(seconds, &ok))*1e9 + digitsOf(fraction, &ok)
			ok = ok && found && len(fraction) == 9
		case column == hourfile.Len:
			r.length = digitsOf(cell, &ok)
		case len(cell) == 0:
		case column == hourfile.IPSrc:
			r.src, r.addressed = address(cell, &ok), true
		case column == hourfile.IPDst:
			r.dst, r.addressed = address(cell, &ok), true
		case column == hourfile.TCPSrcPort:
			r.srcPort, r.tcp = digitsOf(cell, &ok), true
		case column == hourfile.TCPDstPort:
			r.dstPort, r.tcp = digitsOf(cell, &ok), true
		case column == hourfile.UDPSrcPort:
			r.srcPort, r.udp = digitsOf(cell, &ok), true
		case column == hourfile.UDPDstPort:
			r.dstPort, r.udp = digitsOf(cell, &ok), true
		default: // IPv6
			ok = false
		}
		i++
	}
	return r, ok && i == hourfile.Columns && !(r.tcp && r.udp)
}

func digitsOf(cell []byte, ok *bool) (n int64) {
	*ok = *ok && len(cell) > 0
	for _, c := range cell {
		*ok = *ok && c >= '0' && c <= '9'
		n = n*10 + int64(c-'0')
	}
	return n
}

func address(cell []byte, ok *bool) (a uint32) {
	parts := 0
	for part := range bytes.SplitSeq(cell, []byte(".")) {
		a = a<<8 | uint32(digitsOf(part, ok))
		parts++
	}
	*ok = *ok && parts == 4
	return a
}

// rarest finds in an hour file the n addresses with the fewest packets, and the n ports from 32768 on.
func rarest(path string, n int) (hosts []netip.Addr, ports []uint16, err error) {
	hostsSeen, portsSeen := map[uint32]int{}, map[uint16]int{}
	err = eachRow(path, func(r *row) {
		if r.addressed {
			hostsSeen[r.src]++
			hostsSeen[r.dst]++
		}
		for _, port := range []int64{r.srcPort, r.dstPort} {
			if port >= 32768 {
				portsSeen[uint16(port)]++
			}
		}
	})
	for _, a := range fewest(hostsSeen, n) {
		hosts = append(hosts, hourfile.IPv4(a))
	}
	return hosts, fewest(portsSeen, n), err
}

func fewest[K cmp.Ordered](seen map[K]int, n int) []K {
	all := slices.SortedFunc(maps.Keys(seen), func(a, b K) int { return cmp.Or(cmp.Compare(seen[a], seen[b]), cmp.Compare(a, b)) })
	return all[:min(n, len(all))]
}
