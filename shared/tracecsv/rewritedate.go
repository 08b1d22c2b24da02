package tracecsv

import (
	"bytes"

	"tracelens/shared/trace"
)

// A date is one that has been read: nearly always the next one has the same minute, and differs in seconds and decimals only.
type date struct {
	text             [maxCell]byte
	size             int // 0 if there is none
	secondAt, zoneAt int // in text: two digits of seconds and a point; what is behind the decimals
	minute           int64
}

// putDate is putEpoch for dates.
func (r *rewriter) putDate(b []byte, to int, first bool) (size int) {
	d := &r.date
	i, n := r.start[trace.Time], r.size[trace.Time]
	if n != d.size || n == 0 || string(b[i:i+d.secondAt]) != string(d.text[:d.secondAt]) || string(b[i+d.zoneAt:i+n]) != string(d.text[d.zoneAt:n]) {
		if !d.learn(b[i : i+n]) {
			return 0
		}
	}
	second := i + d.secondAt
	tens, ones := b[second]-'0', b[second+1]-'0'
	if tens > 5 || ones > 9 || b[second+2] != '.' || !r.putSeconds(d.minute+int64(tens*10+ones), to, first) {
		return 0
	}
	decimals := d.zoneAt - d.secondAt - 3
	r.copy(b, second+2, to+7, decimals+1)
	r.put(zero, to+8+decimals)
	return 17
}

// learn reads a date. ok is false if it is none, or has no decimals, or more than nine.
func (d *date) learn(cell []byte) (ok bool) {
	d.size = 0
	ns, _, ok := parseText(cell)
	point := bytes.IndexByte(cell, '.')
	if !ok || ns < 0 || point < 2 || len(cell) > maxCell {
		return false
	}
	d.secondAt, d.zoneAt = point-2, point+1
	for d.zoneAt < len(cell) && cell[d.zoneAt]-'0' < 10 {
		d.zoneAt++
	}
	tens, ones := cell[point-2]-'0', cell[point-1]-'0'
	if n := d.zoneAt - point - 1; n < 1 || n > 9 || tens > 5 {
		return false
	}
	d.minute = ns/trace.Second - int64(tens*10+ones)
	d.size = copy(d.text[:], cell)
	return true
}
