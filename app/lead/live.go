//go:build js

package lead

import (
	"errors"
	"io"

	"tracelens/app/internal/browser"
	"tracelens/shared/wire"
)

const (
	// answerMS is how long the helper may take to answer; on the same machine it takes a few.
	answerMS = 10_000
	// askedMS is how long it may take where the browser asks the user first.
	askedMS = 120_000
	// silentMS is how long the helper may say nothing: it tells its state every second.
	silentMS = 10_000
	// liveFiguresMS is how often the page gets new figures while rows arrive.
	liveFiguresMS = 300
	// mostFiguresMS is how long it gets none, at most, while what there is already comes.
	mostFiguresMS = 5000
	// A connection that is lost is tried again after firstWaitMS, and then after twice as long each time, up to mostWaitMS.
	firstWaitMS = 100
	mostWaitMS  = 10_000
)

// A stream is what comes from the helper: the hour files as far as they have come, over one connection after the other.
type stream struct {
	job         *job
	url, token  string
	newestFirst bool
	socket      *browser.Socket
	hours       map[int64]*source
	dirty       bool
	told        float64         // when the page last heard of rows
	began, due  float64         // the next figures, before it has caught up
	welcome     wire.Welcome    // of this connection
	known       bool            // there has been one
	wanted      map[int64]int64 // bytes of each hour that were on the disk at the first welcome
	total       int64           // of them
	missing     int64           // of them, those that have not come
	caught      bool            // all of them have been counted
	have        int64           // bytes of chunks and names that have come
	before      int64           // of those, over earlier connections
	passed      int64           // of those, that are not read: names, and files that cannot be
	acked       int64           // over this connection
	heard       float64         // when the helper last said something
}

// follow connects to the helper and counts what it sends, until it ends or the user wants no more. A connection that breaks is made anew
// and goes on where it was, to the byte.
func (j *job) follow(url, token string, newestFirst bool) {
	now := browser.NowMS()
	s := &stream{
		job: j, url: url, token: token, newestFirst: newestFirst, hours: map[int64]*source{}, wanted: map[int64]int64{},
		began: now, due: now + firstFiguresMS,
	}
	j.stream = s
	end := s.connect()
	for wait := int64(firstWaitMS); s.known && end.again(); wait = min(2*wait, mostWaitMS) {
		if end.after { // it had worked
			wait = firstWaitMS
		}
		j.post(browser.NewMessage("live").SetText("state", "lost"))
		if !s.rest(wait) {
			end = ending{cancelled: true}
			break
		}
		end = s.connect()
	}
	s.over(end)
}

// rest waits before the next attempt, and until most of what came has been read: every connection may bring as much again. It returns
// false when the user wants no more.
func (s *stream) rest(ms int64) bool {
	for begin := browser.NowMS(); !s.job.cancelled; {
		if browser.NowMS()-begin >= float64(ms) && s.have-s.read() < wire.MaxInFlight/2 {
			return true
		}
		browser.SleepMS(min(ms, 50))
	}
	return false
}

// read is how many of the bytes that have come have been read; less for a while, when what a dead counter had is read again.
func (s *stream) read() int64 { return s.job.read.bytes + s.passed }

// over tells the page how it ended, and gives the last figures.
func (s *stream) over(end ending) {
	m := browser.NewMessage("live").SetText("state", "closed")
	if end.cancelled {
		m.SetText("state", "cancelled")
	} else {
		problem, remedy := end.words(), ""
		if end.unreachable {
			problem, remedy = unreachable(s.url)
		}
		m.SetText("problem", problem).SetText("remedy", remedy)
		if end.fault.Code == wire.CodeVersion {
			m.SetInt("version", 1)
		}
	}
	s.job.post(m)
	if s.known {
		s.job.reading = true // until what has come is read
		s.job.finish()
	}
}

// connect makes a connection and follows it to its end.
func (s *stream) connect() ending {
	s.welcome, s.before, s.acked = wire.Welcome{}, s.have, 0
	limit := int64(answerMS)
	if browser.Reach() == browser.Asks && !s.known {
		limit = askedMS
	}
	if s.job.cancelled { // while that was asked
		return ending{cancelled: true}
	}
	socket, err := browser.Dial(s.url)
	if err != nil {
		return ending{unreachable: true}
	}
	defer func() {
		socket.Close()
		s.socket = nil
	}()
	s.socket, s.job.socket = socket, socket
	s.heard = browser.NowMS() + float64(limit-silentMS)
	s.watch(socket)
	if socket.Opened() != nil {
		return ending{unreachable: true, cancelled: s.job.cancelled}
	}
	s.heard = browser.NowMS()
	socket.Send(wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: s.token}))
	for !s.job.cancelled {
		m, err := socket.Receive()
		if err == io.EOF {
			return ending{cancelled: s.job.cancelled, after: s.welcome.Version != 0, stopped: socket.CloseCode() == goingAway}
		}
		s.heard = browser.NowMS()
		if err := s.take(m); err != nil {
			end := ending{err: err, after: s.welcome.Version != 0}
			end.fault, _ = err.(fault)
			return end
		}
	}
	return ending{cancelled: true}
}

// watch closes a connection on which nothing comes any more: one that was cut without a word, or that was never answered.
func (s *stream) watch(socket *browser.Socket) {
	browser.AfterMS(1000, func() {
		switch {
		case s.socket != socket:
		case s.job.cancelled, browser.NowMS()-s.heard > silentMS:
			socket.Close()
		default:
			s.watch(socket)
		}
	})
}

// take handles one message of the helper.
func (s *stream) take(message browser.Block) error {
	m := message.Head(wire.ChunkHead)
	if wire.KindOf(m) == wire.KindChunk { // its lines are not looked at here
		c, n, err := wire.DecodeChunkHead(m)
		if err == nil {
			err = s.chunk(c, message.From(n))
		}
		s.catchUp()
		return err
	}
	switch m = message.Append(nil); wire.KindOf(m) {
	case wire.KindWelcome:
		w, err := wire.DecodeWelcome(m)
		if err != nil {
			return err
		}
		s.welcome = w
		if !s.known {
			s.known = true
			for _, f := range w.Files {
				s.wanted[f.Hour] = f.Offset
				s.total += f.Offset
			}
			s.missing = s.total
		}
		resume := wire.Resume{NewestFirst: s.newestFirst}
		for hour, h := range s.hours {
			resume.Files = append(resume.Files, wire.Position{Hour: hour, Offset: h.size})
		}
		s.socket.Send(wire.AppendResume(nil, resume))
		s.job.post(s.live())
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
		s.job.post(s.live().SetText("problem", st.Problem).SetInt("capturing", live).SetInt("captured", st.Captured).
			SetInt("rate", st.PacketsPerSecond).SetInt("dropped", st.DroppedKernel+st.DroppedInterface+st.Lost).
			SetInt("files", st.FileBytes).SetInt("free", st.FreeBytes).SetInt("gaps", st.Gaps).SetTexts("notes", st.Notes))
	case wire.KindNames:
		n, err := wire.DecodeNames(m)
		if err != nil {
			return err
		}
		s.job.heard(n.Lines, n.Hour)
		s.have += int64(len(n.Lines))
		s.passed += int64(len(n.Lines))
		s.took()
	case wire.KindFault:
		f, err := wire.DecodeFault(m)
		if err != nil {
			return err
		}
		return fault(f)
	}
	return nil
}

// live begins a message on how the helper is doing.
func (s *stream) live() browser.Message {
	return browser.NewMessage("live").SetText("state", "open").SetText("source", s.welcome.Source).SetText("build", s.welcome.Build)
}

// chunk has the next lines of an hour counted. They go to a counter as they came; the browser keeps a copy, to save packets from, and to read
// again what a dead counter had.
func (s *stream) chunk(c wire.Chunk, lines browser.Block) error {
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
		h.detect(lines.Head(headBytes))
	}
	part := lines.AsFile()
	h.keep(part)
	h.size = h.kept
	h.input.Bytes = h.size
	s.have += lines.Size()
	s.missing -= max(0, min(h.size, s.wanted[c.Hour])-from)
	if h.input.Error != "" {
		s.passed += lines.Size()
		s.took()
		return nil
	}
	j.queue = append(j.queue, &slice{source: h, from: from, to: h.size, part: &part, lines: lines, loose: true})
	j.crew.feed()
	return nil
}

// took tells the helper how much has been read of what it has sent over this connection: it sends no more than a few chunks beyond that.
func (s *stream) took() {
	if n := s.read() - s.before; n > s.acked && s.socket != nil {
		s.acked = n
		s.socket.Send(wire.AppendAck(nil, wire.Ack{Bytes: n}))
	}
	s.draw()
}

// catchUp tells the page when everything that was on the disk at the welcome has been counted: from then on it is live.
func (s *stream) catchUp() {
	if !s.caught && s.known && s.missing <= 0 && !s.job.crew.busy() {
		s.caught, s.job.loaded = true, true
		s.dirty = false
		s.job.refresh()
	}
}

// draw posts figures soon, but not more often than liveFiguresMS; while it catches up it posts how far it is, and figures as rarely as a load
// does, but for who looks at what is captured now.
func (s *stream) draw() {
	s.catchUp()
	if s.dirty {
		return
	}
	s.dirty = true
	every := float64(liveFiguresMS)
	if !s.caught {
		every = progressMS
	}
	browser.AfterMS(int(max(0, every-(browser.NowMS()-s.told))), func() {
		if s.job.cancelled || !s.dirty {
			return
		}
		s.dirty = false
		now := browser.NowMS()
		s.told = now
		if !s.caught {
			s.job.post(browser.NewMessage("progress").SetText("file", "from the helper").SetInt("bytes", s.total-s.missing).SetInt("total", s.total).
				SetInt("rows", s.job.total().rows).SetInt("ms", int64(now-s.began)))
			if now < s.due {
				return
			}
			s.due = now + min(max(figuresMS, now-s.began), mostFiguresMS)
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
