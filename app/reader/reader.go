//go:build js

// Package reader is one of the workers that open what is no file of lines: what is packed, and captures. The lead (package lead) hands them
// a file at a time and has the lines that come of it counted while more come.
//
//	lead -> reader                           reader -> lead
//	read    task, file, from: the first      entry    number, name, within: what comes next
//	        entry that is wished             chunk    entry, bytes: whole lines; consumed: bytes of the file; base: unix seconds that the
//	ack     task, bytes: of chunks, room              times of a capture count from; names: what its packets have called hosts
//	                                         ended    entry, error, words: how it was read; toolong: lines that
//	                                                  were too long; sum: of what was in an archive, the hash of its lines
//	                                         other    entry, name, within, reason, trace: what is not read
//	                                         capture  entry: from that on, the other module has to read
//	                                         done     error
//	                                         alive
//
// Every message carries the number of the task. A reader that has work says every second that it is alive. It is ended, if it should not go
// on, from outside.
//
// There are two modules of it: unpack, and capture, which has gopacket and is the larger by that.
package reader

import (
	"errors"
	"hash"
	"hash/fnv"
	"io"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/lineblock"
	"tracelens/shared/unpack"
)

// Captures opens a capture for its rows.
type Captures func(name string, r io.ReadCloser) Rows

// Rows are those of a capture; see caprows.Reader.
type Rows interface {
	Append(dst []byte) ([]byte, error)
	Base() int64
	Names() []byte
	Words() string
	Close() error
}

const (
	chunkBytes = 2 << 20
	maxAhead   = 16 << 20 // bytes that have been sent and not been read
)

// Run does what the lead says. Without captures it leaves them to the other module.
func Run(captures Captures) {
	r := &reader{captures: captures}
	browser.OnMessage(r.handle)
	browser.Post(browser.NewMessage("started"))
	r.beat()
	select {} // handlers do the rest
}

type reader struct {
	captures Captures
	task     *task
}

// A task is a file that is being opened.
type task struct {
	*reader
	number   int64
	consumed int64
	ahead    int64           // bytes sent and not acknowledged
	acked    chan struct{}   // after each acknowledgement
	room     []browser.Space // of what has been read
	turned   float64         // when messages were last heard
	sum      hash.Hash64     // of the lines of an entry of an archive
}

func (r *reader) handle(m browser.Message) {
	switch m.Kind() {
	case "read":
		r.task = &task{reader: r, number: m.Int("task"), acked: make(chan struct{}, 1)}
		go r.task.read(m.File("file"), m.Int("from"))
	case "ack":
		if t := r.task; t != nil && t.number == m.Int("task") {
			t.ahead -= m.Int("bytes")
			if room := m.Block("room").Space(); !room.None() {
				t.room = append(t.room, room)
			}
			select {
			case t.acked <- struct{}{}:
			default:
			}
		}
	}
}

// beat tells the lead every second that this worker runs.
func (r *reader) beat() {
	browser.AfterMS(1000, func() {
		if r.task != nil {
			r.task.post(browser.NewMessage("alive"))
		}
		r.beat()
	})
}

func (t *task) post(m browser.Message) { browser.Post(m.SetInt("task", t.number)) }

// errLeft ends a walk that the other module goes on with.
var errLeft = errors.New("left to the other module")

func (t *task) read(f browser.File, from int64) {
	err := unpack.Walk(f, unpack.Limits{From: int(from)}, unpack.Visitor{
		Entry:    t.entry,
		Other:    t.other,
		Consumed: func(bytes int64) { t.consumed = bytes },
	})
	t.reader.task = nil
	if err == errLeft {
		return
	}
	m := browser.NewMessage("done")
	if err != nil {
		m.SetText("error", err.Error())
	}
	t.post(m)
}

func (t *task) other(o unpack.Other) {
	m := browser.NewMessage("other").SetInt("entry", int64(o.Number)).SetText("name", o.Name).SetText("within", o.Within).SetText("reason", o.Reason)
	if o.Trace {
		m.SetInt("trace", 1)
	}
	t.post(m)
}

func (t *task) entry(e unpack.Entry) error {
	if e.Kind == unpack.Pcap && t.captures == nil {
		t.post(browser.NewMessage("capture").SetInt("entry", int64(e.Number)))
		return errLeft
	}
	t.post(browser.NewMessage("entry").SetInt("entry", int64(e.Number)).SetText("name", e.Name).SetText("within", e.Within))
	ended := browser.NewMessage("ended").SetInt("entry", int64(e.Number))
	t.sum = fnv.New64a()
	var err error
	if e.Kind == unpack.Pcap {
		rows := t.captures("the capture", io.NopCloser(e.Reader))
		err = t.rows(e, rows)
		rows.Close()
		ended.SetText("words", rows.Words())
	} else {
		lines := lineblock.NewReader(turning{t, e.Reader})
		err = t.lines(e, lines)
		ended.SetInt("toolong", lines.TooLong())
	}
	if err != nil {
		ended.SetText("error", err.Error())
	}
	if e.Within != "" {
		ended.SetText("sum", strconv.FormatUint(t.sum.Sum64(), 10))
	}
	t.post(ended)
	return nil
}

// turnMS is for how long a reader works before it hears what has been said meanwhile, and says that it is alive: what it waits for comes
// from the browser by promises, which go before messages and timers.
const turnMS = 100

// turn is between two steps of the work.
func (t *task) turn() {
	if now := browser.NowMS(); now-t.turned > turnMS {
		browser.Yield()
		t.turned = now
	}
}

// turning turns before every read, however many of them a step takes: a line without an end is read in one.
type turning struct {
	task *task
	from io.Reader
}

func (r turning) Read(b []byte) (int, error) {
	r.task.turn()
	return r.from.Read(b)
}

// lines sends the lines of an entry.
func (t *task) lines(e unpack.Entry, lines *lineblock.Reader) error {
	chunk := make([]byte, 0, chunkBytes+lineblock.Size)
	return t.each(func() error {
		block, _, err := lines.Next()
		if chunk = append(chunk, block...); len(chunk) >= chunkBytes || err != nil {
			t.send(e, chunk, "", nil)
			chunk = chunk[:0]
		}
		return err
	})
}

// rows sends the rows of a capture.
func (t *task) rows(e unpack.Entry, rows Rows) error {
	chunk := make([]byte, 0, chunkBytes)
	return t.each(func() (err error) {
		if chunk, err = rows.Append(chunk[:0]); len(chunk) > 0 {
			t.send(e, chunk, strconv.FormatInt(rows.Base(), 10), rows.Names())
		}
		return err
	})
}

// each goes on until the end.
func (t *task) each(step func() error) error {
	for {
		t.turn()
		switch err := step(); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}

// send sends lines, once the lead is not too far behind.
func (t *task) send(e unpack.Entry, lines []byte, base string, names []byte) {
	if len(lines) == 0 {
		return
	}
	for t.ahead > 0 && t.ahead+int64(len(lines)) > maxAhead {
		<-t.acked
	}
	t.ahead += int64(len(lines))
	if e.Within != "" {
		t.sum.Write(lines)
	}
	var room browser.Space
	if n := len(t.room); n > 0 {
		room, t.room = t.room[n-1], t.room[:n-1]
	}
	m := browser.NewMessage("chunk").SetInt("task", t.number).SetInt("entry", int64(e.Number)).SetInt("consumed", t.consumed).SetBytesIn("bytes", lines, room)
	if len(names) > 0 {
		m.SetBytes("names", names)
	}
	if base != "" {
		m.SetText("base", base)
	}
	browser.PostMoved(m, "bytes")
}
