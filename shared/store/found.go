package store

import (
	"encoding/binary"
	"sort"

	"tracelens/shared/trace"
)

// Len is how many packets have been found.
func (r *Rows) Len() int { return r.n }

// Packet is the i-th packet that was found. It has the pair of addresses that the figures count, and always a length.
func (r *Rows) Packet(i int) trace.Packet {
	v := r.found[sort.Search(len(r.found), func(k int) bool { return int(r.found[k].at) > i })-1]
	return r.store.packet(r.segments[v.segment], int(v.row)+i-int(v.at))
}

// AppendTimes appends the times of all that was found, for Merge.
func (r *Rows) AppendTimes(b Times) Times {
	for i, v := range r.found {
		end := r.n
		if i+1 < len(r.found) {
			end = int(r.found[i+1].at)
		}
		for _, t := range r.segments[v.segment].timeNS[v.row:][:end-int(v.at)] {
			b = binary.LittleEndian.AppendUint64(b, uint64(t))
		}
	}
	return b
}
