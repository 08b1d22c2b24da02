package anon

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"tracelens/shared/trace"
)

// recipes are all ways to replace addresses.
var recipes = []Recipe{
	{}, {KeepPrivate: true}, {Classes: true}, {Classes: true, KeepPrivate: true}, {Scheme: Pfx}, {Scheme: Pfx, KeepPrivate: true},
	{Scheme: Pfx, Classes: true}, {Scheme: Pfx, Classes: true, KeepPrivate: true}, {Scheme: Numbers}, {Scheme: Numbers, KeepPrivate: true},
	{Scheme: Truncate}, {Scheme: Truncate, V4: 8, V6: 16, KeepPrivate: true}, {Scheme: Truncate, V4: 32, V6: 128},
}

func anonymiser(t testing.TB, r Recipe, k Key) *Anonymiser {
	t.Helper()
	a, err := New(r, k)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// somewhere is an address in a prefix.
func somewhere(r *rand.Rand, p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < 8*len(b); i++ {
		b[i/8] |= byte(r.IntN(2)) << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// Every range of IANA's registries of special-purpose addresses (22 September 2025 and 6 May 2025), and those that its registries of the
// address spaces name besides: multicast, the internet's own, what nobody has.
var iana = []string{
	"0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.0.0/29",
	"192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/32", "192.0.0.171/32", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"255.255.255.255/32", "224.0.0.0/4", "224.0.0.0/24", "232.0.0.0/8", "239.0.0.0/8", "0.0.0.0/0",
	"::1/128", "::/128", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32",
	"2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:2::/48", "2001:3::/32", "2001:4:112::/48", "2001:10::/28", "2001:20::/28",
	"2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fd00::/8", "fe80::/10", "fe80::/64",
	"fec0::/10", "ff00::/8", "ff01::/16", "ff02::/16", "ff02::1:ff00:0/104", "ff05::/16", "2000::/3", "::/0",
}

// keepsPrefixes says that a recipe's scheme does.
func keepsPrefixes(r Recipe) bool { return r.Scheme == CryptoPAn || r.Scheme == Pfx }

// published says that a recipe makes of an address what the published scheme does, and nothing else matters.
func published(r Recipe, address netip.Addr) bool {
	t := find(address.AsSlice()).treatment
	return keepsPrefixes(r) && !r.Classes && (t == ordinary || t == private && !r.KeepPrivate)
}

// TestPublished: others' programs give the same pseudonyms.
func TestPublished(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for scheme, of := range map[Scheme]flipper{CryptoPAn: newCryptoPAn(draftKey), Pfx: newPfx(draftKey)} {
		a := anonymiser(t, Recipe{Scheme: scheme}, draftKey)
		for _, prefix := range []string{"0.0.0.0/0", "10.0.0.0/8", "203.0.113.0/24", "2000::/3", "fd00::/8"} {
			for range 100 {
				in := somewhere(r, netip.MustParsePrefix(prefix))
				if !published(Recipe{}, in) {
					continue
				}
				want := in.AsSlice()
				of.flip(want, 0)
				if got := a.Addr(in); !slices.Equal(got.AsSlice(), want) {
					t.Fatalf("%v -> %v, published is %v", in, got, want)
				}
			}
		}
	}
}

// TestClasses: an address and its pseudonym are of the same class, and what netip says of the two is the same.
func TestClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, recipe := range recipes {
		a := anonymiser(t, recipe, NewKey())
		for _, prefix := range iana {
			p := netip.MustParsePrefix(prefix)
			for i := range 200 {
				in := somewhere(r, p)
				if i == 0 {
					in = p.Addr()
				}
				if published(recipe, in) || in.Is4In6() && published(recipe, in.Unmap()) {
					continue
				}
				out := a.Addr(in)
				if !out.IsValid() && recipe.Scheme == Truncate && in.Is6() && !netip.MustParsePrefix("2000::/3").Contains(in) {
					continue // it has none of its kind; see TestRefused
				}
				if find(in.AsSlice()) != find(out.AsSlice()) {
					t.Fatalf("%v: %v -> %v, which means something else", recipe, in, out)
				}
				for name, is := range map[string]func(netip.Addr) bool{
					"IPv4": netip.Addr.Is4, "mapped": netip.Addr.Is4In6, "unspecified": netip.Addr.IsUnspecified, "loopback": netip.Addr.IsLoopback,
					"link-local": netip.Addr.IsLinkLocalUnicast, "multicast": netip.Addr.IsMulticast, "of the link": netip.Addr.IsLinkLocalMulticast,
					"of the interface": netip.Addr.IsInterfaceLocalMulticast, "private": netip.Addr.IsPrivate, "unicast": netip.Addr.IsGlobalUnicast,
				} {
					if is(in) != is(out) {
						t.Fatalf("%v: %v -> %v, of which one is %s", recipe, in, out, name)
					}
				}
				switch c := find(in.AsSlice()); {
				case c.treatment == kept, c.treatment == private && recipe.KeepPrivate:
					if in != out {
						t.Fatalf("%v: %v -> %v, which should have stayed", recipe, in, out)
					}
				}
			}
		}
	}
}

// TestKeepsPrefixesExactly: two addresses that share exactly k bits share exactly k bits afterwards, for every k, among them those of
// which one or both are special.
func TestKeepsPrefixesExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, recipe := range recipes {
		if !keepsPrefixes(recipe) {
			continue
		}
		a := anonymiser(t, recipe, NewKey())
		for _, prefix := range iana {
			p := netip.MustParsePrefix(prefix)
			for k := range p.Addr().BitLen() {
				one := somewhere(r, p).AsSlice()
				two := somewhere(r, netip.PrefixFrom(p.Addr(), 0)).AsSlice()
				for i := range k + 1 {
					bit := byte(0x80) >> (i % 8)
					two[i/8] = two[i/8]&^bit | one[i/8]&bit
				}
				two[k/8] ^= 0x80 >> (k % 8)
				if len(one) == 16 && embeds(one) != embeds(two) {
					continue // an IPv4 address in IPv6's spelling has its own pseudonym's bits there
				}
				x, _ := netip.AddrFromSlice(one)
				y, _ := netip.AddrFromSlice(two)
				if !recipe.Classes && (!published(recipe, x) || !published(recipe, y)) {
					continue // what stays is apart from what does not
				}
				if got := common(a.Addr(x).AsSlice(), a.Addr(y).AsSlice()); got != k {
					t.Fatalf("%v: %v and %v share %d bits, their pseudonyms %v and %v %d", recipe, x, y, k, a.Addr(x), a.Addr(y), got)
				}
			}
		}
	}
}

func embeds(address []byte) bool { return find(address).treatment == embedded }

// TestOneToOne: the addresses of a whole /16 have as many pseudonyms, whatever it is near.
func TestOneToOne(t *testing.T) {
	for _, recipe := range recipes {
		if recipe.Scheme == Truncate {
			continue
		}
		a := anonymiser(t, recipe, NewKey())
		for _, network := range []uint32{198<<24 | 18<<16, 192<<24 | 168<<16} {
			seen := make(map[uint32]bool, 1<<16)
			for host := range uint32(1 << 16) {
				seen[a.IPv4(network|host)] = true
			}
			if len(seen) != 1<<16 {
				t.Errorf("%v: %d pseudonyms for the %d addresses of %v/16", recipe, len(seen), 1<<16, trace.IPv4(network))
			}
		}
	}
}

// TestOnlyTheKeyDecides: the order of the questions does not matter, nor what is remembered; and two keys share no pseudonym but by chance.
func TestOnlyTheKeyDecides(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	addresses := make([]netip.Addr, 1000)
	for i := range addresses {
		prefix := "::/0"
		if i%2 == 0 {
			prefix = "0.0.0.0/0"
		}
		for addresses[i] = somewhere(r, netip.MustParsePrefix(prefix)); !published(Recipe{}, addresses[i]); {
			addresses[i] = somewhere(r, netip.MustParsePrefix(prefix))
		}
	}
	for _, scheme := range []Scheme{CryptoPAn, Pfx, Numbers} {
		key := NewKey()
		a, b, other := anonymiser(t, Recipe{Scheme: scheme}, key), anonymiser(t, Recipe{Scheme: scheme}, key), anonymiser(t, Recipe{Scheme: scheme}, NewKey())
		first := make([]netip.Addr, len(addresses))
		for i, address := range addresses {
			first[i] = a.Addr(address)
		}
		same, bits, of := 0, 0, 0
		for i := len(addresses) - 1; i >= 0; i-- {
			if i%100 == 0 {
				clear(b.known4)
				clear(b.known6)
			}
			if got := b.Addr(addresses[i]); got != first[i] {
				t.Fatalf("the same key gives %v and %v", first[i], got)
			}
			x, y := first[i].AsSlice(), other.Addr(addresses[i]).AsSlice()
			if slices.Equal(x, y) {
				same++
			}
			from := 0
			if scheme == Numbers {
				from = find(x).bits
			}
			for k := from; k < 8*len(x); k++ {
				of++
				if (x[k/8]^y[k/8])&(0x80>>(k%8)) == 0 {
					bits++
				}
			}
		}
		if same > 0 {
			t.Errorf("%v: %d addresses have the same pseudonym under two keys", scheme, same)
		}
		// Half of the bits agree by chance; those of near prefixes are decided together, hence the margin.
		if share := float64(bits) / float64(of); share < 0.45 || share > 0.55 {
			t.Errorf("%v: %.2f of the bits that a key decides agree under two keys", scheme, share)
		}
	}
}

// TestFrozen: how many leading bits of an address show, as the documentation says.
func TestFrozen(t *testing.T) {
	for text, want := range map[string]int{
		"93.184.216.34": 3, "8.8.8.8": 7, "142.250.74.78": 3, "160.1.2.3": 5, "203.0.113.9": 5, "192.0.2.1": 9, "198.51.100.2": 6, "192.168.1.1": 16,
		"224.0.0.251": 4, "255.255.255.255": 32, "2001:db8::1": 3, "fe80::1": 10, "ff02::fb": 96, "fd00::1": 7,
	} {
		if got := frozen(netip.MustParseAddr(text).AsSlice()); got != want {
			t.Errorf("%s: %d bits, want %d", text, got, want)
		}
	}
}

func TestTruncate(t *testing.T) {
	f := func(r Recipe, in, want string) {
		t.Helper()
		got := anonymiser(t, r, Key{}).Addr(netip.MustParseAddr(in))
		if text := got.String(); text != want {
			t.Errorf("%v: %s -> %s, want %s", r, in, text, want)
		}
	}
	usual, wide := Recipe{Scheme: Truncate}, Recipe{Scheme: Truncate, V4: 8, V6: 16}
	f(usual, "203.0.113.77", "203.0.113.0")
	f(usual, "192.168.1.77", "192.168.1.0")
	f(usual, "224.0.0.251", "224.0.0.251")
	f(usual, "2001:db8:1:2:3:4:5:6", "2001:db8:1::")
	f(usual, "::ffff:203.0.113.77", "::ffff:203.0.113.0")
	f(usual, "fe80::1:2:3:4", "fe80::")
	f(wide, "203.0.113.77", "203.0.0.0")
	f(wide, "192.168.1.77", "192.168.0.0")
	f(wide, "2001:db8:1:2:3:4:5:6", "2001::")
	f(Recipe{Scheme: Truncate, V4: 32, V6: 128}, "203.0.113.77", "203.0.113.77")
}

// TestRefused: an address without a pseudonym of its kind is not passed through.
func TestRefused(t *testing.T) {
	a := anonymiser(t, Recipe{Scheme: Truncate}, Key{})
	for _, address := range []netip.Addr{netip.MustParseAddr("0:0:0:5::1"), netip.MustParseAddr("fe80::1%eth0"), {}} {
		if got := a.Addr(address); got.IsValid() {
			t.Errorf("%v -> %v", address, got)
		}
	}
	p := trace.Packet{Has: trace.IPv6Src.Bit() | trace.IPv6Dst.Bit(), IPv6SrcAddr: netip.MustParseAddr("0:0:0:5::1").As16(), IPv6DstAddr: netip.MustParseAddr("2001:db8::1").As16()}
	if a.Packet(&p, true) {
		t.Error("a packet with such an address is passed")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	a := anonymiser(t, Recipe{}, NewKey())
	for i := range uint32(maxKnown) {
		a.known4[i] = 0
	}
	for i := range maxKnown {
		a.known6[[16]byte{byte(i), byte(i >> 8), byte(i >> 16)}] = [16]byte{}
	}
	a.IPv4(0xC0000201)
	a.IPv6([16]byte{0x20, 1})
	if len(a.known4) > maxKnown || len(a.known6) > maxKnown {
		t.Errorf("%d and %d addresses are remembered", len(a.known4), len(a.known6))
	}
}

func BenchmarkNew(b *testing.B) {
	for _, r := range []Recipe{{Scheme: CryptoPAn}, {Scheme: Pfx}, {Scheme: Numbers}} {
		a := anonymiser(b, r, NewKey())
		b.Run(r.String()+"/IPv4", func(b *testing.B) {
			for i := range b.N {
				address := [4]byte{203, byte(i >> 16), byte(i >> 8), byte(i)}
				a.replace(address[:])
			}
		})
		b.Run(r.String()+"/IPv6", func(b *testing.B) {
			for i := range b.N {
				address := [16]byte{0x20, 1, 0xd, 0xb8, 15: byte(i)}
				a.replace(address[:])
			}
		})
	}
}
