package tracecsv

import "strconv"

// Writing rows is mostly writing digits, so they come from tables: strconv spends several times as long on numbers this short.

// pairs is "00" to "99".
var pairs = func() (s string) {
	for i := range 100 {
		s += string([]byte{byte('0' + i/10), byte('0' + i%10)})
	}
	return s
}()

// An octet is a number from 0 to 255 as text, with a point after it.
type octet struct {
	text [4]byte
	size uint8 // of the text with the point
}

var octets = func() (all [256]octet) {
	for i := range all {
		all[i].size = uint8(copy(all[i].text[:], strconv.Itoa(i)+"."))
	}
	return all
}()

// AppendUint appends a number in decimal. It writes what fits ports and lengths fast, and everything else right.
func AppendUint(dst []byte, v uint32) []byte {
	switch {
	case v < 10:
		return append(dst, byte('0'+v))
	case v < 100:
		return append(dst, pairs[2*v], pairs[2*v+1])
	case v < 1000:
		rest := 2 * (v % 100)
		return append(dst, byte('0'+v/100), pairs[rest], pairs[rest+1])
	case v < 10_000:
		high, rest := 2*(v/100), 2*(v%100)
		return append(dst, pairs[high], pairs[high+1], pairs[rest], pairs[rest+1])
	case v < 100_000:
		high, rest := 2*(v/100%100), 2*(v%100)
		return append(dst, byte('0'+v/10_000), pairs[high], pairs[high+1], pairs[rest], pairs[rest+1])
	}
	return strconv.AppendUint(dst, uint64(v), 10)
}

// AppendFraction appends the nine digits of a part of a second, with the point before them.
func AppendFraction(dst []byte, ns uint32) []byte {
	high, low := ns/10_000, ns%10_000
	a, b, c, d := 2*(high/100%100), 2*(high%100), 2*(low/100), 2*(low%100)
	return append(dst, '.', byte('0'+high/10_000), pairs[a], pairs[a+1], pairs[b], pairs[b+1], pairs[c], pairs[c+1], pairs[d], pairs[d+1])
}

func appendIPv4(dst []byte, v uint32) []byte {
	for shift := 24; shift >= 0; shift -= 8 {
		o := &octets[byte(v>>shift)]
		dst = append(dst, o.text[0], o.text[1], o.text[2], o.text[3])
		dst = dst[:len(dst)-4+int(o.size)]
	}
	return dst[:len(dst)-1] // without the last point
}
