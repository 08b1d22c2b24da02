package sieve

import (
	"math"
	"slices"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// An Alteration changes packets on their way into a copy. *anon.Anonymiser is one.
type Alteration interface {
	// Packet changes everything of a packet but its length. dated says that its time counts from 1970. If ok is false it must be left out,
	// which may depend on its addresses and ports only.
	Packet(p *trace.Packet, dated bool) (ok bool)
	// Time says what Packet does to times: they are rounded down to a multiple of step nanoseconds, and then, if they are dated, moved by
	// shift, which is whole hours.
	Time() (step, shift int64)
}

// asTheyAre is no Alteration.
type asTheyAre struct{}

func (asTheyAre) Packet(*trace.Packet, bool) bool { return true }
func (asTheyAre) Time() (step, shift int64)       { return 1, 0 }

// A copying is what Copy needs from one row to the next.
type copying struct {
	dated      bool
	alter      Alteration
	step       int64
	shift      int64
	texts      tracecsv.RowTexts // by flow; none of those that are to be left out
	from, to   int64             // of the hour of the rows, ns
	base, hour int64             // that times are counted from, ns and unix seconds
	writer     tracecsv.RowWriter
	rows       []byte // of the hour, not handed over yet
	copied     int
	leftOut    int
}

// Alter has Copy change packets. dated says whether the file's times count from 1970; if not, their rows are all of one hour, 0.
func (s *Sieve) Alter(a Alteration, dated bool) {
	if a == nil {
		a = asTheyAre{}
	}
	s.copying = copying{dated: dated, alter: a}
	s.copying.step, s.copying.shift = a.Time()
	if !dated {
		s.copying.shift = 0
	}
}

// Copy writes packets of a block that are in the selection as the rows of hour files, after Alter: hour by hour, as they come. It says how
// many it has written, and how many had to be left out of those that are rows. What write is given is its own until it returns.
//
// What rows of a flow have in common is made once. Only those that have more columns filled than the figures look at are read one by one.
func (s *Sieve) Copy(block []byte, write func(hour int64, rows []byte) error) (copied, leftOut int, err error) {
	c := &s.copying
	c.from, c.to, c.rows, c.copied, c.leftOut = 0, 0, c.rows[:0], 0, 0
	if !c.dated {
		c.from, c.to = math.MinInt64, math.MaxInt64
	}
	for len(block) > 0 && err == nil {
		if s.makeRoom() {
			c.texts.Reset()
		}
		skipped := s.skips.Total()
		lines := block[:s.format.Parse(block, s.start, &s.batch, s.flows, &s.skips)]
		block = block[len(lines):]
		if s.skips.Total() == skipped { // every line is a row
			err = s.copyRows(lines, write)
		} else {
			err = s.copyEach(lines, write)
		}
	}
	if err == nil {
		err = c.flush(write)
	}
	return c.copied, c.leftOut, err
}

// copyRows is Copy for lines that are the rows of the batch.
func (s *Sieve) copyRows(lines []byte, write func(hour int64, rows []byte) error) (err error) {
	all := s.sel.Everything()
	if !all && s.choose() == 0 {
		return nil
	}
	c, b := &s.copying, &s.batch
	s.textsOfFlows()
	odd := s.oddRows()
	atLine := 0 // of lines
	for i := range b.N {
		if !all && !s.chosen[i] {
			continue
		}
		if b.Len[i] == 0 || len(odd) > 0 && int(odd[0]) <= i { // no length is as good as none to the figures, not in a copy
			for len(odd) > 0 && int(odd[0]) < i {
				odd = odd[1:]
			}
			if b.Len[i] == 0 || len(odd) > 0 && int(odd[0]) == i {
				for ; atLine < i; atLine++ {
					lines = lines[lineSize(lines):]
				}
				if err := s.copyOne(lines, write); err != nil {
					return err
				}
				continue
			}
		}
		flow := int(b.Flow[i])
		if c.texts.None(flow) {
			c.leftOut++
			continue
		}
		at := b.TimeNS[i]
		if c.step > 1 {
			at = trace.Floor(at, c.step)
		}
		if at += c.shift; at < c.from || at >= c.to {
			if err := c.turn(at, write); err != nil {
				return err
			}
		}
		c.rows = c.writer.Append(c.rows, at-c.base, b.Len[i], &c.texts, flow)
		c.copied++
	}
	return nil
}

// copyEach is Copy line by line.
func (s *Sieve) copyEach(lines []byte, write func(hour int64, rows []byte) error) error {
	for ; len(lines) > 0; lines = lines[lineSize(lines):] {
		if err := s.copyOne(lines, write); err != nil {
			return err
		}
	}
	return nil
}

// copyOne copies the first of the lines, if it is a row and chosen.
func (s *Sieve) copyOne(lines []byte, write func(hour int64, rows []byte) error) error {
	c := &s.copying
	var p trace.Packet
	var counted tracecsv.Skips // already
	if _, row := s.format.ParseRow(lines, s.start, &p, &counted); !row || !s.sel.Holds(&p, s.cause(&p)) {
		return nil
	}
	if !c.alter.Packet(&p, c.dated) {
		c.leftOut++
		return nil
	}
	if p.TimeNS < c.from || p.TimeNS >= c.to {
		if err := c.turn(p.TimeNS, write); err != nil {
			return err
		}
	}
	c.rows = tracecsv.AppendRow(c.rows, c.hour, &p)
	c.copied++
	return nil
}

// turn turns to the hour of a time.
func (c *copying) turn(at int64, write func(hour int64, rows []byte) error) error {
	err := c.flush(write)
	c.from = trace.Floor(at, trace.Hour)
	c.to, c.base, c.hour = c.from+trace.Hour, c.from, c.from/trace.Second
	return err
}

// flush hands over what there is.
func (c *copying) flush(write func(hour int64, rows []byte) error) error {
	if len(c.rows) == 0 {
		return nil
	}
	err := write(c.hour, c.rows)
	c.rows = c.rows[:0]
	return err
}

// oddRows are the rows of the batch that have more columns filled than their flow and length say, in order.
func (s *Sieve) oddRows() (rows []uint32) {
	b := &s.batch
	rows = append(s.odd[:0], b.Odd...)
	for _, two := range b.Second {
		rows = append(rows, two.Row)
	}
	for _, long := range b.Long {
		rows = append(rows, long.Row)
	}
	slices.Sort(rows)
	s.odd = rows
	return rows
}

// textsOfFlows makes the texts of flows that there are none of yet.
func (s *Sieve) textsOfFlows() {
	c := &s.copying
	for flow := c.texts.Len(); flow < s.flows.Len(); flow++ {
		if p := packetOf(s.flows.At(flow), s.flows.Endpoints()); c.alter.Packet(&p, c.dated) {
			c.texts.Add(&p)
		} else {
			c.texts.AddNone()
		}
	}
}
