package tracegen

import (
	"math/bits"
	"math/rand/v2"

	"tracelens/shared/trace"
)

// A clock places packets in time: hours have bursts and quiet minutes, and within a minute packets come in trains.
type clock struct {
	packets []trace.Packet // of the current minute; here only to be reused
	ticks   []uint64       // of the current minute: for each packet the sum of the gaps up to it, in no unit yet
	sum     uint64
}

// minutes shares an hour's rows among its 60 minutes: a level that wanders, with a burst now and then and pauses.
func (c *clock) minutes(r *rand.Rand, rows int) (n [60]int) {
	var weights [60]int
	total, level := 0, 300+r.IntN(400)
	burst, pause := 0, 0
	for m := range weights {
		level = min(max(level+r.IntN(281)-140, 120), 1000)
		switch chance := r.IntN(100); {
		case burst > 0 || pause > 0:
			burst, pause = burst-1, pause-1
		case chance < 5:
			burst = 1 + r.IntN(3)
		case chance < 10:
			pause = 1 + r.IntN(4)
		}
		weight := level
		switch {
		case burst > 0:
			weight = 900 + level
		case pause > 0:
			weight = 8 + level/16
		}
		weights[m] = weight
		total += weight
	}
	before := 0
	for m, weight := range weights {
		n[m] = rows*(before+weight)/total - rows*before/total
		before += weight
	}
	return n
}

func (c *clock) reset() { c.ticks, c.sum = c.ticks[:0], 0 }

// tick adds a packet: soon after the one before it, or, as the first of a conversation, after a longer pause.
func (c *clock) tick(r *rand.Rand, first bool) {
	if first {
		c.sum += uint64(2000 + r.IntN(300_000))
	}
	c.sum += uint64(1 + r.IntN(2000))
	c.ticks = append(c.ticks, c.sum)
}

// at is the time of packet i within its minute, in nanoseconds, once all of the minute's packets have been added: the gaps are
// stretched so that they fill the minute.
func (c *clock) at(i int) int64 {
	hi, lo := bits.Mul64(c.ticks[i], uint64(trace.Minute))
	ns, _ := bits.Div64(hi, lo, c.sum+1) // hi < c.sum, as ticks[i] <= c.sum and a minute in nanoseconds is below 2^64
	return int64(ns)
}
