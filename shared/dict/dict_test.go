package dict

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"

	"tracelens/shared/trace"
)

// words are the two words of a cell and its comma, as the parser loads them.
func words(cell string) (lo, hi uint64) {
	var b [16]byte
	copy(b[:], cell+",")
	return binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])
}

func short(e *Endpoints, cell string) uint32 {
	lo, hi := words(cell)
	n := e.Guess(lo, hi)
	if n == 0 {
		n = e.ShortText(lo, hi)
	}
	return n
}

// However an address is spelt, it has one number, and the number is that address.
func TestOneNumberForAnAddress(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	e := NewEndpoints()
	for range 20_000 {
		a := trace.IPv4(r.Uint32() & 0x0f030f0f)
		if n := short(e, a.String()); n == 0 || e.Addr(n) != a || e.Number(a) != n {
			t.Fatalf("%v has the number %d, which is %v", a, n, e.Addr(n))
		}
		var b [16]byte
		b[0], b[r.IntN(16)], b[15] = 0x20, byte(r.IntN(50)), byte(r.IntN(50))
		six := netip.AddrFrom16(b)
		for _, text := range []string{six.String(), six.StringExpanded()} {
			if n := e.LongText([]byte(text)); n == 0 || e.Addr(n) != six || e.Number(six) != n {
				t.Fatalf("%s has the number %d, which is %v", text, n, e.Addr(n))
			}
		}
	}
	four, mapped := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("::ffff:192.0.2.1")
	if e.Number(four) == e.Number(mapped) || e.Addr(e.Number(four)) != four || e.Addr(e.Number(mapped)) != mapped {
		t.Error("an IPv4 address and the IPv6 address that maps it are one")
	}
	if n, ok := e.Lookup(netip.MustParseAddr("203.0.113.9")); ok {
		t.Errorf("an address that was never seen has the number %d", n)
	}
	if e.Number(netip.Addr{}) != 0 || e.LongText(nil) != 0 {
		t.Error("no address has a number")
	}
}

// What is no address has no number, also when it was asked for before and when its bytes begin like an address.
func TestNoAddress(t *testing.T) {
	e := NewEndpoints()
	short(e, "192.0.2.1")
	e.LongText([]byte("2001:db8::1"))
	before := e.Len()
	for range 2 {
		for _, cell := range []string{"192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1\x00", "\x00", "192.0.2.1 ", "::1", "x"} {
			if n := short(e, cell); n != 0 {
				t.Errorf("%q has the number %d", cell, n)
			}
		}
		for _, cell := range []string{"2001:db8::1\x00", "2001:db8::1%eth0", "192.0.2.1", "::1::", "0000:0000:0000:0000:0000:0000:192.000.002.001"} {
			if n := e.LongText([]byte(cell)); n != 0 {
				t.Errorf("%q has the number %d", cell, n)
			}
		}
	}
	if e.Len() != before {
		t.Errorf("%d numbers were given", e.Len()-before)
	}
}

func TestConversations(t *testing.T) {
	c := NewConversations()
	seen := map[Conversation]uint32{}
	r := rand.New(rand.NewPCG(2, 2))
	for range 50_000 {
		v := Conversation{Src: r.Uint32N(40), Dst: r.Uint32N(40), Port: uint16(r.IntN(5)), Ports: trace.PortBits(r.IntN(16)), Kind: NoPort + Kind(r.IntN(4))}
		n := c.Number(v)
		if had := seen[v]; had != 0 && had != n || c.At(n) != v || n == 0 {
			t.Fatalf("%+v has the numbers %d and %d, which is %+v", v, had, n, c.At(n))
		}
		seen[v] = n
	}
	if c.Len() != len(seen)+1 {
		t.Errorf("%d numbers for %d conversations", c.Len()-1, len(seen))
	}
}

func TestFlows(t *testing.T) {
	f := NewFlows(NewEndpoints())
	r := rand.New(rand.NewPCG(2, 3))
	for _, limit := range []int{MaxFlows, 1, 1000} { // what was before a Reset is forgotten
		f.Reset()
		numbers, texts, remembered := map[Flow]int{}, map[string]int{}, 0
		for range 200_000 {
			v := Flow{uint64(r.IntN(40))<<32 | uint64(r.IntN(40)), FlowKey(uint16(r.IntN(10)), uint16(r.IntN(10)), trace.PortBits(r.IntN(16)))}
			had, known := numbers[v]
			for !known && len(numbers) == limit {
				for v, had = range numbers {
					known = true
					break
				}
			}
			n := int(f.Number(v.Ends, v.Key))
			if known && n != had || !known && n != len(numbers) || f.At(n) != v {
				t.Fatalf("%x has the number %d, known %v as %d", v, n, known, had)
			}
			numbers[v] = n
			if src, dst, bits := f.At(n).Ports(); FlowKey(src, dst, bits) != v.Key {
				t.Fatalf("the key %x is made of %d, %d and %b", v.Key, src, dst, bits)
			}

			// The halves of a text overlap. There are many that differ in one place only, wherever it is, and fall into the same slot.
			var parts [5]int
			parts[r.IntN(len(parts))] = r.IntN(2000)
			text := fmt.Sprintf("%0*d,%04d,,%07d%06d,1%07d,,", 10+r.IntN(6), parts[0], parts[1], parts[2], parts[3], parts[4])
			ft := FlowText{(*[HalfText]byte)([]byte(text)), (*[HalfText]byte)([]byte(text[len(text)-HalfText:])), uint64(len(text))}
			had, known = texts[text]
			slot := f.Known(ft)
			switch got, other := slot.Number(), slot.OtherFront(ft)|slot.OtherBack(ft); {
			case other == 0 && (!known || int(got) != had):
				t.Fatalf("%s has the number %d, known %v as %d", text, got, known, had)
			case other == 0:
				remembered++
			case !known:
				texts[text] = n
				fallthrough
			default:
				f.Learn(ft, uint16(texts[text]))
			}
		}
		if remembered < 5_000 {
			t.Errorf("of 200,000 texts %d were remembered", remembered)
		}
		if len(numbers) != f.Len() || f.Len() != min(limit, 40*40*10*10*16) && limit < MaxFlows {
			t.Errorf("%d numbers for %d flows, %d at most", f.Len(), len(numbers), limit)
		}
	}
}

// TestTextsOfManyFlows: there are no more slots than the flows that have packets at a time need. The seeds are always the same ones: with
// one of sixty, so many of these texts fall into the same slots that a segment later there are twice the slots, as there should be.
func TestTextsOfManyFlows(t *testing.T) {
	a, c := seedA, seedC
	t.Cleanup(func() { seedA, seedC = a, c })
	seeds := rand.New(rand.NewPCG(12, 1))
	seedA, seedC = seeds.Uint64()|1, seeds.Uint64()|1
	for _, c := range []struct{ active, slots, remembered int }{{50, usualTexts, 85}, {6000, maxTexts, 65}} {
		f, share := NewFlows(NewEndpoints()), 0
		r := rand.New(rand.NewPCG(4, 1))
		for range 4 { // segments
			f.Reset()
			asked, remembered := 0, 0
			for packet := range 250_000 {
				n := packet/10 + r.IntN(c.active) // one goes, another comes
				text := fmt.Sprintf("192.0.2.1,%05d,,198.51.100.7,443,,", n)
				ft := FlowText{(*[HalfText]byte)([]byte(text)), (*[HalfText]byte)([]byte(text[len(text)-HalfText:])), uint64(len(text))}
				had := f.Len()
				slot := f.Known(ft)
				number, other := slot.Number(), slot.OtherFront(ft)|slot.OtherBack(ft)
				if other != 0 {
					number = f.Number(1, FlowKey(uint16(n), 443, trace.HasTCP))
					f.Learn(ft, number)
				}
				if f.Len() == had {
					asked++
					if other == 0 {
						remembered++
					}
				}
			}
			share = remembered * 100 / asked
		}
		if len(f.texts.slots) != c.slots || share < c.remembered {
			t.Errorf("%d flows at a time: %d slots, %d%% of the texts were remembered", c.active, len(f.texts.slots), share)
		}
	}
}

func TestAddedRoundTrip(t *testing.T) {
	e, c := NewEndpoints(), NewConversations()
	var all Added
	all.FirstEndpoint, all.FirstConversation = 1, 1
	ends, convs := 1, 1
	for i := range 5 { // it grows, and is told in parts
		for k := range i {
			a := netip.MustParseAddr(fmt.Sprintf("2001:db8::%d:%d", i, k))
			if k%2 == 0 {
				a = trace.IPv4(uint32(i*100 + k))
			}
			n := e.Number(a)
			c.Number(Conversation{Src: n, Dst: 1, Port: uint16(k), Ports: trace.HasTCP, Kind: LowSource})
		}
		got, err := Decode(AppendSince(nil, e, ends, c, convs))
		if err != nil || got.FirstEndpoint != ends || got.FirstConversation != convs {
			t.Fatalf("%+v, %v", got, err)
		}
		all.Endpoints, all.Conversations = append(all.Endpoints, got.Endpoints...), append(all.Conversations, got.Conversations...)
		ends, convs = e.Len(), c.Len()
	}
	whole, err := Decode(AppendSince(nil, e, 1, c, 1))
	if err != nil || !reflect.DeepEqual(whole, all) || len(all.Endpoints) != 10 {
		t.Errorf("%+v, %v, want %+v", whole, err, all)
	}
	b := AppendSince(nil, e, 1, c, 1)
	for _, bad := range [][]byte{nil, b[:15], b[:len(b)-1], append(b, 0)} {
		if _, err := Decode(bad); err == nil {
			t.Errorf("%d bytes were read", len(bad))
		}
	}
}
