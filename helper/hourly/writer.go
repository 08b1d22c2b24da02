// Package hourly writes packets into hour files: one file per hour of the packets' own time, named after the hour's first second.
//
//	packets -> lines of CSV -> the file of their hour -> (Sync) the platter
//	             what cannot be written is counted, and a Gap says from when to when
//
// What hosts are called in an hour (package called) lies in a file of its own beside it, which is kept, healed and removed as it is.
//
// A file's name and its last newline are its whole state. There is nothing else to get out of step after a crash: a line that a
// crash tore is cut off when the folder is opened again. Nor does a failed write leave a torn line behind: it is cut off at once, and if
// even that fails the file is closed and healed before anything is appended to it.
//
// A row is in the file, where every reader sees it, when Write returns, so a killed process loses none that anybody has seen; it survives
// a power failure from the next Sync on.
package hourly

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

const (
	// maxOpen bounds the open files. A capture needs two, around the full hour; a file whose clocks disagree may need more.
	maxOpen = 8
	// pruneEvery is how many bytes may be written before the folder's size is looked at again, within an hour.
	pruneEvery = 4 << 20
	// textBytes is how much is given to the disk at once.
	textBytes = 256 << 10
)

// Options say how a Writer treats the folder.
type Options struct {
	// Exclusive is for conversions, which can be repeated: an hour file that exists already is an error, not appended to, and the disk is
	// not asked to confirm what it was given.
	Exclusive bool
	// KeepFiles and KeepBytes bound what is kept, 0 for no bound: the oldest hours are removed.
	KeepFiles int
	KeepBytes int64
	// Removed is called with the name of each file removed for that.
	Removed func(name string)
	// Warn is called with what the user should know: a torn line cut off, packets not written, and written again.
	Warn func(text string)
	// GapOver is called when packets are written again that could not be for a while.
	GapOver func(Gap)
}

// A Writer appends rows to the hour files of one folder. Write, Close and Undo belong to one goroutine; the rest may be called by any.
type Writer struct {
	folder  *Folder
	disk    disk
	options Options
	lock    *os.File
	text    []byte // rows on their way to a file

	mu      sync.Mutex
	open    []*hourFile // the one used last at the end
	made    map[id]bool
	touched map[int64]bool
	torn    map[id]bool // files that end in a torn line that could not be cut off yet
	grown   int64       // bytes since the folder was pruned
	newName bool        // a file was made since the names were last synced

	failing *failing            // nil while all is well
	lasting atomic.Pointer[Gap] // what Gap tells of it
	lastNS  int64               // time of the last packet

	gapsMu sync.Mutex
	gaps   []Gap // to be written down

	rows, lost, files, unsure atomic.Int64
}

// Open locks the folder against a second writer, and heals its files.
func Open(folder *Folder, o Options) (*Writer, error) {
	lock, err := lockDir(folder)
	if locked := (*lockedError)(nil); errors.As(err, &locked) {
		return nil, fmt.Errorf("%w is writing to %s; stop it, or choose another folder with -w", locked, folder.Name())
	} else if err != nil {
		return nil, fmt.Errorf("cannot use the folder %s: %w", folder.Name(), err)
	}
	if err := folder.probe(); err != nil {
		lock.Close()
		return nil, fmt.Errorf("cannot write to the folder %s: %w; choose another one with -w", folder.Name(), cause(err))
	}
	w := newWriter(folderDisk{folder}, o)
	w.folder, w.lock = folder, lock
	return w, nil
}

func newWriter(d disk, o Options) *Writer {
	w := &Writer{disk: d, options: o, made: map[id]bool{}, touched: map[int64]bool{}, torn: map[id]bool{}, text: make([]byte, 0, textBytes+tracecsv.MaxRow)}
	if !o.Exclusive {
		w.healAll()
	}
	return w
}

// Write appends the rows of packets, each to the file of its hour. After an error the rows that it could not write are counted by Lost
// and the files still end on a newline, so writing may go on with the next packets.
func (w *Writer) Write(packets []trace.Packet) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var firstErr error
	for len(packets) > 0 {
		n, hour := w.format(packets)
		lost := w.lost.Load()
		err := w.append(hour, w.text, int64(n))
		if !w.options.Exclusive {
			w.mind(err, packets[0].TimeNS, lost)
		}
		if err != nil && firstErr == nil {
			firstErr = err
		}
		packets = packets[n:]
	}
	if w.folder != nil {
		w.folder.tell()
	}
	return firstErr
}

// format makes text of the first n packets: as many as are of one hour and fit.
func (w *Writer) format(packets []trace.Packet) (n int, hour int64) {
	hour = HourOf(packets[0].TimeNS)
	begin, end := hour*trace.Second, hour*trace.Second+lengthNS
	text := w.text[:0]
	for n < len(packets) && len(text) < textBytes {
		p := &packets[n]
		if p.TimeNS < begin || p.TimeNS >= end {
			break
		}
		text = tracecsv.AppendRow(text, hour, p)
		n++
	}
	w.text = text
	return n, hour
}

// Begin makes the file of an hour, if there is none, that says that there were no packets.
func (w *Writer) Begin(hour int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	h, err := w.file(id{rowsOf, hour})
	if err == nil {
		err = w.begin(h)
	}
	return err
}

// begin writes the header of an empty file.
func (w *Writer) begin(h *hourFile) (err error) {
	if h.size == 0 {
		_, err = w.write(h, h.header())
	}
	return err
}

// WriteRows appends rows to the file of their hour, as they are: whole lines.
func (w *Writer) WriteRows(hour int64, rows []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.append(hour, rows, int64(bytes.Count(rows, []byte{'\n'})))
}

// WriteNames appends whole lines to the names of an hour. If only some of them could be written, n says how many bytes.
func (w *Writer) WriteNames(hour int64, lines []byte) (n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h, err := w.file(id{namesOf, hour})
	if err == nil {
		err = w.begin(h)
	}
	if err != nil {
		return 0, err
	}
	n, err = w.write(h, lines)
	w.grown += int64(n)
	return n, err
}

// append gives text, which is so many rows, to the file of an hour.
func (w *Writer) append(hour int64, text []byte, count int64) error {
	h, err := w.file(id{rowsOf, hour})
	if err == nil {
		err = w.begin(h)
	}
	if err != nil {
		w.lost.Add(count)
		return err
	}
	n, err := w.write(h, text)
	written := count
	if err != nil {
		written = int64(bytes.Count(text[:n], []byte{'\n'}))
	}
	w.rows.Add(written)
	w.lost.Add(count - written)
	if w.grown += int64(n); w.options.KeepBytes > 0 && w.grown > pruneEvery {
		w.prune(hour)
	}
	return err
}

// write appends whole lines. If only a part fits, it cuts the torn line off again; n is what stays.
func (w *Writer) write(h *hourFile, lines []byte) (n int, err error) {
	n, err = h.disk.Write(lines)
	if err != nil {
		n = bytes.LastIndexByte(lines[:n], '\n') + 1
		if h.disk.Truncate(h.size+int64(n)) != nil {
			// Nothing may follow a torn line: the file is healed when it is opened for the next rows, or else at the end.
			w.forget(h.id)
			w.torn[h.id] = true
		}
	}
	h.size += int64(n)
	h.dirty = h.dirty || n > 0
	return n, err
}

// Close syncs and closes the files and unlocks the folder.
func (w *Writer) Close() error {
	w.Sync()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.endGap(w.lastNS)
	w.logGaps()
	var errs []error
	for _, h := range w.open {
		errs = append(errs, h.disk.Close())
	}
	w.open = nil
	for f := range w.torn {
		w.healOne(f)
	}
	if w.lock != nil {
		w.lock.Close()
	}
	return errors.Join(errs...)
}

// Undo removes the files that an exclusive Writer has made. Call it before Close.
func (w *Writer) Undo() {
	if !w.options.Exclusive {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for f := range w.made {
		w.forget(f)
		w.disk.remove(f.name())
	}
}

// Rows is how many rows have been written, Lost how many could not be, Files how many files they went to, Unsure how many times the disk
// did not confirm what it was given.
func (w *Writer) Rows() int64   { return w.rows.Load() }
func (w *Writer) Lost() int64   { return w.lost.Load() }
func (w *Writer) Files() int64  { return w.files.Load() }
func (w *Writer) Unsure() int64 { return w.unsure.Load() }

func (w *Writer) warn(format string, args ...any) {
	if w.options.Warn != nil {
		w.options.Warn(fmt.Sprintf(format, args...))
	}
}

// prune removes the oldest hours beyond the bounds, never the one that is about to be written.
func (w *Writer) prune(writing int64) {
	if w.options.KeepFiles == 0 && w.options.KeepBytes == 0 {
		return
	}
	w.grown = 0
	files, err := w.disk.list()
	if err != nil {
		return
	}
	var total int64
	for _, f := range files {
		total += f.Size + f.Names
	}
	for len(files) > 0 {
		f := files[0]
		tooMany := w.options.KeepFiles > 0 && len(files) > w.options.KeepFiles
		tooLarge := w.options.KeepBytes > 0 && total > w.options.KeepBytes
		if f.Hour == writing || !tooMany && !tooLarge {
			return
		}
		w.forget(id{namesOf, f.Hour}) // which go first: there are none without their hour
		w.forget(id{rowsOf, f.Hour})
		if f.Names > 0 {
			w.disk.remove(trace.NamesFileName(f.Hour))
		}
		if w.disk.remove(trace.HourFileName(f.Hour)) == nil && w.options.Removed != nil {
			w.options.Removed(trace.HourFileName(f.Hour))
		}
		files, total = files[1:], total-f.Size-f.Names
	}
}
