package stats

import (
	"encoding/binary"
	"net/netip"

	"tracelens/shared/dict"
)

// localTexts are the ranges that are not routed in the internet: private, shared with the provider (RFC 6598), link-local, loopback.
var localTexts = [...]string{
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128",
}

// localRanges are localTexts, with the bytes that an address in one of them may begin with, by IPv4 and IPv6.
type localRanges struct {
	list   [len(localTexts)]netip.Prefix
	begins [2][256]bool
}

func newLocalRanges() *localRanges {
	r := &localRanges{}
	for i, text := range localTexts {
		p := netip.MustParsePrefix(text)
		r.list[i] = p
		first, family := firstByte(p.Addr())
		for k := range 1 << max(0, 8-p.Bits()) {
			r.begins[family][int(first)+k] = true
		}
	}
	return r
}

// find is which range an address is in, or -1.
func (r *localRanges) find(a netip.Addr) int {
	if first, family := firstByte(a); r.begins[family][first] {
		for i, p := range r.list {
			if p.Contains(a) {
				return i
			}
		}
	}
	return -1
}

func firstByte(a netip.Addr) (first byte, family int) {
	if a.Is4() {
		b := a.As4()
		return b[0], 0
	}
	b := a.As16()
	return b[0], 1
}

// maxGuessed is how many public addresses or networks of a family are guessed: a machine has one or two at a time, and may have been given
// others from day to day. minPeers is with how many others each must talk: of two or three, both sides could be the user's.
const (
	maxGuessed = 8
	minPeers   = 4
)

// GuessMine says which addresses are likely the user's own, from who talks with whom:
//
//   - The private, shared, link-local and loopback ranges from which anything was sent.
//   - The public IPv4 addresses and IPv6 networks (/64) that send and that talk with by far the most others, if any do.
//
// Their peers are other public addresses and networks. Ordered by how many peers they have, the list ends where the number falls the most:
// to half or less, from 4 or more, and after 8 at most. It is dropped if fewer than half of all couples of public addresses, or than a
// tenth of all couples of the family, have one side in it.
//
// So a laptop behind a router gets 192.168.0.0/16 and its /64, a server its one public address, and a tap between two parts of the
// internet, where nobody stands out, nothing public. The guess depends on what the trace holds, not on the order in which it was learned.
// The ranges come first, then the busiest.
func (t *Trace) GuessMine() []netip.Prefix {
	local := newLocalRanges()
	u, sending := t.publicUnits(local)
	guessed := []netip.Prefix{}
	for i, p := range local.list {
		if sending[i] {
			guessed = append(guessed, p)
		}
	}
	u.countPeers(&t.couples)
	for _, bits := range []int{32, 64} {
		busy := u.outstanding(bits)
		if len(busy) == 0 || !u.cover(&t.couples, busy, bits) {
			continue
		}
		for _, n := range busy {
			guessed = append(guessed, u.prefix(n))
		}
	}
	return guessed
}

// units are the public IPv4 addresses and IPv6 networks of a trace. There may be a million, so none holds a pointer.
type units struct {
	ends *dict.Endpoints
	of   []uint32 // by endpoint; 0 for what is not public
	list []unit
}

type unit struct {
	end   uint32 // one of its endpoints
	peers int32
	bits  uint8 // 32 or 64
	sends bool
}

func (u *units) prefix(n uint32) netip.Prefix {
	return netip.PrefixFrom(u.ends.Addr(u.list[n].end), int(u.list[n].bits)).Masked()
}

// publicUnits numbers the units, and says from which of the local ranges anything was sent.
func (t *Trace) publicUnits(local *localRanges) (u units, sending [len(localTexts)]bool) {
	ends := t.ends
	u = units{ends: ends, of: make([]uint32, ends.Len()), list: make([]unit, 1, ends.Len())}
	networks := map[uint64]uint32{}
	for n := 1; n < ends.Len(); n++ {
		a := ends.Addr(uint32(n))
		if i := local.find(a); i >= 0 {
			sending[i] = sending[i] || t.sends[n]
			continue
		}
		if !a.IsGlobalUnicast() || a.Is4In6() {
			continue
		}
		number, bits := uint32(len(u.list)), uint8(32)
		if a.Is6() {
			b := a.As16()
			network := binary.BigEndian.Uint64(b[:])
			if had := networks[network]; had != 0 {
				number = had
			}
			networks[network], bits = number, 64
		}
		if int(number) == len(u.list) {
			u.list = append(u.list, unit{end: uint32(n), bits: bits})
		}
		u.of[n] = number
		u.list[number].sends = u.list[number].sends || t.sends[n]
	}
	return u, sending
}

// between are the units of a couple; ok says whether they are two of one family.
func (u *units) between(couples *couples, couple int) (a, b uint32, ok bool) {
	first, second := couples.of(couple)
	a, b = u.of[first], u.of[second]
	return a, b, a != 0 && b != 0 && a != b && u.list[a].bits == u.list[b].bits
}

// countPeers counts with how many others each unit has couples.
func (u *units) countPeers(couples *couples) {
	met := map[uint64]uint32{}
	for i := range couples.len() {
		a, b, ok := u.between(couples, i)
		if !ok {
			continue
		}
		if u.list[a].bits == 64 { // networks have several couples with each other
			key := uint64(min(a, b))<<32 | uint64(max(a, b))
			if met[key] != 0 {
				continue
			}
			met[key] = 1
		}
		u.list[a].peers++
		u.list[b].peers++
	}
}

// outstanding are the units of a family that have by far the most peers, most first.
func (u *units) outstanding(bits int) []uint32 {
	var most []uint32 // one more than can be guessed
	for n := 1; n < len(u.list); n++ {
		if v := &u.list[n]; int(v.bits) != bits || !v.sends {
			continue
		}
		if len(most) > maxGuessed && u.list[n].peers <= u.list[most[maxGuessed]].peers { // the last is only there to be compared with
			continue
		}
		most = append(most[:min(len(most), maxGuessed)], uint32(n))
		for i := len(most) - 1; i > 0 && u.before(most[i], most[i-1]); i-- {
			most[i], most[i-1] = most[i-1], most[i]
		}
	}
	peers := func(i int) int { // as if there always were another, and none without a peer
		if i >= len(most) {
			return 1
		}
		return max(1, int(u.list[most[i]].peers))
	}
	cut := 0
	for i := 1; i <= min(len(most), maxGuessed) && peers(i-1) >= minPeers; i++ {
		if peers(i-1) >= 2*peers(i) && (cut == 0 || peers(i-1)*peers(cut) > peers(cut-1)*peers(i)) {
			cut = i
		}
	}
	return most[:cut]
}

func (u *units) before(a, b uint32) bool {
	if x, y := u.list[a].peers, u.list[b].peers; x != y {
		return x > y
	}
	return u.prefix(a).Addr().Less(u.prefix(b).Addr())
}

// cover reports whether enough of a family's couples are between a unit of some and one that is not.
func (u *units) cover(couples *couples, some []uint32, bits int) bool {
	in := make([]bool, len(u.list))
	for _, n := range some {
		in[n] = true
	}
	all, public, covered := 0, 0, 0
	for i := range couples.len() {
		first, second := couples.of(i)
		if first == 0 || second == 0 || u.ends.Addr(first).Is4() != (bits == 32) {
			continue
		}
		all++
		if a, b, ok := u.between(couples, i); ok {
			public++
			if in[a] != in[b] {
				covered++
			}
		}
	}
	return 2*covered >= public && 10*covered >= all
}
