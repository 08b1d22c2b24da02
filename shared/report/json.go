package report

import (
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the report as JSON: what encoding/json writes for it, without reflection, because it is written in the
// worker, whose size counts.
func AppendJSON(b []byte, r *Report) []byte {
	b = append(appendString(append(b, `{"schema":`...), r.Schema), `,"packets":`...)
	b = appendInt(b, r.Packets)
	b = appendInt(append(b, `,"bytes":`...), r.Bytes)
	b = r.Start.append(append(b, `,"start":`...))
	b = r.End.append(append(b, `,"end":`...))
	b = strconv.AppendBool(append(b, `,"relative":`...), r.Relative)
	b = appendInt(append(b, `,"addresses":`...), r.Addresses)
	b = appendList(append(b, `,"hours":`...), r.Hours, func(b []byte, h Hour) []byte {
		b = appendInt(append(b, `{"start":`...), h.Start)
		b = strconv.AppendBool(append(b, `,"captured":`...), h.Captured)
		return append(appendVolume(append(b, ','), h.Bytes, h.Packets), '}')
	})
	b = appendList(append(b, `,"minutes":`...), r.Minutes, appendBin)
	b = appendList(append(b, `,"seconds":`...), r.Seconds, appendBin)
	b = appendBox(append(b, `,"box":`...), r.Box)
	b = appendList(append(b, `,"lengths":`...), r.Lengths, func(b []byte, l [2]int64) []byte {
		return append(appendInt(append(appendInt(append(b, '['), l[0]), ','), l[1]), ']')
	})
	b = appendList(append(b, `,"histogram":{"edges":`...), r.Histogram.Edges, appendFloat)
	b = appendList(append(b, `,"packets":`...), r.Histogram.Packets, appendInt)
	b = appendList(append(b, `,"density":`...), r.Histogram.Density, appendFloat)
	b = appendList(append(b, `},"kde":`...), r.KDE, func(b []byte, k [2]float64) []byte {
		return append(appendFloat(append(appendFloat(append(b, '['), k[0]), ','), k[1]), ']')
	})
	b = appendTop(append(b, `,"top":`...), &r.Top)
	b = append(b, `,"selection":{},"input":{"files":`...)
	b = appendList(b, r.Input.Files, appendFile)
	b = appendInt(append(b, `,"rows":`...), r.Input.Rows)
	b = appendCounts(append(b, `,"skipped":`...), r.Input.Skipped)
	return append(b, "}}"...)
}

func appendTop(b []byte, t *Top) []byte {
	for _, l := range []struct {
		name string
		list []Entry
	}{{`{"source":`, t.Source}, {`,"destination":`, t.Destination}} {
		b = appendList(append(b, l.name...), l.list, appendEntry)
	}
	b = appendList(append(b, `,"pair":`...), t.Pair, func(b []byte, e PairEntry) []byte {
		b = appendString(append(b, `{"key":[`...), e.Key[0])
		b = appendString(append(b, ','), e.Key[1])
		return append(appendVolume(append(b, "],"...), e.Bytes, e.Packets), '}')
	})
	b = appendList(append(b, `,"port":`...), t.Port, appendEntry)
	b = appendList(append(b, `,"protocol":`...), t.Protocol, appendEntry)
	b = appendVolume(append(b, `,"unaddressed":{`...), t.Unaddressed.Bytes, t.Unaddressed.Packets)
	return append(b, "}}"...)
}

func appendEntry(b []byte, e Entry) []byte {
	b = appendString(append(b, `{"key":`...), e.Key)
	return append(appendVolume(append(b, ','), e.Bytes, e.Packets), '}')
}

func appendBin(b []byte, v Bin) []byte {
	b = appendInt(append(b, `{"start":`...), v.Start)
	return append(appendVolume(append(b, ','), v.Bytes, v.Packets), '}')
}

func appendVolume(b []byte, bytes, packets int64) []byte {
	b = appendInt(append(b, `"bytes":`...), bytes)
	return appendInt(append(b, `,"packets":`...), packets)
}

func appendBox(b []byte, x Box) []byte {
	b = appendInt(append(b, `{"min":`...), x.Min)
	b = appendFloat(append(b, `,"q1":`...), x.Q1)
	b = appendFloat(append(b, `,"median":`...), x.Median)
	b = appendFloat(append(b, `,"q3":`...), x.Q3)
	b = appendInt(append(b, `,"max":`...), x.Max)
	b = appendFloat(append(b, `,"mean":`...), x.Mean)
	b = appendInt(append(b, `,"whisker_low":`...), x.WhiskerLow)
	b = appendInt(append(b, `,"whisker_high":`...), x.WhiskerHigh)
	return append(b, '}')
}

func appendFile(b []byte, f File) []byte {
	b = appendString(append(b, `{"name":`...), f.Name)
	b = appendInt(append(b, `,"bytes":`...), f.Bytes)
	b = appendInt(append(b, `,"rows":`...), f.Rows)
	b = appendCounts(append(b, `,"skipped":`...), f.Skipped)
	if f.Error != "" {
		b = appendString(append(b, `,"error":`...), f.Error)
	}
	return append(b, '}')
}

func appendCounts(b []byte, counts map[string]int64) []byte {
	reasons := make([]string, 0, len(counts))
	for reason := range counts {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	b = append(b, '{')
	for i, reason := range reasons {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendInt(append(appendString(b, reason), ':'), counts[reason])
	}
	return append(b, '}')
}

func appendList[T any](b []byte, list []T, each func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = each(b, v)
	}
	return append(b, ']')
}

func appendInt(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) }

func appendFloat(b []byte, v float64) []byte { return strconv.AppendFloat(b, v, 'g', -1, 64) }

// appendString quotes a string. Names of files are somebody else's text: besides what JSON asks for, the characters that mean
// something in HTML are escaped, and bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < 0x20 || r == '<' || r == '>' || r == '&' || r == 0x7f:
			b = append(b, '\\', 'u', '0', '0', hex[r>>4&15], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// UnmarshalJSON reads what MarshalJSON wrote, to the nanosecond.
func (t *Time) UnmarshalJSON(b []byte) error {
	seconds, frac, negative := int64(0), int64(0), false
	place := int64(1e9)
	for i, c := range b {
		switch {
		case c == '-' && i == 0:
			negative = true
		case c == '.' && place == 1e9 && i > 0:
			place /= 10
		case c < '0' || c > '9' || seconds > 1e10:
			return errors.New("report: time " + strconv.Quote(string(b)) + " is not unix seconds")
		case place == 1e9:
			seconds = seconds*10 + int64(c-'0')
		default:
			frac += int64(c-'0') * place
			place /= 10
		}
	}
	ns := seconds*1e9 + frac
	if negative {
		ns = -ns
	}
	*t = Time(ns)
	return nil
}
