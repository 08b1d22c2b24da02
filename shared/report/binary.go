package report

import (
	"encoding/binary"
	"errors"
	"math"
	"sort"
)

// AppendBinary writes a report as bytes for DecodeBinary. It is how a report crosses from the worker to the page, whose own thread must
// not spend its time on reading one; JSON is for people and other programs.
func AppendBinary(b []byte, r *Report) []byte {
	c := codec{b: b, writing: true}
	c.report(r)
	return c.b
}

// ErrBinary is returned for bytes that are no report.
var ErrBinary = errors.New("the worker's report cannot be read: the page and its workers are of different versions; reload the page")

// DecodeBinary reads what AppendBinary wrote.
func DecodeBinary(b []byte) (*Report, error) {
	c, r := codec{b: b}, new(Report)
	c.report(r)
	if c.failed || len(c.b) > 0 {
		return nil, ErrBinary
	}
	return r, nil
}

// A codec writes fields or reads them: one description of the report serves both, so that they cannot part. After the first failure to
// read it gives zero values.
type codec struct {
	b       []byte // written, or still to be read
	writing bool
	failed  bool
}

func (c *codec) report(r *Report) {
	c.text(&r.Schema)
	c.ints(&r.Packets, &r.Bytes, (*int64)(&r.Start), (*int64)(&r.End), &r.Addresses)
	c.bool(&r.Relative)
	list(c, &r.Hours, func(h *Hour) {
		c.bool(&h.Captured)
		c.ints(&h.Start, &h.Bytes, &h.Packets)
	})
	for _, bins := range []*[]Bin{&r.Minutes, &r.Seconds} {
		list(c, bins, func(v *Bin) { c.ints(&v.Start, &v.Bytes, &v.Packets) })
	}
	x := &r.Box
	c.ints(&x.Min, &x.Max, &x.WhiskerLow, &x.WhiskerHigh)
	c.floats(&x.Q1, &x.Median, &x.Q3, &x.Mean)
	list(c, &r.Lengths, func(l *[2]int64) { c.ints(&l[0], &l[1]) })
	list(c, &r.Histogram.Edges, func(v *float64) { c.floats(v) })
	list(c, &r.Histogram.Packets, func(v *int64) { c.ints(v) })
	list(c, &r.Histogram.Density, func(v *float64) { c.floats(v) })
	list(c, &r.KDE, func(v *[2]float64) { c.floats(&v[0], &v[1]) })
	t := &r.Top
	for _, entries := range []*[]Entry{&t.Source, &t.Destination, &t.Either, &t.Port, &t.Protocol} {
		list(c, entries, func(e *Entry) {
			c.text(&e.Key)
			c.ints(&e.Bytes, &e.Packets)
		})
	}
	for _, entries := range []*[]PairEntry{&t.Pair, &t.Conversation} {
		list(c, entries, func(e *PairEntry) {
			c.text(&e.Key[0])
			c.text(&e.Key[1])
			c.ints(&e.Bytes, &e.Packets)
		})
	}
	d := &r.Directions
	list(c, &d.Mine, func(s *string) { c.text(s) })
	c.volumes(&t.Unaddressed, &d.In, &d.Out, &d.Within, &d.Beyond)
	c.listing(&r.Listing)
	c.names(&r.Names)
	c.causes(&r.Causes)
	c.ints((*int64)(&r.Selection.From), (*int64)(&r.Selection.To))
	c.text(&r.Selection.Filter)
	list(c, &r.Input.Files, func(f *File) {
		c.text(&f.Name)
		c.text(&f.Within)
		c.text(&f.Format)
		c.ints(&f.ID, (*int64)(&f.Start), (*int64)(&f.End), &f.Bytes, &f.Rows)
		c.counts(&f.Skipped)
		c.lines(&f.Lines, f.Skipped)
		c.text(&f.Error)
		c.bool(&f.Ignored)
		c.bool(&f.Names)
		c.text(&f.Same)
	})
	c.ints(&r.Input.Rows)
	c.counts(&r.Input.Skipped)
}

func (c *codec) listing(l **Listing) {
	is := *l != nil
	if c.bool(&is); !is {
		return
	}
	if !c.writing {
		*l = new(Listing)
	}
	v := *l
	c.wish(&v.Wish)
	list(c, &v.Rows, func(r *Row) {
		c.text(&r.Key)
		c.text(&r.Other)
		c.ints(&r.Bytes, &r.Packets)
		c.volumes(&r.Sent, &r.Received)
	})
	c.ints(&v.Keys)
	c.volumes(&v.Total, &v.Rest, &v.Without)
}

func (c *codec) names(m *map[string]string) {
	pairs := make([][2]string, 0, len(*m))
	for address, name := range *m {
		pairs = append(pairs, [2]string{address, name})
	}
	sort.Slice(pairs, func(i, k int) bool { return pairs[i][0] < pairs[k][0] })
	list(c, &pairs, func(p *[2]string) {
		c.text(&p[0])
		c.text(&p[1])
	})
	if c.writing || len(pairs) == 0 {
		return
	}
	*m = make(map[string]string, len(pairs))
	for _, p := range pairs {
		(*m)[p[0]] = p[1]
	}
}

func (c *codec) wish(w *Wish) {
	kind, by, rows := int64(w.List), int64(w.By), int64(w.Rows)
	if c.ints(&kind, &by, &rows); c.writing {
		return
	}
	if kind < 0 || kind >= int64(Lists) || by < 0 || by >= int64(measures) || rows < 0 || rows > MaxRows {
		c.fail()
		return
	}
	*w = Wish{List(kind), By(by), int(rows)}
}

func (c *codec) volumes(values ...*Volume) {
	for _, v := range values {
		c.ints(&v.Bytes, &v.Packets)
	}
}

func (c *codec) ints(values ...*int64) {
	for _, v := range values {
		if c.writing {
			c.b = binary.AppendVarint(c.b, *v)
			continue
		}
		var n int
		if *v, n = binary.Varint(c.b); n <= 0 {
			c.fail()
			*v, n = 0, 0
		}
		c.b = c.b[n:]
	}
}

func (c *codec) fail() { c.b, c.failed = nil, true }

func (c *codec) floats(values ...*float64) {
	for _, v := range values {
		switch {
		case c.writing:
			c.b = binary.LittleEndian.AppendUint64(c.b, math.Float64bits(*v))
		case len(c.b) < 8:
			c.fail()
		default:
			*v, c.b = math.Float64frombits(binary.LittleEndian.Uint64(c.b)), c.b[8:]
		}
	}
}

func (c *codec) bool(v *bool) {
	n := int64(0)
	if *v {
		n = 1
	}
	c.ints(&n)
	*v = n == 1
}

// size is the number of things that follow, each of which takes a byte at least: a lie costs no memory.
func (c *codec) size(n int) int {
	v := int64(n)
	c.ints(&v)
	if v < 0 || !c.writing && v > int64(len(c.b)) {
		c.fail()
		return 0
	}
	return int(v)
}

func (c *codec) text(s *string) {
	n := c.size(len(*s))
	if c.writing {
		c.b = append(c.b, *s...)
		return
	}
	*s, c.b = string(c.b[:n]), c.b[n:]
}

func list[T any](c *codec, l *[]T, each func(*T)) {
	n := c.size(len(*l))
	if !c.writing {
		*l = make([]T, n)
	}
	for i := range *l {
		each(&(*l)[i])
	}
}

// lines are numbers of lines, by some of the reasons that lines were skipped for.
func (c *codec) lines(m *map[string][]int64, skipped map[string]int64) {
	for _, reason := range reasons(skipped) {
		numbers := (*m)[reason]
		if list(c, &numbers, func(n *int64) { c.ints(n) }); c.writing || len(numbers) == 0 {
			continue
		}
		if *m == nil {
			*m = map[string][]int64{}
		}
		(*m)[reason] = numbers
	}
}

// reasons are in an order: the same report is the same bytes.
func reasons(skipped map[string]int64) []string {
	list := make([]string, 0, len(skipped))
	for reason := range skipped {
		list = append(list, reason)
	}
	sort.Sort(sort.StringSlice(list))
	return list
}

func (c *codec) counts(m *map[string]int64) {
	n := c.size(len(*m))
	if c.writing {
		for _, reason := range reasons(*m) {
			count := (*m)[reason]
			c.text(&reason)
			c.ints(&count)
		}
		return
	}
	*m = make(map[string]int64, n)
	for range n {
		var reason string
		var count int64
		c.text(&reason)
		c.ints(&count)
		(*m)[reason] = count
	}
}
