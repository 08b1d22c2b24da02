package serve

import (
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
		http.Error(w, "pages of this origin may not connect; the user can allow one with -allow-origin", http.StatusForbidden)
		return
	}
	if !enter(s.sockets) {
		http.Error(w, "too many connections", http.StatusServiceUnavailable)
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
	conn.SetReadLimit(wire.MaxFromPage)
	if !s.admit(conn) {
		return
	}
	if !enter(s.clients) {
		fault(conn, "busy", fmt.Sprintf("%d pages are connected already", maxClients))
		return
	}
	defer leave(s.clients)
	if err := s.welcome(conn); err != nil {
		fault(conn, "read", err.Error())
		return
	}
	have, ok := readResume(conn)
	if !ok {
		return
	}
	f := tail.Follow(s.Folder, have, wire.MaxChunk)
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
		fault(conn, "token", "the token is not the one of this tracelens; open the link that it printed when it started")
		return false
	}
	if hello.Version != wire.Version {
		fault(conn, "version", fmt.Sprintf("this page speaks version %d, this tracelens version %d; reload the page", hello.Version, wire.Version))
		return false
	}
	return true
}

func (s *Server) welcome(conn *websocket.Conn) error {
	files, err := tail.Catalogue(s.Folder)
	if err != nil {
		return fmt.Errorf("cannot list the hour files: %w", err)
	}
	m := wire.Welcome{Version: wire.Version, Build: s.Build, Source: s.Source, Live: s.Status().Live}
	for _, f := range files {
		m.Files = append(m.Files, wire.Position{Hour: f.Hour, Offset: f.Size})
	}
	return send(conn, wire.AppendWelcome(nil, m))
}

func readResume(conn *websocket.Conn) (map[int64]int64, bool) {
	conn.SetReadDeadline(time.Now().Add(pongTimeout))
	_, data, err := conn.ReadMessage()
	if err != nil {
		return nil, false
	}
	resume, err := wire.DecodeResume(data)
	if err != nil {
		fault(conn, "protocol", "expected a resume message after the welcome")
		return nil, false
	}
	have := map[int64]int64{}
	for _, p := range resume.Files {
		if p.Offset < 0 {
			fault(conn, "protocol", "a position is negative")
			return nil, false
		}
		have[p.Hour] = p.Offset
	}
	return have, true
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
