package report

import (
	"errors"
	"strconv"
	"strings"
)

// A Listing is the one list that somebody looks at, as long as they want it. It goes with a report to the page and is not part of
// report.json, whose lists always are the same.
//
// A packet that has two keys of a list counts for both: two addresses of ListEither, two ports of ListPort (in a tunnel up to four). There
// the rows and the rest can add up to more than Total, which counts every packet once. In every other list they add up to it.
type Listing struct {
	Wish    Wish
	Rows    []Row  // by the wish's measure descending, then by key and other as text
	Keys    int64  // all there are, in Rows or not
	Total   Volume // packets that have a key
	Rest    Volume // of the keys that are not in Rows, added up
	Without Volume // packets that have none, for lack of an address or of a port: with Total, all packets of the report
}

// A Row is a row of a Listing.
type Row struct {
	Key            string // as in Top
	Other          string // of ListPair the destination; of ListConversation the second address
	Bytes, Packets int64
	// Sent and Received are, in ListEither, what the address is the source and the destination of, and in ListConversation what Key sent
	// to Other and received from it. What an address sends to itself it receives too in ListEither, and only sends in
	// ListConversation; it counts once in Bytes and Packets.
	Sent, Received Volume
}

// List is what a list is of.
type List uint8

const (
	ListSource       List = iota
	ListDestination       // the destination address
	ListEither            // an address at either end
	ListPair              // source and destination
	ListConversation      // two addresses, whichever is the source; the numerically smaller one first, IPv4 before IPv6
	ListPort              // at either end
	ListProtocol
	ListProgram     // of the helper's machine
	ListSite        // a registered domain
	Lists       int = iota
)

// By is the measure that orders a list.
type By uint8

const (
	ByBytes By = iota
	ByPackets
	measures
)

// MaxRows is how long a list may be wished for.
const MaxRows = 1000

// A Wish is for a list of Rows rows. The zero Wish is for none.
type Wish struct {
	List List
	By   By
	Rows int
}

// ErrWish is returned for text that is no code of a wish.
var ErrWish = errors.New("a list that cannot be made: the page and its workers are of different versions; reload the page")

// Code is the wish as text for ParseWish, in which it crosses from the page to its workers: "list by rows", as numbers.
func (w Wish) Code() string {
	return strconv.Itoa(int(w.List)) + " " + strconv.Itoa(int(w.By)) + " " + strconv.Itoa(w.Rows)
}

// ParseWish reads what Code wrote, and checks it. No text is no wish.
func ParseWish(code string) (w Wish, err error) {
	if code == "" {
		return Wish{}, nil
	}
	cells := strings.Split(code, " ")
	if len(cells) != 3 {
		return Wish{}, ErrWish
	}
	var n [3]uint64
	for i, bits := range []int{8, 8, 16} {
		if n[i], err = strconv.ParseUint(cells[i], 10, bits); err != nil {
			return Wish{}, ErrWish
		}
	}
	if w = (Wish{List(n[0]), By(n[1]), int(n[2])}); !w.valid() {
		return Wish{}, ErrWish
	}
	return w, nil
}

func (w Wish) valid() bool {
	return int(w.List) < Lists && w.By < measures && w.Rows >= 0 && w.Rows <= MaxRows
}

// listing is one of the lists, see Report.List.
func (t *Top) listing(list List) *Listing {
	l := &Listing{Wish: Wish{list, ByBytes, MaxRows}, Without: t.Unaddressed}
	entries := map[List][]Entry{
		ListSource: t.Source, ListDestination: t.Destination, ListEither: t.Either, ListPort: t.Port, ListProtocol: t.Protocol,
	}[list]
	for _, e := range entries {
		l.Rows = append(l.Rows, Row{Key: e.Key, Bytes: e.Bytes, Packets: e.Packets})
	}
	for _, e := range map[List][]PairEntry{ListPair: t.Pair, ListConversation: t.Conversation}[list] {
		l.Rows = append(l.Rows, Row{Key: e.Key[0], Other: e.Key[1], Bytes: e.Bytes, Packets: e.Packets})
	}
	l.Keys = int64(len(l.Rows))
	return l
}
