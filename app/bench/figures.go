package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// figures are what is compared: enough that nobody can be fast by leaving something out, and no more than fits into a line.
type figures struct {
	Packets   int64      `json:"packets"`
	Bytes     int64      `json:"bytes"`
	Hours     int        `json:"hours"`   // with packets
	Minutes   int        `json:"minutes"` // with packets
	Lengths   int        `json:"lengths"` // that differ
	Quartiles [3]float64 `json:"quartiles"`
	Source    int64      `json:"source"` // bytes of the largest source
	Pair      int64      `json:"pair"`   // bytes of the largest pair of source and destination
}

func (f *figures) equal(want *figures) error {
	got := *f
	for i, q := range want.Quartiles {
		if math.Abs(got.Quartiles[i]-q) <= 1e-9*q { // the order of the steps of an interpolation is free
			got.Quartiles[i] = q
		}
	}
	if got != *want {
		return fmt.Errorf("wrong figures: %+v, want %+v", *f, *want)
	}
	return nil
}

// A counter finds the figures in hour files, in the plainest way: no contender's code is in it.
type counter struct {
	packets, bytes         int64
	hours, minutes, length map[int64]int64
	source, pair           map[string]int64
}

func newCounter() *counter {
	return &counter{hours: map[int64]int64{}, minutes: map[int64]int64{}, length: map[int64]int64{}, source: map[string]int64{}, pair: map[string]int64{}}
}

func (c *counter) count(hour int64, file []byte) error {
	_, rows, _ := bytes.Cut(file, []byte("\n"))
	var key []byte
	for line := range bytes.Lines(rows) {
		cells := bytes.SplitN(line, []byte(","), 9)
		whole, _, _ := bytes.Cut(cells[0], []byte(".")) // no floating point: a minute is a matter of whole seconds
		second, err := strconv.ParseInt(string(whole), 10, 64)
		if err != nil || len(cells) != 9 {
			return fmt.Errorf("%d.csv has a line %q", hour, line)
		}
		length, err := strconv.ParseInt(string(cells[7]), 10, 64)
		if err != nil {
			return fmt.Errorf("%d.csv has a line %q", hour, line)
		}
		c.packets++
		c.bytes += length
		c.hours[hour] += length
		c.minutes[hour+second/60*60] += length
		c.length[length]++
		if len(cells[1]) > 0 {
			c.source[string(cells[1])] += length
			key = append(append(append(key[:0], cells[1]...), ' '), cells[4]...)
			c.pair[string(key)] += length
		}
	}
	return nil
}

func (c *counter) figures() figures {
	f := figures{Packets: c.packets, Bytes: c.bytes, Hours: len(c.hours), Minutes: len(c.minutes), Lengths: len(c.length), Source: largest(c.source), Pair: largest(c.pair)}
	for i := range f.Quartiles {
		place := float64(i+1) / 4 * float64(c.packets-1)
		below := math.Floor(place)
		low, high := c.lengthAt(int64(below)), c.lengthAt(int64(math.Ceil(place)))
		f.Quartiles[i] = low + (place-below)*(high-low)
	}
	return f
}

// lengthAt is the length at a place, from 0, in the list of all lengths in order.
func (c *counter) lengthAt(place int64) float64 {
	lengths := make([]int64, 0, len(c.length))
	for length := range c.length {
		lengths = append(lengths, length)
	}
	slices.Sort(lengths)
	for _, length := range lengths {
		if place -= c.length[length]; place < 0 {
			return float64(length)
		}
	}
	return 0
}

func largest(m map[string]int64) (most int64) {
	for _, n := range m {
		most = max(most, n)
	}
	return most
}
