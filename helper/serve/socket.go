package serve

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/helper/tail"
	"tracelens/shared/wire"
)

const (
	helloTimeout = wire.HelloTimeoutMS * time.Millisecond
	writeTimeout = 10 * time.Second
	pingEvery    = 15 * time.Second
	pongTimeout  = 3 * pingEvery
)

// socket is the life of one websocket: who it is, where it goes on, then the stream.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	if !s.originAllowed(r) {
		refuse(w, http.StatusForbidden, "pages of this origin may not connect; the user can allow one with -allow-origin")
		return
	}
	if !enter(s.sockets) {
		refuse(w, http.StatusServiceUnavailable, "too many connections")
		return
	}
	defer leave(s.sockets)
	s.active.Add(1)
	defer s.active.Done()
	up := websocket.Upgrader{
		HandshakeTimeout: helloTimeout, ReadBufferSize: wire.MaxFromPage, WriteBufferSize: 64 << 10,
		CheckOrigin: func(*http.Request) bool { return true }, // done above, and stricter
	}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer conn.Close()
	defer context.AfterFunc(s.ended, func() { conn.Close() })()
	conn.SetReadLimit(wire.MaxFromPage)
	if !s.admit(conn) {
		return
	}
	if !enter(s.clients) {
		fault(conn, wire.CodeBusy, fmt.Sprintf("%d pages are connected already", maxClients))
		return
	}
	defer leave(s.clients)
	if err := s.welcome(conn); err != nil {
		fault(conn, wire.CodeRead, err.Error())
		return
	}
	conn.SetReadLimit(wire.MaxResume)
	have, newestFirst, ok := readResume(conn)
	if !ok {
		return
	}
	conn.SetReadLimit(wire.MaxFromPage)
	f := tail.Follow(s.watch, have, newestFirst, wire.MaxChunk)
	defer f.Close()
	newStream(s, conn, f).run()
}

// admit reads the page's Hello. Until the token has been shown nothing at all is sent.
func (s *Server) admit(conn *websocket.Conn) bool {
	conn.SetReadDeadline(time.Now().Add(helloTimeout))
	kind, data, err := conn.ReadMessage()
	if err != nil {
		return false
	}
	hello, err := wire.DecodeHello(data)
	if err != nil || kind != websocket.BinaryMessage || subtle.ConstantTimeCompare([]byte(hello.Token), []byte(s.Token)) != 1 {
		fault(conn, wire.CodeToken, "this is not its token. It has another one each time it is started: open the link that it printed then")
		return false
	}
	if hello.Version != wire.Version {
		fault(conn, wire.CodeVersion, versionText(hello.Version))
		return false
	}
	return true
}

// versionText tells a page of another version who is the older of the two, and what to do.
func versionText(page int64) string {
	if page < wire.Version {
		return fmt.Sprintf("this page is older than it (their protocols are %d and %d). Reload the page, or open the link that it printed: that brings its own page", page, wire.Version)
	}
	return fmt.Sprintf("it is older than this page (their protocols are %d and %d). Install the newer tracelens, or open the link that it printed: that brings its own page", wire.Version, page)
}

func (s *Server) welcome(conn *websocket.Conn) error {
	files, err := s.watch.Catalogue()
	if err != nil {
		return fmt.Errorf("cannot list the hour files: %w", err)
	}
	m := wire.Welcome{Version: wire.Version, Build: s.Build, Source: s.Source, Live: s.Status().Live}
	for _, f := range files {
		m.Files = append(m.Files, wire.Position{Hour: f.Hour, Offset: f.Size})
	}
	return send(conn, wire.AppendWelcome(nil, m))
}

func readResume(conn *websocket.Conn) (have map[int64]int64, newestFirst, ok bool) {
	conn.SetReadDeadline(time.Now().Add(pongTimeout))
	_, data, err := conn.ReadMessage()
	if err != nil {
		return nil, false, false
	}
	resume, err := wire.DecodeResume(data)
	if err != nil {
		fault(conn, wire.CodeProtocol, "expected a resume message after the welcome")
		return nil, false, false
	}
	have = map[int64]int64{}
	for _, p := range resume.Files {
		if p.Offset < 0 {
			fault(conn, wire.CodeProtocol, "a position is negative")
			return nil, false, false
		}
		have[p.Hour] = p.Offset
	}
	return have, resume.NewestFirst, true
}

func send(conn *websocket.Conn, message []byte) error {
	conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	return conn.WriteMessage(websocket.BinaryMessage, message)
}

// fault tells the page what is wrong, and says good-bye.
func fault(conn *websocket.Conn, code, text string) {
	if send(conn, wire.AppendFault(nil, wire.Fault{Code: code, Text: text})) == nil {
		goodbye(conn, websocket.ClosePolicyViolation, code)
	}
}

func goodbye(conn *websocket.Conn, code int, text string) {
	conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
}

func enter(places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
		return false
	}
}

func leave(places chan struct{}) { <-places }
