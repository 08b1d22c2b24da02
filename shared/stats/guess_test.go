package stats

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"tracelens/shared/trace"
)

// A talk is packets between two addresses, there and back unless only there.
type talk struct {
	from, to string
	only     bool
}

func v4(n uint32) string { return trace.IPv4(n).String() }

// server4 is one of the servers of the world, server6 one in a network of its own.
func server4(i int) string { return v4(20<<24 | uint32(i)*7919) }
func server6(i int) string { return fmt.Sprintf("2a00:%x:%x::%x", i%50, i, i+1) }

func star(from string, others int) (l []talk) {
	for i := range others {
		l = append(l, talk{from, server4(i), false})
	}
	return l
}

// shapes are what people capture, and what is theirs.
var shapes = map[string]struct {
	talks func() []talk
	want  []string
}{
	"nothing": {func() []talk { return nil }, nil},
	"a laptop behind a router, with an address of its own in IPv6 that changes within its network": {func() (l []talk) {
		l = append(l, talk{"0.0.0.0", "255.255.255.255", true}, talk{"fe80::1", "ff02::1", true}, talk{"fe80::22", "ff02::fb", true},
			talk{"192.168.1.23", "192.168.1.1", false}, talk{"192.168.1.23", "224.0.0.251", true}, talk{"192.168.1.1", "239.255.255.250", true})
		for i := range 300 {
			l = append(l, talk{"192.168.1.23", server4(i), false})
			if i%2 == 0 {
				l = append(l, talk{fmt.Sprintf("2001:db8:7:1::%x", 100+i/60), server6(i), false})
			}
		}
		for i := range 40 { // a provider of much has all of it in one network
			l = append(l, talk{"2001:db8:7:1::64", fmt.Sprintf("2a00:1450:4001:800::%x", 1+i), false})
		}
		return l
	}, []string{"192.168.0.0/16", "fe80::/10", "2001:db8:7:1::/64"}},
	"the same over a week: the provider gives another network every day": {func() (l []talk) {
		for i := range 700 {
			l = append(l, talk{"192.168.1.23", server4(i), false}, talk{fmt.Sprintf("2001:db8:7:%x::%x", i/100, 1+i%3), server6(i % 180), false})
		}
		return l
	}, []string{"192.168.0.0/16", "2001:db8:7::/64", "2001:db8:7:1::/64", "2001:db8:7:2::/64", "2001:db8:7:3::/64", "2001:db8:7:4::/64", "2001:db8:7:5::/64", "2001:db8:7:6::/64"}},
	"a server with one public address": {func() (l []talk) {
		for i := range 500 {
			l = append(l, talk{server4(i), "203.0.113.5", i%3 == 0})
		}
		return append(l, talk{"203.0.113.9", "203.0.113.255", true}, talk{"203.0.113.1", "224.0.0.1", true})
	}, []string{"203.0.113.5/32"}},
	"a server whose services are in containers, captured on all interfaces": {func() (l []talk) {
		for i := range 300 {
			l = append(l, talk{server4(i), "203.0.113.5", false}, talk{server4(i), "172.17.0.2", false}, talk{server6(i), "2001:db8:1::5", false})
		}
		return append(l, talk{"127.0.0.1", "127.0.0.53", false}, talk{"::1", "::1", false}, talk{"10.99.0.1", "203.0.113.5", true})
	}, []string{"10.0.0.0/8", "172.16.0.0/12", "127.0.0.0/8", "::1/128", "203.0.113.5/32", "2001:db8:1::/64"}},
	"a server with two public addresses": {func() (l []talk) {
		for i := range 500 {
			l = append(l, talk{server4(i), "203.0.113.5", false})
			if i%3 == 0 {
				l = append(l, talk{server4(i + 250), "203.0.113.6", false})
			}
		}
		return l
	}, []string{"203.0.113.5/32", "203.0.113.6/32"}},
	"a private address is only written to": {func() (l []talk) {
		for i := range 20 {
			l = append(l, talk{"203.0.113.5", server4(i), false})
		}
		return append(l, talk{"203.0.113.5", "10.1.2.3", true})
	}, []string{"203.0.113.5/32"}},
	"a mirror port of a router that translates addresses, inside and outside": {func() (l []talk) {
		for i := range 400 {
			l = append(l, talk{v4(192<<24 | 168<<16 | uint32(i%40)), server4(i * i % 211), false}, talk{"203.0.113.77", server4(i * i % 211), false})
		}
		for i := range 40 {
			l = append(l, talk{v4(192<<24 | 168<<16 | uint32(i)), "8.8.8.8", false}) // whom all ask
		}
		return l
	}, []string{"192.168.0.0/16", "203.0.113.77/32"}},
	"a mirror port inside": {func() (l []talk) {
		for i := range 400 {
			l = append(l, talk{v4(10<<24 | uint32(i%90)), server4(i % 170), false}, talk{v4(10<<24 | uint32(i%90)), "8.8.8.8", false})
		}
		return append(l, talk{"198.51.100.1", "198.51.100.2", false}, talk{"198.51.100.1", "198.51.100.3", false}) // what is in a tunnel
	}, []string{"10.0.0.0/8"}},
	"a tap between two parts of the internet": {func() (l []talk) {
		r := rand.New(rand.NewPCG(1, 1))
		popular := rand.NewZipf(r, 1.1, 3, 400)
		for range 6000 {
			l = append(l, talk{v4(203<<24 | 113<<8 | r.Uint32N(200)), server4(int(popular.Uint64())), false})
		}
		return l
	}, nil},
	"a provider of much seen from many networks": {func() (l []talk) {
		for i := range 200 {
			l = append(l, talk{v4(203<<24 | uint32(i)), "8.8.8.8", false})
			for k := range 5 {
				l = append(l, talk{v4(203<<24 | uint32(i)), server4(i*5 + k), false})
			}
		}
		return l
	}, nil},
	"two who talk with each other": {func() []talk { return []talk{{"203.0.113.5", "198.51.100.7", false}} }, nil},
	"one who talks with three":     {func() []talk { return star("203.0.113.5", 3) }, nil},
	"one who talks with four":      {func() []talk { return star("203.0.113.5", 4) }, []string{"203.0.113.5/32"}},
	"two clients of one resolver, captured by each": {func() []talk {
		return []talk{{"192.168.1.29", "8.8.4.4", false}, {"2a03:b0c0::1", "2001:4860:4860::8888", false}, {"2001:b07::5e", "2001:4860:4860::8844", false}}
	}, []string{"192.168.0.0/16"}},
	"two with two": {func() []talk {
		return []talk{{"203.0.113.5", "198.51.100.7", false}, {"203.0.113.5", "198.51.100.8", false}, {"203.0.113.6", "198.51.100.7", false}, {"203.0.113.6", "198.51.100.8", false}}
	}, nil},
	"somebody sends to a broadcast address": {func() (l []talk) {
		for i := range 30 {
			l = append(l, talk{v4(203<<24 | 113<<8 | uint32(i+1)), "203.0.113.255", true})
			l = append(l, talk{"203.0.113.5", server4(i), false})
		}
		return l
	}, []string{"203.0.113.5/32"}},
	"only a network of private addresses in IPv6": {func() []talk {
		return []talk{{"fd00::1", "fd00::2", false}, {"100.64.0.1", "169.254.1.1", true}}
	}, []string{"100.64.0.0/10", "fc00::/7"}},
	"addresses without another": {func() []talk { return []talk{{"203.0.113.5", "", true}, {"", "203.0.113.5", true}, {"", "", true}} }, nil},
}

func TestGuessMine(t *testing.T) {
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			want := prefixes(shape.want...)
			r := rand.New(rand.NewPCG(3, 3))
			for range 5 { // in any order, by any number of counters
				tr := NewTrace()
				counters := []*counter{newCounter(tr), newCounter(tr), newCounter(tr)}[:1+r.IntN(3)]
				packets := make([][]packet, len(counters))
				for _, k := range shape.talks() {
					from, _ := netip.ParseAddr(k.from)
					to, _ := netip.ParseAddr(k.to)
					for _, ends := range [][2]netip.Addr{{from, to}, {to, from}} {
						i := r.IntN(len(counters))
						if packets[i] = append(packets[i], packet{src: ends[0], dst: ends[1]}); k.only {
							break
						}
					}
				}
				for i, c := range counters {
					r.Shuffle(len(packets[i]), func(a, b int) { packets[i][a], packets[i][b] = packets[i][b], packets[i][a] })
					c.count(t, packets[i])
				}
				got := tr.GuessMine()
				if sorted := slices.Clone(got); !slices.Equal(sortedPrefixes(sorted), sortedPrefixes(want)) {
					t.Fatalf("%v, want %v", got, want)
				}
				if again := tr.GuessMine(); !slices.Equal(again, got) {
					t.Fatalf("%v, then %v", got, again)
				}
			}
		})
	}
}

func sortedPrefixes(list []netip.Prefix) []netip.Prefix {
	slices.SortFunc(list, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	return list
}

// BenchmarkGuessMine is once at the end of a load.
func BenchmarkGuessMine(b *testing.B) {
	tr, _, _ := busyTrace(b, 300_000, 1)
	for b.Loop() {
		if got := tr.GuessMine(); len(got) == 0 {
			b.Fatal("nothing is guessed")
		}
	}
}
