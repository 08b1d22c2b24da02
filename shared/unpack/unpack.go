// Package unpack opens whatever a file is: lines or a capture as they are, compressed, or in archives, one within the other. It streams:
// what it holds does not grow with the file.
package unpack

import "io"

// A File is bytes at hand.
type File interface {
	io.ReaderAt
	Name() string // without folders
	Size() int64
}

// An Inflater is what a File may also be, where the platform inflates faster than Go (a browser's DecompressionStream).
type Inflater interface {
	// Inflate unpacks the file's bytes from..to, which are in the format "gzip" or "deflate-raw". Any failure may be given at any
	// point, after bytes that are right.
	Inflate(from, to int64, format string) (io.ReadCloser, error)
}

// Kind is what an Entry's bytes are.
type Kind uint8

const (
	Text Kind = iota // lines, as UTF-8; none, if it is empty
	Pcap             // pcap or pcapng
)

// An Entry is a stream of lines or of a capture.
type Entry struct {
	Number int    // among all entries and others of the outermost file, from 0; the same at every walk
	Name   string // of the stream if it were a file, in at most 255 characters fit to be shown
	Within string // the archive and the folders in it that hold the entry, "x.zip/sub/dir"; "" for the outermost file itself
	Kind   Kind
	Reader io.Reader // valid within the call. Its error tells, after all bytes that could be had, why they are not all, and what to do
}

// An Other is what is neither.
type Other struct {
	Number       int // as an Entry's
	Name, Within string
	Reason       string // what it is, and what to do
	Trace        bool   // it may be one, or hold one: that it is not read is worth a word even where nobody chose it by itself
}

// A Visitor is told what a file holds.
type Visitor struct {
	Entry    func(Entry) error    // reads Reader as far as it likes; its error stops the walk
	Other    func(Other)          // may be nil
	Consumed func(bytes int64)    // of the outermost file, rising to its size; may be nil
	Keep     func(io.Reader) File // sets aside a zip archive within another, to be read at random; nil if it cannot. May be nil: see Limits.Held
}

// Limits bound a walk. What is 0 is as usual.
type Limits struct {
	From    int   // entries and others before it are passed over: they are not told, nor read, except in tar archives
	Bytes   int64 // unpacked, in all: 64 GiB
	Entries int   // entries and others: 10 000
	Depth   int   // archives and compressions within each other, where a compressed tar archive is one: 4
	Held    int64 // bytes of a zip archive within another that are held in memory: 64 MiB
}

func (l Limits) usual() Limits {
	l.Bytes = or(l.Bytes, 64<<30)
	l.Entries = int(or(int64(l.Entries), 10_000))
	l.Depth = int(or(int64(l.Depth), 4))
	l.Held = or(l.Held, 64<<20)
	return l
}

func or(n, usual int64) int64 {
	if n > 0 {
		return n
	}
	return usual
}

// Walk tells v what f holds, in the order in which it is there. Its error is the visitor's, or says in words why f was not read to its end.
// What could not be read of an entry is told by its Reader, and of something within f as an Other; what comes after it is read.
func Walk(f File, l Limits, v Visitor) error {
	w := &walk{limits: l.usual(), v: v, size: f.Size()}
	p := part{newSource(f, w), 0, f.Size()}
	name := clean(f.Name())
	err := w.open(item{name: name, bare: name, r: p.reader(), part: &p})
	if err == nil {
		err = w.stop
	}
	if err == nil {
		w.progress(w.size)
	}
	return err
}
