package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"log"
	"os"
	"slices"
)

// A WebAssembly module is a header and sections, each an id, a size and as many bytes. The data section is what memory holds at the
// start, as parts; what no part covers is zero.
const (
	moduleHeader     = "\x00asm\x01\x00\x00\x00"
	dataSection      = 11
	dataCountSection = 12 // for instructions that name a part of the data by its number: Go has none
)

// What stands before a part's address, and after it: memory 0, and an expression that is a constant.
const (
	inMemory   = 0
	i32Const   = 0x41
	expression = 0x0b
)

// maxZeros is how many zeros between two parts are written out, so that the two become one.
const maxZeros = 4096

var errModule = errors.New("not a module as the linker of Go 1.26 writes it")

// joinData rewrites the module in a file so that its data is one part.
//
// The linker leaves zeros out wherever there are eight or more. The table that finds functions has as many between any two of its
// numbers, so the page's data came as a hundred thousand parts, each with an address like no other. With the zeros the module is a
// tenth larger, yet a fifteenth smaller with gzip, and the browser has one part to copy.
func joinData(path string) error {
	module, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	joined, err := withDataJoined(module)
	if err != nil { // a later Go may write what is not known here, and what it writes is good
		log.Printf("%s stays as large as it is: %v", path, err)
		return nil
	}
	return os.WriteFile(path, joined, 0o644)
}

func withDataJoined(module []byte) ([]byte, error) {
	if !bytes.HasPrefix(module, []byte(moduleHeader)) {
		return nil, errModule
	}
	out := []byte(moduleHeader)
	for r := (wasmReader{rest: module[len(moduleHeader):]}); len(r.rest) > 0; {
		section := r.rest
		id := r.byte()
		body := r.bytes(r.number())
		if r.failed || id == dataCountSection {
			return nil, errModule
		}
		if id != dataSection {
			out = append(out, section[:len(section)-len(r.rest)]...)
			continue
		}
		parts, err := parseData(body)
		if err != nil {
			return nil, err
		}
		data := appendData(nil, join(parts))
		out = binary.AppendUvarint(append(out, dataSection), uint64(len(data)))
		out = append(out, data...)
	}
	return out, nil
}

// A part is what memory holds from an address on.
type part struct {
	address int
	bytes   []byte
}

func (p part) end() int { return p.address + len(p.bytes) }

// parseData returns the parts in the order of their addresses; none reaches into the next.
func parseData(section []byte) ([]part, error) {
	r := wasmReader{rest: section}
	count := r.number()
	parts := make([]part, 0, min(count, len(section)))
	for len(r.rest) > 0 {
		plain := r.byte() == inMemory && r.byte() == i32Const
		p := part{address: r.address()}
		plain = plain && r.byte() == expression
		p.bytes = r.bytes(r.number())
		if !plain || r.failed {
			return nil, errModule
		}
		parts = append(parts, p)
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.address, b.address) })
	for i := 1; i < len(parts); i++ {
		if parts[i].address < parts[i-1].end() {
			return nil, errModule
		}
	}
	if r.failed || len(parts) != count {
		return nil, errModule
	}
	return parts, nil
}

// join makes one part of those with at most maxZeros between them.
func join(parts []part) (joined []part) {
	for _, p := range parts {
		if last := len(joined) - 1; last >= 0 && p.address-joined[last].end() <= maxZeros {
			zeros := make([]byte, p.address-joined[last].end())
			joined[last].bytes = append(append(joined[last].bytes, zeros...), p.bytes...)
			continue
		}
		joined = append(joined, part{p.address, slices.Clone(p.bytes)})
	}
	return joined
}

func appendData(b []byte, parts []part) []byte {
	b = binary.AppendUvarint(b, uint64(len(parts)))
	for _, p := range parts {
		b = appendAddress(append(b, inMemory, i32Const), p.address)
		b = binary.AppendUvarint(append(b, expression), uint64(len(p.bytes)))
		b = append(b, p.bytes...)
	}
	return b
}

// appendAddress writes v as a signed number: the last byte's bit of 64 would make it negative.
func appendAddress(b []byte, v int) []byte {
	for v >= 64 {
		b = append(b, byte(v)|128)
		v >>= 7
	}
	return append(b, byte(v))
}

// A wasmReader takes a module apart. After a failure it returns zeros.
type wasmReader struct {
	rest   []byte
	failed bool
}

func (r *wasmReader) byte() byte {
	if b := r.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *wasmReader) bytes(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.failed, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// number is a size or a count, at most 2³²-1.
func (r *wasmReader) number() int {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > 1<<32-1 {
		v, n = 0, -1
	}
	r.bytes(n)
	return int(v)
}

// address is a signed number that is none below zero.
func (r *wasmReader) address() int {
	before := r.rest
	v := r.number()
	if n := len(before) - len(r.rest); !r.failed && before[n-1]&64 != 0 {
		r.failed = true
	}
	return v
}
