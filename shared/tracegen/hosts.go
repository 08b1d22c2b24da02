package tracegen

import (
	"math/rand/v2"
	"sort"
)

// A host is a remote machine with its one service.
type host struct {
	v4      uint32
	v6      [16]byte
	service service
}

// hosts are the remote machines, the busiest first.
type hosts struct {
	all    []host
	shares []uint64 // running sums of each host's share: the i-th is busy as 1/(i+1), which is Zipf's law
}

const hostCount = 3900

func newHosts(r *rand.Rand) *hosts {
	h := &hosts{all: make([]host, hostCount), shares: make([]uint64, hostCount)}
	sum := uint64(0)
	for i := range h.all {
		h.all[i] = host{v4: remoteIPv4(r, i), v6: remoteIPv6(r), service: serviceOf(r, i)}
		sum += 1 << 32 / uint64(i+1)
		h.shares[i] = sum
	}
	return h
}

// pick is a host at random, by Zipf's law.
func (h *hosts) pick(r *rand.Rand) *host {
	x := r.Uint64N(h.shares[hostCount-1])
	return &h.all[sort.Search(hostCount, func(i int) bool { return h.shares[i] > x })]
}

// remoteIPv4 spreads the hosts over the documentation networks, where the busiest are, and the benchmark network 198.18.0.0/15.
func remoteIPv4(r *rand.Rand, i int) uint32 {
	last := uint32(1 + r.IntN(254))
	switch {
	case i < 12:
		return 203<<24 | 0<<16 | 113<<8 | last
	case i < 40:
		return 198<<24 | 51<<16 | 100<<8 | last
	}
	// Providers have many hosts in few networks, so that grouping by prefix shows something.
	network := uint32(r.IntN(512))
	if r.IntN(3) > 0 {
		network %= 24
	}
	return 198<<24 | 18<<16 | network<<8 | last
}

// remoteIPv6 is an address in 2001:db8::/32, outside the household's own 2001:db8:0::/48.
func remoteIPv6(r *rand.Rand) (a [16]byte) {
	a = [16]byte{0x20, 0x01, 0x0d, 0xb8, byte(1 + r.IntN(40)), byte(r.IntN(4))}
	a[7] = byte(r.IntN(8))
	if r.IntN(2) == 0 { // a server's short address; otherwise 64 random bits
		a[14], a[15] = byte(r.IntN(256)), byte(1+r.IntN(255))
		return a
	}
	for i := 8; i < 16; i++ {
		a[i] = byte(r.IntN(256))
	}
	return a
}

// The household: two machines and their resolver, which is outside.
var (
	localIPv4    = [2]uint32{192<<24 | 168<<16 | 1<<8 | 23, 192<<24 | 168<<16 | 1<<8 | 7}
	localIPv6    = [2][16]byte{{0x20, 0x01, 0x0d, 0xb8, 15: 0x23}, {0x20, 0x01, 0x0d, 0xb8, 15: 0x07}}
	resolverIPv4 = uint32(192<<24 | 0<<16 | 2<<8 | 53)
	resolverIPv6 = [16]byte{0x20, 0x01, 0x0d, 0xb8, 0xff, 15: 0x53}
)
