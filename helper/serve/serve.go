// Package serve gives the page to the browsers of this machine, and streams the hour files to it over a websocket.
//
//	every request   -> guard: is the Host one of ours?  -> page: the built site, which holds nothing secret
//	                                                    -> socket: is the Origin ours or allowed? then Hello: is the token right?
//	                                                       -> stream: byte ranges of the hour files, status, and acknowledgements
//
// Everything on the stream is readable by whoever can talk to it, so who can is decided on every request: only loopback addresses are
// listened on, the Host must be one of ours (against rebound names), the websocket's Origin must be ours or one that the user
// named (against other pages), and the stream needs the token of the printed link (against other users and programs).
// Hosts and origins are compared byte by byte with a list: nothing in them is parsed.
//
// A client cannot hold the helper up: connections, pages, what each may send and how long it may take are bounded, and a page that does
// not read is sent no more.
package serve

import (
	"context"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"tracelens/helper/hourly"
	"tracelens/helper/tail"
	"tracelens/shared/wire"
)

// Config says what is served, and to whom.
type Config struct {
	Folder  *hourly.Folder
	Page    fs.FS              // the built site
	Build   string             // of the page that belongs to this helper
	Source  string             // what is captured, in a word
	Token   string             // what a page must know
	Origins []string           // of pages, besides our own, that may connect
	Status  func() wire.Status // without the bytes, which the server knows
}

// A Server serves until it is shut down.
type Server struct {
	Config
	hosts   map[string]bool // allowed values of Host
	origins map[string]bool // allowed values of Origin
	http    http.Server
	page    *page
	watch   *tail.Watch

	sockets  chan struct{} // as many as there may be connections
	clients  chan struct{} // as many as there may be clients that have shown the token
	closing  chan struct{} // closed when the clients are to be sent what is left, and let go
	shutdown sync.Once
	active   sync.WaitGroup
	ended    context.Context // done when no client may stay
	end      func()
}

const (
	maxClients     = 32
	maxSockets     = 2 * maxClients // those that have not shown the token included
	maxConnections = 4 * maxClients // of any kind, for each listener; more wait until one ends
	maxHeaderBytes = 16 << 10
	requestTimeout = 5 * time.Second  // for a request to come
	answerTimeout  = 60 * time.Second // for a file of the page to go
	idleTimeout    = 15 * time.Second // between two requests
)

// New makes a server for the listeners that it will serve on.
func New(c Config, listeners []net.Listener) *Server {
	s := &Server{
		Config: c, hosts: map[string]bool{}, origins: map[string]bool{}, page: newPage(c.Page), watch: tail.NewWatch(c.Folder),
		sockets: make(chan struct{}, maxSockets), clients: make(chan struct{}, maxClients), closing: make(chan struct{}),
	}
	s.ended, s.end = context.WithCancel(context.Background())
	allow := func(host string, port uint16) {
		list := []string{net.JoinHostPort(host, strconv.Itoa(int(port)))}
		if port == 80 { // which browsers leave out
			list = append(list, strings.TrimSuffix(list[0], ":80"))
		}
		for _, hostport := range list {
			s.hosts[hostport], s.origins["http://"+hostport] = true, true
		}
	}
	for _, l := range listeners {
		allow(at(l).Addr().String(), at(l).Port())
		allow("localhost", at(l).Port())
	}
	for _, o := range c.Origins {
		s.origins[o] = true
	}
	s.http = http.Server{
		Handler:           s.guard(s.routes()),
		ReadHeaderTimeout: requestTimeout,
		ReadTimeout:       requestTimeout, // websockets are none of the server's any more, and have their own
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,

		DisableGeneralOptionsHandler: true,                       // it would answer before the guard
		ErrorLog:                     log.New(io.Discard, "", 0), // of clients that talk nonsense: anybody could fill a log with it
	}
	return s
}

// status is how the capture and the disk are doing.
func (s *Server) status() wire.Status {
	m := s.Status()
	m.FileBytes, m.FreeBytes = s.watch.Bytes(), -1
	if free, err := s.Folder.FreeBytes(); err == nil {
		m.FreeBytes = free
	}
	return m
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
		go func() { errs <- s.http.Serve(netutil.LimitListener(l, maxConnections)) }()
	}
	err := <-errs
	if err == http.ErrServerClosed {
		return nil
	}
	return err
}

// Shutdown sends the clients what is left of the stream and the last status, then closes. It waits no longer than ctx.
func (s *Server) Shutdown(ctx context.Context) {
	s.shutdown.Do(func() {
		s.watch.Look() // what has been written is sent
		close(s.closing)
	})
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
	s.end() // websockets are none of its connections any more
	s.watch.Close()
}
