package unpack

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
)

// A walk is one call of Walk.
type walk struct {
	limits Limits
	v      Visitor
	size   int64 // of the outermost file
	next   int   // number of the next entry
	in     int64 // bytes read of the outermost file or, if it is a zip archive, for one of its entries
	out    int64 // bytes that all decoders have given
	told   int64 // to Visitor.Consumed
	stop   error // why the walk must end
}

// An item is something that is to be opened.
type item struct {
	name   string // that stands in the archive, or is the file's
	bare   string // without the endings of the compressions that have been undone
	within string
	depth  int
	undone bool // it comes from a decoder directly: an archive and its compression are one
	r      io.Reader
	part   *part // the same bytes at random, or nil
}

// open finds out what an item is, and visits all that is in it. Its error stops the walk.
func (w *walk) open(it item) error {
	b := bufio.NewReaderSize(it.r, headBytes)
	head, err := b.Peek(headBytes)
	if len(head) == 0 && err != io.EOF {
		return w.broken(it, err)
	}
	form := formOf(head)
	if form >= gzipped {
		if form != tarred || !it.undone {
			it.depth++
		}
		if it.depth > w.limits.Depth {
			return w.broken(it, problem("archives are in each other more than "+strconv.Itoa(w.limits.Depth)+" deep: unpack the outer ones, and choose what is in them"))
		}
	}
	switch form {
	case text:
		return w.entry(it, Text, b)
	case utf16Little, utf16Big:
		return w.entry(it, Text, newUTF16(b, form == utf16Big))
	case capture:
		return w.entry(it, Pcap, b)
	case gzipped, zstandard, bzipped:
		return w.decompress(it, form, b)
	case zipped:
		return w.zipOf(it, b)
	case tarred:
		if it.part != nil {
			return w.tar(it, it.part.reader())
		}
		return w.tar(it, b)
	}
	if err != nil && err != io.EOF { // of what is cut so early it cannot be told what it was
		return w.broken(it, err)
	}
	if r := refusal(head); r != nil {
		return w.refuse(it, *r)
	}
	return w.refuse(it, otherBinary)
}

// number gives the next entry its number, or ends the walk because there are too many.
func (w *walk) number() (n int, err error) {
	if w.stop == nil && w.next >= w.limits.Entries {
		n := strconv.Itoa(w.limits.Entries)
		w.stop = problem("it holds more than " + n + " files, of which the first " + n + " were read: unpack it, and choose those that matter")
	}
	w.next++
	return w.next - 1, w.stop
}

// entry shows the visitor a stream.
func (w *walk) entry(it item, kind Kind, r io.Reader) error {
	n, err := w.number()
	if err != nil || n < w.limits.From {
		return err
	}
	if err := w.v.Entry(Entry{Number: n, Name: it.bare, Within: it.within, Kind: kind, Reader: r}); err != nil {
		return err
	}
	return w.stop
}

// refuse tells the visitor what is not read.
func (w *walk) refuse(it item, r refused) error {
	n, err := w.number()
	if err == nil && n >= w.limits.From && w.v.Other != nil {
		w.v.Other(Other{Number: n, Name: it.bare, Within: it.within, Reason: r.reason, Trace: r.trace})
	}
	return err
}

// broken tells that an item could not be read, or not to its end.
func (w *walk) broken(it item, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	switch {
	case w.stop != nil:
		return w.stop
	case it.within == "":
		return inWords("its bytes", err)
	}
	return w.refuse(it, refused{reason: inWords("its bytes", err).Error(), trace: true})
}

// progress tells how far the outermost file has been read, now and then.
func (w *walk) progress(to int64) {
	if to = min(to, w.size); w.v.Consumed != nil && (to-w.told >= blockBytes/4 || to == w.size && to > w.told) {
		w.told = to
		w.v.Consumed(to)
	}
}

// Beyond ratioFrom bytes no trace unpacks to more than maxRatio times its size; nor do many together beyond allFrom.
const (
	ratioFrom = 64 << 20
	allFrom   = 512 << 20
	maxRatio  = 250
)

// A limited is a decoder, whose errors it puts in words, and whose bytes it counts.
type limited struct {
	walk *walk
	r    io.Reader
	what string // it decodes, as "the gzip data"
	n    int64  // bytes given
	err  error
}

func (w *walk) limit(r io.Reader, what string) *limited { return &limited{walk: w, r: r, what: what} }

func (l *limited) Read(b []byte) (int, error) {
	if l.err == nil && l.walk.stop != nil {
		l.err = l.walk.stop
	}
	if l.err != nil {
		return 0, l.err
	}
	w := l.walk
	n, err := l.r.Read(b)
	l.n += int64(n)
	w.out += int64(n)
	switch {
	case w.out > w.limits.Bytes:
		w.stop = problem("it unpacks to more than " + amount(w.limits.Bytes) + ": unpack it, and choose what is in it in parts")
		err = w.stop
	case w.out > allFrom && w.out/maxRatio > w.size:
		w.stop = problem(tooMuch(w.out))
		err = w.stop
	case l.n > ratioFrom && l.n/maxRatio > w.in:
		err = problem(tooMuch(l.n))
	}
	l.err = inWords(l.what, err)
	return n, l.err
}

func tooMuch(n int64) string {
	return "it unpacks to more than " + strconv.Itoa(maxRatio) + " times its size, which no trace does: stopped after " + strconv.FormatInt(n, 10) + " bytes"
}

// keep sets the bytes of an item aside, to be read at random.
func (w *walk) keep(r io.Reader) (File, error) {
	told := errReader{r: r}
	if w.v.Keep != nil {
		f := w.v.Keep(&told)
		if f == nil && told.err == nil {
			told.err = problem("there was no room to set it aside: unpack the archive that it is in, and choose it")
		}
		return f, told.err
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(io.LimitReader(&told, w.limits.Held+1)); err != nil {
		return nil, err
	}
	if int64(b.Len()) > w.limits.Held {
		return nil, problem("a zip archive of more than " + amount(w.limits.Held) + " in another archive: unpack the outer one, and choose it")
	}
	return held(b.Bytes()), nil
}

// An errReader remembers what a reader failed with.
type errReader struct {
	r   io.Reader
	err error
}

func (e *errReader) Read(b []byte) (int, error) {
	n, err := e.r.Read(b)
	if err != nil && err != io.EOF {
		e.err = err
	}
	return n, err
}
