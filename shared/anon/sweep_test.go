package anon

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"hash/adler32"
	"hash/crc32"
	"hash/fnv"
	"net/netip"
	"testing"

	"tracelens/shared/trace"
)

var sweep = flag.Int("sweep", 16, "how long the prefix is whose addresses TestSweep tries all of: 8 takes minutes")

// TestSweep is the attack that undoes pseudonyms without a key: to try every address of a network, with every hash that one might have used
// and with the keys that one might have forgotten to change, and see whether it gives the pseudonym. Only chance may.
func TestSweep(t *testing.T) {
	guesses := map[string]func(address uint32, text []byte) uint32{
		"the address": func(address uint32, _ []byte) uint32 { return address }, // Python's hash of a number
		"bytes reversed": func(address uint32, _ []byte) uint32 {
			return address<<24 | address>>24 | address<<8&0xff0000 | address>>8&0xff00
		},
		"inverted": func(address uint32, _ []byte) uint32 { return ^address },
		"CRC-32":   func(_ uint32, text []byte) uint32 { return crc32.ChecksumIEEE(text) },
		"Adler-32": func(_ uint32, text []byte) uint32 { return adler32.Checksum(text) },
		"MD5":      func(_ uint32, text []byte) uint32 { h := md5.Sum(text); return binary.BigEndian.Uint32(h[:]) },
		"SHA-1":    func(_ uint32, text []byte) uint32 { h := sha1.Sum(text); return binary.BigEndian.Uint32(h[:]) },
		"SHA-256":  func(_ uint32, text []byte) uint32 { h := sha256.Sum256(text); return binary.BigEndian.Uint32(h[:]) },
		"FNV": func(_ uint32, text []byte) uint32 {
			h := fnv.New32a()
			h.Write(text)
			return h.Sum32()
		},
	}
	one, err := ParseKey("0000000000000000000000000000000000000000000000000000000000000001") // of which ipcrypt-pfx takes the halves
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []Scheme{CryptoPAn, Pfx, Numbers} {
		zero, forgotten := anonymiser(t, Recipe{Scheme: scheme}, one), "a key of zeros and a one"
		if scheme != Pfx {
			zero, forgotten = anonymiser(t, Recipe{Scheme: scheme}, Key{}), "a key of zeros"
		}
		a := anonymiser(t, Recipe{Scheme: scheme}, draftNetsKey)
		found := map[string]int{}
		text := make([]byte, 0, 64)
		first, n := uint32(93<<24|184<<16), uint64(1)<<(32-*sweep)
		if *sweep < 16 {
			first = 93 << 24
		}
		for i := range n {
			address := first + uint32(i)
			pseudonym := a.IPv4(address)
			if zero.IPv4(address) == pseudonym {
				found[forgotten]++
			}
			b := [4]byte(binary.BigEndian.AppendUint32(nil, address))
			text = trace.IPv4(address).AppendTo(text[:0])
			for name, guess := range guesses {
				if guess(address, text) == pseudonym || guess(address, b[:]) == pseudonym {
					found[name]++
				}
			}
		}
		if len(found) > 0 {
			t.Errorf("%s: of %d addresses of %v/%d these give the pseudonym: %v", scheme.Name(), n, netip.Addr(trace.IPv4(first)), *sweep, found)
		}
	}
}
