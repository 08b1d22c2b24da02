package anon

import (
	"math/rand/v2"
	"testing"
)

// TestAddressesThatStay: how many addresses are their own pseudonyms. Of Crypto-PAn it is far more than chance: the block that decides on a bit
// is that of the bit before wherever the address and the padding agree, so a bit is treated as the one before it three times in four, and of an
// address on average (3/4)^31/2, one in 15 000, is left as it is. That is the published scheme's, not ours. Of ipcrypt-pfx and of numbers it
// is chance, one in four billion.
func TestAddressesThatStay(t *testing.T) {
	const keys, each = 512, 1024
	for scheme, want := range map[Scheme][2]int{CryptoPAn: {keys * each / 30_000, keys * each / 7_500}, Pfx: {0, 0}, Numbers: {0, 0}} {
		r := rand.New(rand.NewPCG(3, 4))
		stay := 0
		for range keys {
			var key Key
			for i := range key {
				key[i] = byte(r.Uint32())
			}
			a := anonymiser(t, Recipe{Scheme: scheme}, key)
			for range each {
				address := r.Uint32()
				if first := byte(address >> 24); first == 0 || first == 10 || first == 127 || first >= 224 {
					address = 1<<24 | address>>8 // none that means something by itself
				}
				if a.IPv4(address) == address {
					stay++
				}
			}
		}
		if stay < want[0] || stay > want[1] {
			t.Errorf("%s: %d of %d addresses stay as they are, want from %d to %d", scheme.Name(), stay, keys*each, want[0], want[1])
		}
	}
}
