package serve

import (
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/helper/tail"
	"tracelens/shared/wire"
)

const statusEvery = time.Second

// A stream sends the rows and the state of the capture to one page. Two goroutines share the connection: listen reads it, run
// writes it.
type stream struct {
	server *Server
	conn   *websocket.Conn
	files  *tail.Follower

	acks    chan int64    // the page's count of bytes, as it comes
	gone    chan struct{} // closed when the page is no longer there
	sent    int64         // bytes of chunks and names
	acked   int64
	message []byte

	statusSent time.Time
	wasLive    bool
	pinged     time.Time
}

func newStream(s *Server, conn *websocket.Conn, files *tail.Follower) *stream {
	return &stream{server: s, conn: conn, files: files, acks: make(chan int64, 1), gone: make(chan struct{}), pinged: time.Now(), wasLive: true}
}

func (t *stream) run() {
	stopped := make(chan struct{})
	defer close(stopped)
	go t.listen(stopped)
	for {
		closing := t.isClosing() // looked at before the files: what was written before it is sent
		more, err := t.sendRows()
		if err == nil {
			err = t.sendStatus(closing && !more)
		}
		if err == nil {
			err = t.ping()
		}
		if err == nil && t.acked > t.sent {
			err = protocolError("it acknowledges more than was sent")
		}
		if err != nil {
			t.refuse(err)
			return
		}
		if closing && !more && t.room() {
			goodbye(t.conn, websocket.CloseGoingAway, "tracelens has stopped")
			return
		}
		if !t.wait(more, closing) {
			return
		}
	}
}

// wait waits until there is something to do: not at all when there are more rows to send. It returns false when the page is gone.
func (t *stream) wait(more, closing bool) bool {
	if more {
		select {
		case n := <-t.acks:
			t.acked = n
		case <-t.gone:
			return false
		default:
		}
		return true
	}
	newer, closes := t.files.Newer(), t.server.closing
	if !t.room() {
		newer = nil // it is the page's turn
	}
	if closing {
		closes = nil
	}
	status := time.NewTimer(time.Until(t.statusSent.Add(statusEvery)))
	defer status.Stop()
	select {
	case n := <-t.acks:
		t.acked = n
	case <-newer:
	case <-closes:
	case <-status.C:
	case <-t.gone:
		return false
	}
	return true
}

func (t *stream) isClosing() bool {
	select {
	case <-t.server.closing:
		return true
	default:
		return false
	}
}

// room says whether the page may be sent one more chunk.
func (t *stream) room() bool { return t.sent-t.acked+wire.MaxChunk <= wire.MaxInFlight }

// sendRows sends the next chunk, or names, if there is one and the page has kept up; more says that another may follow at once.
func (t *stream) sendRows() (more bool, err error) {
	if !t.room() {
		return false, nil
	}
	r, err := t.files.NextNames() // of what the page has, before more of that
	if err == nil {
		t.message = wire.AppendNames(t.message[:0], wire.Names{Hour: r.Hour, Lines: r.Lines})
	} else if errors.Is(err, tail.ErrNothing) {
		r, err = t.files.Next()
		t.message = wire.AppendChunk(t.message[:0], wire.Chunk{Hour: r.Hour, Offset: r.Offset, Lines: r.Lines})
	}
	if errors.Is(err, tail.ErrNothing) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	t.sent += int64(len(r.Lines))
	return true, connError(send(t.conn, t.message))
}

// sendStatus sends the counters once a second, at once when the capture begins or ends, and at the very end.
func (t *stream) sendStatus(last bool) error {
	s := t.server.status()
	if !last && s.Live == t.wasLive && time.Since(t.statusSent) < statusEvery {
		return nil
	}
	t.wasLive, t.statusSent = s.Live, time.Now()
	t.message = wire.AppendStatus(t.message[:0], s)
	return connError(send(t.conn, t.message))
}

func (t *stream) ping() error {
	if time.Since(t.pinged) < pingEvery {
		return nil
	}
	t.pinged = time.Now()
	return connError(t.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)))
}

// listen takes the page's acknowledgements until the connection ends.
func (t *stream) listen(stopped <-chan struct{}) {
	defer close(t.gone)
	alive := func(string) error { return t.conn.SetReadDeadline(time.Now().Add(pongTimeout)) }
	t.conn.SetPongHandler(alive)
	alive("")
	last := int64(0)
	for {
		_, data, err := t.conn.ReadMessage()
		if err != nil {
			return
		}
		ack, err := wire.DecodeAck(data)
		if err != nil || ack.Bytes < last {
			return
		}
		last = ack.Bytes
		alive("")
		select {
		case <-t.acks: // an older one, not looked at yet
		default:
		}
		select {
		case t.acks <- last:
		case <-stopped:
			return
		}
	}
}

type protocolError string

func (e protocolError) Error() string { return string(e) }

// errConn stands for any failure of the connection: there is nobody left to tell.
var errConn = errors.New("serve: the page is gone")

func connError(err error) error {
	if err != nil {
		return errConn
	}
	return nil
}

// refuse tells the page why the stream ends here.
func (t *stream) refuse(err error) {
	var protocol protocolError
	var position *tail.PositionError
	switch {
	case err == errConn:
	case errors.As(err, &protocol):
		fault(t.conn, wire.CodeProtocol, protocol.Error())
	case errors.As(err, &position):
		fault(t.conn, wire.CodePosition, position.Error())
	default:
		fault(t.conn, wire.CodeRead, err.Error())
	}
}
