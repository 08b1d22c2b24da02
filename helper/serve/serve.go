// Package serve gives the page to the browsers of this machine, and streams the hour files to it over a websocket.
//
// Everything it serves is readable by whoever can talk to it, so who can is decided on every request: only loopback addresses are
// listened on, the Host must be one of ours (against rebound names), the websocket's Origin must be ours or one that the user
// named (against other pages), and the stream needs the token of the printed link.
package serve

import (
	"context"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"tracelens/helper/hourly"
	"tracelens/shared/wire"
)

// Config says what is served, and to whom.
type Config struct {
	Folder  *hourly.Folder
	Page    fs.FS    // the built site
	Build   string   // of the page that belongs to this helper
	Source  string   // what is captured, in a word
	Token   string   // what a page must know
	Origins []string // of pages, besides our own, that may connect
	Status  func() wire.Status
}

// A Server serves until it is shut down.
type Server struct {
	Config
	hosts   map[string]bool // allowed values of Host
	origins map[string]bool // allowed values of Origin
	http    http.Server
	page    *page

	sockets  chan struct{} // as many as there may be connections
	clients  chan struct{} // as many as there may be clients that have shown the token
	closing  chan struct{} // closed when the clients are to be sent what is left, and let go
	shutdown sync.Once
	active   sync.WaitGroup
}

const (
	maxClients = 32
	maxSockets = 2 * maxClients // those that have not shown the token included
)

// New makes a server for the port it will listen on.
func New(c Config, port int) *Server {
	s := &Server{
		Config: c, hosts: map[string]bool{}, origins: map[string]bool{}, page: newPage(c.Page),
		sockets: make(chan struct{}, maxSockets), clients: make(chan struct{}, maxClients), closing: make(chan struct{}),
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		hostport := host + ":" + strconv.Itoa(port)
		s.hosts[hostport] = true
		s.origins["http://"+hostport] = true
		if port == 80 { // which browsers leave out
			s.hosts[host] = true
			s.origins["http://"+host] = true
		}
	}
	for _, o := range c.Origins {
		s.origins[o] = true
	}
	s.http = http.Server{
		Handler:           s.guard(s.routes()),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	return s
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/ws", s.socket)
	mux.Handle("/", s.page)
	return mux
}

// Serve answers on the listeners until Shutdown.
func (s *Server) Serve(listeners []net.Listener) error {
	errs := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { errs <- s.http.Serve(l) }()
	}
	err := <-errs
	if err == http.ErrServerClosed {
		return nil
	}
	return err
}

// Shutdown sends the clients what is left of the stream and the last status, then closes. It waits no longer than ctx.
func (s *Server) Shutdown(ctx context.Context) {
	s.shutdown.Do(func() { close(s.closing) })
	gone := make(chan struct{})
	go func() {
		s.active.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
	}
	s.http.Close()
}
