// Package wire is what the helper and a page say to each other over the websocket. Every message is one binary websocket
// message: a kind, then its fields; integers are varints, text is a length and UTF-8 bytes.
//
//	page                                  helper
//	Hello  version, token          ->                       within HelloTimeoutMS, or the helper closes; nothing is sent before it
//	                               <-     Welcome           version, build, what is captured, the hour files there are
//	Resume newest first?, positions ->                      where to go on in each hour file; those not named come from their first byte
//	                               <-     Chunk hour, offset  whole lines of an hour file, as they stand on the disk
//	                               <-     Names hour       whole lines of the file of an hour's names (package called): from its first byte
//	                                                       on in every connection, after the first rows of the hour
//	Ack    bytes so far            ->                       of chunks and names: the helper keeps at most MaxInFlight bytes unacknowledged
//	                               <-     Status            once a second: counters of the capture, the disk, what is wrong
//	                               <-     Fault             what went wrong, in words; the helper closes after it
//
// Chunks are byte ranges of files, so the disk, the stream and the page agree by construction: a page that comes back says how
// many bytes of each hour it has, and goes on from there. The chunks of one hour come in order and without holes; those of different hours
// may alternate. A page that is slow is sent less, from the disk, whenever it gets to it; nothing is kept for it.
//
// There is no message that changes anything on the helper's side.
//
// Hello and Fault stay as they are in every version, so that each side can tell the other that it is too old.
package wire

import (
	"encoding/binary"
	"errors"
)

// Version is raised when a message changes its meaning. Helper and page must have the same one.
const Version = 4

const (
	MaxInFlight    = 8 << 20  // bytes of chunks that a page has not acknowledged
	MaxChunk       = 1 << 20  // bytes of one chunk's lines
	ChunkHead      = 1 + 2*10 // bytes of a chunk before its lines, at most
	MaxFromPage    = 4096     // bytes of a message that the helper accepts
	MaxResume      = 1 << 20  // of a Resume, which names the hours of years
	HelloTimeoutMS = 2000
)

// Kind is the first byte of every message.
type Kind byte

const (
	KindHello Kind = iota + 1
	KindWelcome
	KindResume
	KindChunk
	KindAck
	KindStatus
	KindFault
	KindNames
)

// Hello is the page's first message.
type Hello struct {
	Version int64
	Token   string
}

// Position is a place in the hour file of Hour (unix seconds): for a catalogue its size, for a resume the bytes had already.
type Position struct {
	Hour, Offset int64
}

// Welcome answers a Hello whose version and token are right.
type Welcome struct {
	Version int64
	Build   string
	Source  string // what is captured, such as "eth0" or a capture file's name; empty when only files are served
	Live    bool   // rows are still being written, to the newest of Files
	Files   []Position
}

// Resume says what the page has already. Files that it does not name are sent from their first byte.
type Resume struct {
	NewestFirst bool // whether the newest rows come first, and those of older hours while there are none; or the oldest hour first
	Files       []Position
}

// Chunk is a range of an hour file that begins at Offset and ends on a newline.
type Chunk struct {
	Hour, Offset int64
	Lines        []byte // aliases the decoded message
}

// Names is the next lines of names of an hour.
type Names struct {
	Hour  int64
	Lines []byte // aliases the decoded message
}

// Ack says how many bytes of chunks and names the page has counted since the connection began.
type Ack struct {
	Bytes int64
}

// Status is how the capture and the disk are doing. Counts are running totals since the helper started.
type Status struct {
	Live             bool
	Captured         int64    // packets that reached the helper
	PacketsPerSecond int64    // captured of late; -1 if that is not known yet
	DroppedKernel    int64    // packets lost because the helper was too slow
	DroppedInterface int64    // packets lost by the network card or its driver
	Rows             int64    // rows written
	Lost             int64    // packets whose rows could not be written
	Gaps             int64    // times during which nothing was captured, or nothing written, that are over
	FileBytes        int64    // size of all hour files
	FreeBytes        int64    // that the disk has left; -1 if that is not known
	Problem          string   // what is wrong with the capture now, in words; empty if nothing is
	Notes            []string // what the user should know besides: gaps in the capture that are over, how to read its figures
}

// Fault ends a connection.
type Fault struct {
	Code string
	Text string
}

// Codes of faults. After CodeBusy and CodeRead the same may work later; after the others it will not.
const (
	CodeToken    = "token"    // the token is not this helper's
	CodeVersion  = "version"  // page and helper are of versions that do not understand each other
	CodeBusy     = "busy"     // as many pages are connected as may be
	CodeProtocol = "protocol" // the page said what it must not
	CodePosition = "position" // an hour file is not the one any more that the page has a part of
	CodeRead     = "read"     // an hour file cannot be read
)

// ErrShort is returned for a message that ends before its fields do, or is of another kind.
var ErrShort = errors.New("wire: message is cut short or of another kind")

func AppendHello(b []byte, m Hello) []byte {
	return appendText(binary.AppendVarint(append(b, byte(KindHello)), m.Version), m.Token)
}

func AppendWelcome(b []byte, m Welcome) []byte {
	b = binary.AppendVarint(append(b, byte(KindWelcome)), m.Version)
	b = appendText(appendText(b, m.Build), m.Source)
	return appendPositions(appendBool(b, m.Live), m.Files)
}

func AppendResume(b []byte, m Resume) []byte {
	return appendPositions(appendBool(append(b, byte(KindResume)), m.NewestFirst), m.Files)
}

func AppendChunk(b []byte, m Chunk) []byte {
	b = binary.AppendVarint(append(b, byte(KindChunk)), m.Hour)
	return append(binary.AppendVarint(b, m.Offset), m.Lines...)
}

func AppendNames(b []byte, m Names) []byte {
	return append(binary.AppendVarint(append(b, byte(KindNames)), m.Hour), m.Lines...)
}

func AppendAck(b []byte, m Ack) []byte {
	return binary.AppendVarint(append(b, byte(KindAck)), m.Bytes)
}

func AppendStatus(b []byte, m Status) []byte {
	b = appendBool(append(b, byte(KindStatus)), m.Live)
	for _, n := range []int64{m.Captured, m.PacketsPerSecond, m.DroppedKernel, m.DroppedInterface, m.Rows, m.Lost, m.Gaps, m.FileBytes, m.FreeBytes} {
		b = binary.AppendVarint(b, n)
	}
	b = binary.AppendVarint(appendText(b, m.Problem), int64(len(m.Notes)))
	for _, note := range m.Notes {
		b = appendText(b, note)
	}
	return b
}

func AppendFault(b []byte, m Fault) []byte {
	return appendText(appendText(append(b, byte(KindFault)), m.Code), m.Text)
}

// KindOf is the kind of a message, 0 for an empty one.
func KindOf(b []byte) Kind {
	if len(b) == 0 {
		return 0
	}
	return Kind(b[0])
}

func DecodeHello(b []byte) (m Hello, err error) {
	r := open(b, KindHello)
	m.Version, m.Token = r.int(), r.text()
	return m, r.close()
}

func DecodeWelcome(b []byte) (m Welcome, err error) {
	r := open(b, KindWelcome)
	m.Version, m.Build, m.Source, m.Live, m.Files = r.int(), r.text(), r.text(), r.bool(), r.positions()
	return m, r.close()
}

func DecodeResume(b []byte) (m Resume, err error) {
	r := open(b, KindResume)
	m.NewestFirst, m.Files = r.bool(), r.positions()
	return m, r.close()
}

// DecodeChunk does not copy: Lines is part of b.
func DecodeChunk(b []byte) (m Chunk, err error) {
	m, n, err := DecodeChunkHead(b)
	if err == nil {
		m.Lines = b[n:]
	}
	return m, err
}

// DecodeChunkHead decodes a chunk of which only the first ChunkHead bytes may be at hand. It has no lines; they begin at byte n of it.
func DecodeChunkHead(b []byte) (m Chunk, n int, err error) {
	r := open(b, KindChunk)
	m.Hour, m.Offset = r.int(), r.int()
	n = len(b) - len(r.rest)
	r.rest = nil
	return m, n, r.close()
}

// DecodeNames does not copy: Lines is part of b.
func DecodeNames(b []byte) (m Names, err error) {
	r := open(b, KindNames)
	m.Hour = r.int()
	m.Lines, r.rest = r.rest, nil
	return m, r.close()
}

func DecodeAck(b []byte) (m Ack, err error) {
	r := open(b, KindAck)
	m.Bytes = r.int()
	return m, r.close()
}

func DecodeStatus(b []byte) (m Status, err error) {
	r := open(b, KindStatus)
	m.Live = r.bool()
	for _, n := range []*int64{&m.Captured, &m.PacketsPerSecond, &m.DroppedKernel, &m.DroppedInterface, &m.Rows, &m.Lost, &m.Gaps, &m.FileBytes, &m.FreeBytes} {
		*n = r.int()
	}
	m.Problem = r.text()
	for n := r.int(); n > 0 && !r.failed; n-- {
		m.Notes = append(m.Notes, r.text())
	}
	return m, r.close()
}

func DecodeFault(b []byte) (m Fault, err error) {
	r := open(b, KindFault)
	m.Code, m.Text = r.text(), r.text()
	return m, r.close()
}
