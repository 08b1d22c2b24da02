package anon

import (
	"errors"
	"strconv"
	"strings"
)

// A Scheme is how addresses are replaced.
type Scheme uint8

const (
	Pfx       Scheme = iota // ipcrypt-pfx, which keeps prefixes
	CryptoPAn               // keeps prefixes too, and one address in 15 000
	Numbers                 // keeps nothing: keyed numbers, see numbering
	Truncate                // the networks only, without a key
)

// Ports says what becomes of ports.
type Ports uint8

const (
	PortsKept     Ports = iota
	PortsBucketed       // well-known, registered or ephemeral: the least port of each
	PortsDropped        // empty cells
)

// Times says what becomes of times, apart from a shift.
type Times uint8

const (
	TimesExact Times = iota
	TimesInSeconds
	TimesInMinutes
)

// A Recipe is what is replaced in rows, and how. Its zero value is the usual one: ipcrypt-pfx and nothing else.
type Recipe struct {
	Scheme      Scheme
	V4, V6      int  // bits of an address that Truncate keeps, LeastV4..32 and LeastV6..128; 0 for the usual
	Classes     bool // every pseudonym means what its address means; of schemes that do not keep prefixes it always does
	KeepPrivate bool // addresses of private ranges stay as they are
	Ports       Ports
	Times       Times
	Shift       bool // by a number of whole days that the key decides
}

// What the fewest bits are that Truncate keeps: with fewer, an address could become one that means something else.
const (
	LeastV4, UsualV4 = 8, 24
	LeastV6, UsualV6 = 16, 48
)

var (
	schemeNames = []string{"ipcrypt-pfx", "cryptopan", "numbers", "truncate"}
	portNames   = []string{"kept", "bucketed", "dropped"}
	timeNames   = []string{"exact", "seconds", "minutes"}
)

// ErrRecipe is what ParseRecipe returns. The text is for the user.
var ErrRecipe = errors.New("what to anonymise is one of ipcrypt-pfx, cryptopan, numbers, truncate or truncate:24:48, and then, after commas, any of " +
	"classes=kept, private=kept, ports=bucketed, ports=dropped, times=seconds, times=minutes, times=shifted")

// ParseRecipe reads what String writes, such as "truncate:16:48,ports=bucketed,times=minutes,times=shifted".
func ParseRecipe(text string) (r Recipe, err error) {
	words := strings.Split(text, ",")
	name, widths, wide := strings.Cut(words[0], ":")
	scheme := index(schemeNames, name)
	if scheme < 0 || wide && Scheme(scheme) != Truncate {
		return Recipe{}, ErrRecipe
	}
	r.Scheme = Scheme(scheme)
	if wide {
		v4, v6, _ := strings.Cut(widths, ":")
		var err4, err6 error
		r.V4, err4 = strconv.Atoi(v4)
		r.V6, err6 = strconv.Atoi(v6)
		if err4 != nil || err6 != nil || r.V4 == 0 || r.V6 == 0 || r.checkWidths() != nil {
			return Recipe{}, ErrRecipe
		}
	}
	for _, word := range words[1:] {
		of, value, _ := strings.Cut(word, "=")
		ports, times := index(portNames, value), index(timeNames, value)
		switch {
		case word == "classes=kept":
			r.Classes = true
		case word == "private=kept":
			r.KeepPrivate = true
		case word == "times=shifted":
			r.Shift = true
		case of == "ports" && ports >= 0:
			r.Ports = Ports(ports)
		case of == "times" && times >= 0:
			r.Times = Times(times)
		default:
			return Recipe{}, ErrRecipe
		}
	}
	return r, nil
}

func index(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

// String is the recipe as ParseRecipe reads it.
func (r Recipe) String() string {
	text := schemeNames[r.Scheme]
	if r.Scheme == Truncate {
		v4, v6 := r.widths()
		text += ":" + strconv.Itoa(v4) + ":" + strconv.Itoa(v6)
	}
	if r.Classes {
		text += ",classes=kept"
	}
	if r.KeepPrivate {
		text += ",private=kept"
	}
	if r.Ports != PortsKept {
		text += ",ports=" + portNames[r.Ports]
	}
	if r.Times != TimesExact {
		text += ",times=" + timeNames[r.Times]
	}
	if r.Shift {
		text += ",times=shifted"
	}
	return text
}

// widths is how many bits Truncate keeps.
func (r Recipe) widths() (v4, v6 int) {
	if v4, v6 = r.V4, r.V6; v4 == 0 {
		v4 = UsualV4
	}
	if v6 == 0 {
		v6 = UsualV6
	}
	return v4, v6
}

// Name is the scheme's, as a recipe begins with it.
func (s Scheme) Name() string { return schemeNames[s] }

// KeepsPrefixes reports whether addresses of one network stay together.
func (s Scheme) KeepsPrefixes() bool { return s == CryptoPAn || s == Pfx }

// ErrWidths is for a Truncate that keeps more bits than there are, or too few. The text is for the user.
var ErrWidths = errors.New("of an IPv4 address 8 to 32 bits can be kept, and of an IPv6 address 16 to 128")

func (r Recipe) checkWidths() error {
	if v4, v6 := r.widths(); r.Scheme == Truncate && (v4 < LeastV4 || v4 > 32 || v6 < LeastV6 || v6 > 128) {
		return ErrWidths
	}
	return nil
}

// Check says why there is no Anonymiser for the recipe and the text of a key.
func (r Recipe) Check(key string) error {
	if err := r.checkWidths(); err != nil || !r.Keyed() {
		return err
	}
	k, err := ParseKey(key)
	if err == nil && r.Scheme == Pfx && !k.twoHalves() {
		err = ErrHalves
	}
	return err
}

// Stays says in words what can still be recognised.
func (r Recipe) Stays() string {
	text := "Lengths"
	if r.Ports == PortsKept {
		text += ", ports"
	}
	if r.Times == TimesExact {
		text += ", exact times"
	}
	if r.Scheme.KeepsPrefixes() {
		text += ", networks"
	}
	return text + " and who talks to whom stay as they are. Somebody who has seen some of these packets, or sent some, can find them by that and learn " +
		"whose the pseudonyms are: the copy is pseudonymised, not anonymous."
}

// Keyed reports whether the outcome depends on a key.
func (r Recipe) Keyed() bool { return r.Scheme != Truncate || r.Shift }
