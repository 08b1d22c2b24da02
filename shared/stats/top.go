package stats

import (
	"bytes"
	"unsafe"

	"tracelens/shared/report"
)

// items are what a top list is of.
type items struct {
	volumes []volume
	both    bool                            // an item is both pairs of a couple, whose volumes add up
	most    []int64                         // if not nil: no item of a block has more bytes
	block   int                             // how many items that is
	text    func(b []byte, item int) []byte // appends its key; an address's other address follows after keyEnd
}

// keyEnd is below every byte of a key, so that keys of two addresses compare as the first ones do, or else the second ones.
const keyEnd = 0

func (l *items) len() int {
	if l.both {
		return len(l.volumes) / 2
	}
	return len(l.volumes)
}

func (l *items) at(item int) (v volume) {
	if l.both {
		v = l.volumes[2*item]
		v.add(l.volumes[2*item+1])
		return v
	}
	return l.volumes[item]
}

// key is an item's key, and the other address of a pair.
func (l *items) key(item int) (key, other string) {
	b := l.text(nil, item)
	if i := bytes.IndexByte(b, keyEnd); i >= 0 {
		return string(b[:i]), string(b[i+1:])
	}
	return string(b), ""
}

// A candidate is an item that may be in the list. Its key is printed where another has the same amount, since an address costs more to
// print than to count.
type candidate struct {
	amount int64
	item   int
	key    string // "" before
}

// top are the n items with the largest amounts, largest first; equal ones by key, as text. Items without packets are left out.
func (l *items) top(n int, by report.By) []candidate {
	var k ranking
	var text [80]byte // two addresses
	n = min(n, l.len())
	if n == 0 {
		return nil
	}
	k.items, k.best = l, make([]candidate, 0, n)
	amounts, packets := l.amounts(by), l.amounts(report.ByPackets)
	for i := 0; ; i++ {
		full := len(k.best) == n
		if full {
			i = amounts.notBelow(i, k.best[0].amount)
		} else {
			i = packets.notBelow(i, 1)
		}
		if i == l.len() {
			break
		}
		c := candidate{amount: amounts.at(i), item: i}
		if !full {
			k.add(c)
			continue
		}
		if packets.at(i) == 0 { // it has no bytes, as the last has
			continue
		}
		if c.amount == k.best[0].amount {
			key := l.text(text[:0], i)
			if string(key) > k.keyOf(&k.best[0]) {
				continue
			}
			c.key = string(key)
		}
		k.best[0] = c
		k.sink(0, n)
	}
	k.sort()
	return k.best
}

// A ranking is a heap of the best items yet: each comes after those below it, so the last of the list is at 0.
type ranking struct {
	items *items
	best  []candidate
}

func (k *ranking) keyOf(c *candidate) string {
	if c.key == "" {
		c.key = string(k.items.text(nil, c.item))
	}
	return c.key
}

func (k *ranking) after(a, b int) bool {
	x, y := &k.best[a], &k.best[b]
	if x.amount != y.amount {
		return x.amount < y.amount
	}
	return k.keyOf(x) > k.keyOf(y)
}

func (k *ranking) add(c candidate) {
	k.best = append(k.best, c)
	for i := len(k.best) - 1; i > 0 && k.after(i, (i-1)/2); i = (i - 1) / 2 {
		k.swap(i, (i-1)/2)
	}
}

// sink moves what is at i down to its place among the first n.
func (k *ranking) sink(i, n int) {
	for {
		last := 2*i + 1
		if last >= n {
			return
		}
		if last+1 < n && k.after(last+1, last) {
			last++
		}
		if !k.after(last, i) {
			return
		}
		k.swap(i, last)
		i = last
	}
}

// sort takes the last from the heap again and again, which leaves a list.
func (k *ranking) sort() {
	for n := len(k.best) - 1; n > 0; n-- {
		k.swap(0, n)
		k.sink(0, n)
	}
}

func (k *ranking) swap(i, j int) { k.best[i], k.best[j] = k.best[j], k.best[i] }

// amounts are the bytes or the packets of items: every second word of their volumes.
type amounts struct {
	words []int64
	n     int
	both  bool
	most  []int64 // as items
	block int
}

func (l *items) amounts(by report.By) amounts {
	words := unsafe.Slice((*int64)(unsafe.Pointer(unsafe.SliceData(l.volumes))), 2*len(l.volumes)) // bytes, packets, bytes, ...
	if by == report.ByPackets {
		return amounts{words: words[1:], n: l.len(), both: l.both}
	}
	return amounts{words, l.len(), l.both, l.most, l.block}
}

func (a *amounts) at(i int) int64 {
	if a.both {
		return a.words[4*i] + a.words[4*i+2]
	}
	return a.words[2*i]
}

// notBelow is the first item from i on of at least so much, or how many items there are.
func (a *amounts) notBelow(i int, least int64) int {
	if a.most == nil {
		return a.notBelowUntil(a.n, i, least)
	}
	for i < a.n {
		block := i / a.block
		until := min((block+1)*a.block, a.n)
		if a.most[block] >= least {
			if i = a.notBelowUntil(until, i, least); i < until {
				break
			}
		}
		i = until
	}
	return i
}

// notBelowUntil is notBelow for the items before n. There are a hundred thousand ports, and it is asked many times a second: eight are
// compared at a time, by their differences' signs.
func (a *amounts) notBelowUntil(n, i int, least int64) int {
	if a.both {
		for ; i+8 <= n; i += 8 {
			w := (*[31]int64)(a.words[4*i:])
			if (w[0]+w[2]-least)&(w[4]+w[6]-least)&(w[8]+w[10]-least)&(w[12]+w[14]-least)&
				(w[16]+w[18]-least)&(w[20]+w[22]-least)&(w[24]+w[26]-least)&(w[28]+w[30]-least) >= 0 {
				break
			}
		}
	} else {
		for ; i+8 <= n; i += 8 {
			w := (*[15]int64)(a.words[2*i:])
			if (w[0]-least)&(w[2]-least)&(w[4]-least)&(w[6]-least)&(w[8]-least)&(w[10]-least)&(w[12]-least)&(w[14]-least) >= 0 {
				break
			}
		}
	}
	for i < n && a.at(i) < least {
		i++
	}
	return i
}
