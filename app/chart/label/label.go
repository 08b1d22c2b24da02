// Package label writes figures the way people read them: "1.83 GB", "1 214 330", "41.3 %", "4 min 12 s", "21:46".
//
// It is used by the charts and by the page, so that a number looks the same wherever it stands. Three significant digits, no
// trailing zeros, a plain space before the unit, a narrow no-break space (U+202F) between groups of three digits.
package label

import (
	"math"
	"strconv"
	"strings"
)

// Units is how volumes are written. The zero value is SI.
type Units uint8

// SI counts bytes in powers of 1000, Binary in powers of 1024, Bits counts bits in powers of 1000. BitRate is for figures that are bits a
// second, and Packets for those that are packets; both count in powers of 1000.
const (
	SI Units = iota
	Binary
	Bits
	BitRate
	Packets
)

var names = [...][]string{
	SI:     {"B", "kB", "MB", "GB", "TB", "PB", "EB"},
	Binary: {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"},
	Bits:   {"bit", "kbit", "Mbit", "Gbit", "Tbit", "Pbit", "Ebit"},

	BitRate: {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s", "Ebit/s"},
	Packets: {"packets", "k packets", "M packets", "G packets", "T packets", "P packets", "E packets"},
}

// Bytes is a volume in SI units: "118 B", "41 MB", "1.83 GB".
func Bytes(n int64) string { return SI.Bytes(n) }

// Bytes is the volume of n bytes: "41 MB", "39.1 MiB", "328 Mbit"; or so many bits a second or packets: "1.2 Mbit/s", "12.8 k packets".
func (u Units) Bytes(n int64) string {
	v, base, of := u.of(n)
	return scaled(v, base, of)
}

// Scale is the unit in which figures up to max bytes are best read, and the number of bytes that make one of it.
func (u Units) Scale(max int64) (bytes float64, unit string) {
	v, base, of := u.of(max)
	bytes = 1
	if u == Bits {
		bytes = 0.125
	}
	k := 0
	for v = math.Abs(v); v >= base && k < len(of)-1; k++ {
		v, bytes = v/base, bytes*base
	}
	return bytes, of[k]
}

func (u Units) of(n int64) (v, base float64, of []string) {
	if int(u) >= len(names) {
		u = SI
	}
	v, base, of = float64(n), 1000, names[u]
	switch u {
	case Binary:
		base = 1024
	case Bits:
		v *= 8
	}
	return v, base, of
}

// Rate is a speed: "1.01 Mbit/s". Of no time at all it is "–".
func Rate(bitsPerSecond float64) string {
	if math.IsNaN(bitsPerSecond) || math.IsInf(bitsPerSecond, 0) {
		return "–"
	}
	return scaled(bitsPerSecond, 1000, names[BitRate])
}

// scaled moves v to the first unit in which it has at most three digits before the point, after rounding: 999 600 is "1 MB".
func scaled(v, base float64, of []string) string {
	k := 0
	for math.Abs(v) >= base-0.5 && k < len(of)-1 {
		v, k = v/base, k+1
	}
	return Number(v) + " " + of[k]
}

// Number is v with three significant digits, all digits of its whole part, and no trailing zeros: "1.83", "41", "1434".
func Number(v float64) string {
	decimals := 2
	switch a := math.Abs(v); {
	case a >= 99.95:
		decimals = 0
	case a >= 9.995:
		decimals = 1
	}
	return fixed(v, decimals)
}

func fixed(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if decimals > 0 {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// Count groups digits by threes: "1 214 330".
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString("\u202f")
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Percent is a share: "41.3 %". It never rounds a part to nothing or to all: "< 0.1 %", "> 99.9 %". Of nothing it is "–".
func Percent(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && part < whole && p < 0.05:
		return "< 0.1 %"
	case part > 0 && part < whole && p >= 99.95:
		return "> 99.9 %"
	}
	return fixed(p, 1) + " %"
}

// Change is what has become of an amount: "+12 %", "−40 %", "×3.1" from twice as much on, "the same", "new" or "gone"; "–" if there never was any.
func Change(now, before float64) string {
	switch {
	case now == before && now == 0:
		return "–"
	case now == before:
		return "the same"
	case before <= 0:
		return "new"
	case now <= 0:
		return "gone"
	case now >= 1000*before:
		return "×" + Count(int64(math.Round(now/before)))
	case now >= 2*before:
		return "×" + Number(now/before)
	}
	p := 100 * (now - before) / before
	sign := "+"
	if p < 0 {
		sign, p = "−", -p
	}
	if p < 0.05 {
		return sign + "< 0.1 %"
	}
	if now < before && p >= 99.95 {
		return "−> 99.9 %"
	}
	return sign + fixed(p, 1) + " %"
}

// Duration is a length of time in its two largest units: "3.2 s", "4 min 12 s", "11 h", "3 d 4 h".
func Duration(ns int64) string {
	if ns < 0 {
		if ns == math.MinInt64 {
			ns++
		}
		return "-" + Duration(-ns)
	}
	switch s := float64(ns) / 1e9; {
	case ns == 0:
		return "0 s"
	case ns < 999_500:
		return Number(float64(ns)/1e3) + " µs"
	case s < 0.9995:
		return Number(s*1e3) + " ms"
	case s < 59.95:
		return fixed(s, 1) + " s"
	}
	secs := (ns + 5e8) / 1e9
	switch {
	case secs < 3600:
		return pair(secs/60, "min", secs%60, "s")
	case secs < 48*3600-30:
		mins := (secs + 30) / 60
		return pair(mins/60, "h", mins%60, "min")
	}
	hours := (secs + 1800) / 3600
	return pair(hours/24, "d", hours%24, "h")
}

func pair(a int64, unitA string, b int64, unitB string) string {
	s := Count(a) + " " + unitA
	if b != 0 {
		s += " " + strconv.FormatInt(b, 10) + " " + unitB
	}
	return s
}

// Unattributed is what traffic is called of which nobody knows who is behind it.
const Unattributed = "unattributed"
