package report

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestWishCode(t *testing.T) {
	for list := range Lists {
		for _, w := range []Wish{{List(list), ByBytes, 0}, {List(list), ByPackets, 20}, {List(list), ByBytes, MaxRows}} {
			if got, err := ParseWish(w.Code()); err != nil || got != w {
				t.Errorf("%q became %+v, %v", w.Code(), got, err)
			}
		}
	}
	if w, err := ParseWish(""); err != nil || w != (Wish{}) {
		t.Errorf("no text became %+v, %v", w, err)
	}
	for _, code := range []string{" ", "0", "0 0", "0 0 0 0", "9 0 20", "0 2 20", "0 0 1001", "0 0 -1", "-1 0 20", "x 0 20", "256 0 20", "0 0 20 ", "0 0 0x14"} {
		if w, err := ParseWish(code); err == nil {
			t.Errorf("%q became %+v", code, w)
		}
	}
}

// Whatever the bytes are, reading them gives a report or an error; what is read can be written again.
func TestCorruptedBytes(t *testing.T) {
	whole := example()
	whole.Listing = &Listing{Wish: Wish{ListEither, ByBytes, 2}, Rows: []Row{{Key: "a"}, {Key: "b", Other: "c"}}, Keys: 3}
	good := AppendBinary(nil, whole)
	r := rand.New(rand.NewPCG(1, 1))
	read := 0
	for range 50_000 {
		b := bytes.Clone(good)
		for range 1 + r.IntN(3) {
			b[r.IntN(len(b))] = byte(r.Uint32())
		}
		if r.IntN(4) == 0 {
			b = b[:r.IntN(len(b))]
		}
		got, err := DecodeBinary(b)
		if err != nil {
			continue
		}
		read++
		if got.Listing != nil && !got.Listing.Wish.valid() {
			t.Fatalf("the wish %+v was read", got.Listing.Wish)
		}
		if _, err := DecodeBinary(AppendBinary(nil, got)); err != nil {
			t.Fatalf("what was read cannot be read again: %+v", got)
		}
	}
	if read < 1000 {
		t.Errorf("only %d were read", read)
	}
}

// A wish that cannot be, and a listing that ends, are refused.
func TestCorruptedListing(t *testing.T) {
	for _, w := range []Wish{{List(Lists), ByBytes, 1}, {ListPort, measures, 1}, {ListPort, ByBytes, MaxRows + 1}, {ListPort, ByBytes, -1}} {
		r := example()
		r.Listing = &Listing{Wish: w}
		if _, err := DecodeBinary(AppendBinary(nil, r)); err == nil {
			t.Errorf("the wish %+v was read", w)
		}
	}
}
