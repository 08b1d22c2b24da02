//go:build js

package lead

import (
	"errors"
	"io"

	"tracelens/app/internal/browser"
	"tracelens/shared/wire"
)

// answerMS is how long the helper may take to answer; on the same machine it takes a few.
const answerMS = 10_000

// liveFiguresMS is how often the page gets new figures while rows arrive.
const liveFiguresMS = 300

// A stream is a connection to the helper and the hour files as far as they have come over it.
type stream struct {
	job     *job
	socket  *browser.Socket
	hours   map[int64]*source
	dirty   bool
	drawn   float64
	welcome wire.Welcome
	caught  bool // everything that was on the disk at the welcome has come
	total   int64
	have    int64 // bytes of chunks that have come
	passed  int64 // of those that are not read, since their file cannot be
	acked   int64
}

// follow connects to the helper and counts what it sends, for as long as the connection lasts.
func (j *job) follow(url, token string) {
	s := &stream{job: j, hours: map[int64]*source{}}
	j.stream = s
	err := s.run(url, token)
	m := browser.NewMessage("live").SetText("state", "closed")
	switch {
	case err == errCancelled:
		m.SetText("state", "cancelled")
	case err != nil:
		m.SetText("problem", err.Error())
	}
	j.post(m)
	if s.welcome.Version != 0 {
		j.reading = true // until what has come is read
		j.finish()
	}
}

func (s *stream) run(url, token string) error {
	socket, err := browser.Dial(url)
	if err != nil {
		return noConnection(url)
	}
	defer socket.Close()
	s.socket, s.job.socket = socket, socket
	browser.AfterMS(answerMS, func() {
		if s.welcome.Version == 0 {
			socket.Close()
		}
	})
	if err := socket.Opened(); err != nil {
		if s.job.cancelled {
			return errCancelled
		}
		return noConnection(url)
	}
	socket.Send(wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token}))
	for !s.job.cancelled {
		m, err := socket.Receive()
		if err == io.EOF {
			if s.job.cancelled {
				return errCancelled
			}
			if s.welcome.Version == 0 {
				return errors.New("The helper closed the connection before it answered: is it an older version, or the wrong program?")
			}
			return nil
		}
		if err := s.take(m); err != nil {
			return err
		}
	}
	return errCancelled
}

var errCancelled = errors.New("cancelled")

func noConnection(url string) error {
	return errors.New("No connection to the helper at " + url + ": it is not running there, or this browser does not let this page reach it. Start the helper and open the link it prints.")
}

// take handles one message of the helper.
func (s *stream) take(m []byte) error {
	switch wire.KindOf(m) {
	case wire.KindWelcome:
		w, err := wire.DecodeWelcome(m)
		if err != nil {
			return err
		}
		s.welcome = w
		for _, f := range w.Files {
			s.total += f.Offset
		}
		s.socket.Send(wire.AppendResume(nil, wire.Resume{}))
		s.job.post(browser.NewMessage("live").SetText("state", "open").SetText("source", w.Source))
		s.catchUp()
	case wire.KindChunk:
		c, err := wire.DecodeChunk(m)
		if err != nil {
			return err
		}
		if err := s.chunk(c); err != nil {
			return err
		}
		s.catchUp()
	case wire.KindStatus:
		st, err := wire.DecodeStatus(m)
		if err != nil {
			return err
		}
		live := int64(0)
		if st.Live {
			live = 1
		}
		s.job.post(browser.NewMessage("live").SetText("state", "open").SetText("source", s.welcome.Source).SetText("problem", st.Problem).
			SetInt("capturing", live).SetInt("captured", st.Captured).SetInt("dropped", st.DroppedKernel+st.DroppedInterface+st.Lost).SetInt("rows", st.Rows).
			SetTexts("notes", st.Notes))
	case wire.KindFault:
		f, err := wire.DecodeFault(m)
		if err != nil {
			return err
		}
		return errors.New("The helper refused: " + f.Text)
	}
	return nil
}

func (s *stream) chunk(c wire.Chunk) error {
	j := s.job
	h := s.hours[c.Hour]
	if h == nil {
		h = newSource(given{id: newID()}, hourName(c.Hour), 0)
		h.parts = []browser.File{}
		s.hours[c.Hour] = h
		j.sources = append(j.sources, h)
		j.cover(h)
	}
	from := h.size
	if c.Offset != from {
		return errors.New("The helper sent bytes from " + itoa(c.Offset) + " of " + h.name + " where " + itoa(from) + " should follow; please report this.")
	}
	if !h.ready && h.input.Error == "" {
		h.detect(c.Lines)
	}
	part := browser.NewFile("", c.Lines)
	h.keep(part)
	h.size = h.kept
	h.input.Bytes = h.size
	s.have += int64(len(c.Lines))
	if h.input.Error != "" {
		s.passed += int64(len(c.Lines))
		s.took()
		return nil
	}
	j.queue = append(j.queue, &slice{source: h, from: from, to: h.size, part: &part})
	j.crew.feed()
	return nil
}

// took tells the helper how much has been read: it sends no more than a few chunks beyond that.
func (s *stream) took() {
	if n := s.job.read.bytes + s.passed; n > s.acked { // less, while what a dead counter had is read again
		s.acked = n
		s.socket.Send(wire.AppendAck(nil, wire.Ack{Bytes: n}))
	}
	s.draw()
}

// catchUp tells the page when everything that was on the disk at the welcome has been counted: from then on it is live.
func (s *stream) catchUp() {
	if !s.caught && s.have >= s.total && !s.job.crew.busy() {
		s.caught, s.job.loaded = true, true
		s.dirty = false
		s.job.refresh()
	}
}

// draw posts figures soon, but not more often than liveFiguresMS.
func (s *stream) draw() {
	s.catchUp()
	if s.dirty {
		return
	}
	s.dirty = true
	wait := max(0, liveFiguresMS-(browser.NowMS()-s.drawn))
	browser.AfterMS(int(wait), func() {
		if s.job.cancelled || !s.dirty {
			return
		}
		s.dirty = false
		s.drawn = browser.NowMS()
		if !s.caught {
			s.job.post(browser.NewMessage("progress").SetText("file", "from the helper").SetInt("bytes", s.have).SetInt("total", s.total).SetInt("rows", s.job.total().rows))
		}
		switch {
		case s.job.paused:
		case s.job.query.open: // the counters are behind: later
			s.draw()
		default:
			s.job.refresh()
		}
	})
}
