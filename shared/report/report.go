// Package report is the analysis of a trace as one document: what the page draws, what report.json holds, what two programs
// compare. Its schema is "tracelens-report/1".
//
// Bytes and packets are integers; bytes are lengths on the wire (frame.len). Times are unix seconds; Start and End carry the
// full precision of the trace, 9 decimals. Lists are never null. A trace of unknown start (its file's name is no hour) counts
// its times from 0 and has Relative set.
package report

// Schema names the version of this document. It changes when the meaning of a field does, not when fields are added.
const Schema = "tracelens-report/1"

// A Report is the analysis of the packets of one selection.
type Report struct {
	Schema     string            `json:"schema"`
	Packets    int64             `json:"packets"`
	Bytes      int64             `json:"bytes"`
	Start      Time              `json:"start"` // first packet
	End        Time              `json:"end"`   // last packet
	Relative   bool              `json:"relative"`
	Addresses  int64             `json:"addresses"` // distinct, as source or destination
	Hours      []Hour            `json:"hours"`     // first to last hour of the trace, none left out
	Minutes    []Bin             `json:"minutes"`   // only those with packets
	Seconds    []Bin             `json:"seconds"`   // only those with packets; empty when the trace spans over MaxSecondsSpan
	Box        Box               `json:"box"`
	Lengths    [][2]int64        `json:"lengths"` // [length, packets], ascending
	Histogram  Histogram         `json:"histogram"`
	KDE        [][2]float64      `json:"kde"` // [length, density]; empty when all lengths are equal
	Top        Top               `json:"top"`
	Names      map[string]string `json:"names,omitempty"`  // what addresses of the lists were called last, as far as somebody said it
	Causes     *Causes           `json:"causes,omitempty"` // nil where nobody has said anything of it
	Directions Directions        `json:"directions"`
	Listing    *Listing          `json:"-"` // nil unless there is a wish for one
	Selection  Selection         `json:"selection"`
	Input      Input             `json:"input"`
}

// MaxSecondsSpan is the longest trace, in seconds, whose report lists its seconds.
const MaxSecondsSpan = 2 * 3600

// Time is nanoseconds since 1970, written as unix seconds with 9 decimals: a binary float cannot hold them.
type Time int64

// An Hour is one bar of the traffic per hour. Captured is false for an hour between the first and the last for which there is
// neither a file nor a packet: nobody looked, which is not the same as no traffic.
type Hour struct {
	Start    int64 `json:"start"`
	Captured bool  `json:"captured"`
	Bytes    int64 `json:"bytes"`
	Packets  int64 `json:"packets"`
}

// A Bin is the volume of one minute or second.
type Bin struct {
	Start   int64 `json:"start"`
	Bytes   int64 `json:"bytes"`
	Packets int64 `json:"packets"`
}

// A Box describes the packet lengths as a box plot does: quartiles by linear interpolation between order statistics (numpy's
// default), whiskers at the last length within 1.5 times the interquartile range.
type Box struct {
	Min         int64   `json:"min"`
	Q1          float64 `json:"q1"`
	Median      float64 `json:"median"`
	Q3          float64 `json:"q3"`
	Max         int64   `json:"max"`
	Mean        float64 `json:"mean"`
	WhiskerLow  int64   `json:"whisker_low"`
	WhiskerHigh int64   `json:"whisker_high"`
}

// A Histogram has bins of equal width: Edges has one entry more than Packets and Density, whose area is 1.
type Histogram struct {
	Edges   []float64 `json:"edges"`
	Packets []int64   `json:"packets"`
	Density []float64 `json:"density"`
}

// TopN is how long a top list of a report is, if there are as many keys.
const TopN = 20

// Top holds the top lists: by bytes descending, then by key ascending as text. Either and Port hold what either end has, as the filters
// ip.addr == 192.0.2.1 and tcp.port == 443 do: a packet counts for both of its addresses, and once where they are the same.
// Rows that lack an address count for the one that they have, and, as they are in no pair or conversation, for Unaddressed.
type Top struct {
	Source       []Entry     `json:"source"`
	Destination  []Entry     `json:"destination"`
	Either       []Entry     `json:"either"`       // an address at either end
	Pair         []PairEntry `json:"pair"`         // source and destination
	Conversation []PairEntry `json:"conversation"` // two addresses, whichever is the source
	Port         []Entry     `json:"port"`         // "443/tcp"
	Protocol     []Entry     `json:"protocol"`     // "tcp", "udp", "tcp+udp" (a tunnel), "other ip", "not ip"
	Unaddressed  Volume      `json:"unaddressed"`
}

// An Entry is a row of a top list.
type Entry struct {
	Key     string `json:"key"`
	Bytes   int64  `json:"bytes"`
	Packets int64  `json:"packets"`
}

// A PairEntry is a row of the list of pairs, source then destination, or of that of conversations, whose numerically smaller address
// comes first, IPv4 before IPv6.
type PairEntry struct {
	Key     [2]string `json:"key"`
	Bytes   int64     `json:"bytes"`
	Packets int64     `json:"packets"`
}

// Directions divide the traffic by whose addresses it is between: the user's own, which are those in the prefixes of Mine, and all
// others, multicast and broadcast among them unless a prefix has them. With Top.Unaddressed they add up to all traffic. Without prefixes
// every address is another's.
type Directions struct {
	Mine   []string `json:"mine"`   // "192.168.0.0/16"
	In     Volume   `json:"in"`     // from others to mine
	Out    Volume   `json:"out"`    // from mine to others
	Within Volume   `json:"within"` // from mine to mine
	Beyond Volume   `json:"beyond"` // from others to others
}

// Volume is an amount of traffic.
type Volume struct {
	Bytes   int64 `json:"bytes"`
	Packets int64 `json:"packets"`
}

// Selection says which part of the trace the report describes. Empty: all of it.
type Selection struct {
	From   Time   `json:"from,omitempty"`   // of a range of time, with To: packets from it on
	To     Time   `json:"to,omitempty"`     // and before this
	Filter string `json:"filter,omitempty"` // as Wireshark's display filter would say it
}

// Input says what was read: every line of a file is a row or a counted, named skip.
type Input struct {
	Files   []File           `json:"files"`
	Rows    int64            `json:"rows"`
	Skipped map[string]int64 `json:"skipped"`
}

// A File is one input. Error is why it could not be read, or not to its end, in words; Rows are those that were.
type File struct {
	ID      int64              `json:"-"`                 // how the page calls it, when it speaks to the workers
	Name    string             `json:"name"`              // without its folder
	Within  string             `json:"within,omitempty"`  // the folder or archive that it was found in
	Format  string             `json:"format,omitempty"`  // how it was read, in words
	Start   Time               `json:"start"`             // its first packet, if it has rows
	End     Time               `json:"end"`               // its last
	Bytes   int64              `json:"bytes"`             // as it was given
	Rows    int64              `json:"rows"`              // its packets
	Skipped map[string]int64   `json:"skipped"`           // lines that are none, by reason
	Lines   map[string][]int64 `json:"lines,omitempty"`   // numbers of the first of them; a file's first line is 1
	Error   string             `json:"error,omitempty"`   // empty: it was read to its end
	Ignored bool               `json:"ignored,omitempty"` // it is no trace, and nobody chose it by itself: it was in a folder or an archive
	Names   bool               `json:"names,omitempty"`   // it is no trace, and says what hosts are called and which programs have ports
	Same    string             `json:"same,omitempty"`    // it was left out, being byte for byte the same as the file of this name
}
