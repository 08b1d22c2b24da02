package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tracelens/helper/capture"
	"tracelens/helper/hourly"
	"tracelens/helper/privileges"
	"tracelens/helper/programs"
	"tracelens/helper/serve"
	"tracelens/shared/called"
	"tracelens/web"
)

// drainTimeout bounds how long pages may take for the last rows when the program stops.
const drainTimeout = 2 * time.Second

// A session fills the hour files, by capturing or from a file, and serves them meanwhile.
type session struct {
	*worker
	files  *hourly.Writer
	name   string         // what is captured
	source capture.Source // nil when there is none

	mu      sync.Mutex
	live    bool
	problem string   // why nothing is captured for good, in words
	outage  string   // why nothing is captured now
	notes   []string // what pages are told
	gaps    int64    // that are over
	rate    packetRate
	hosts   []called.Name // that this machine knows
	owners  *owners       // of its ports; nil if nobody looks
	aside   *programs.Aside
	seesAll bool // it may look at the programs of all users
}

// serve runs a session until it is told to stop, or has done what it was asked for.
func (w *worker) serve(ctx context.Context) error {
	listeners, err := serve.Listen(w.listen, w.expose)
	if err != nil {
		return err
	}
	defer closeAll(listeners)
	temporary := w.read != "" && w.dir == ""
	var above *os.Root // of the temporary folder
	if temporary {
		if w.dir, err = os.MkdirTemp("", "tracelens-"); err != nil {
			return err
		}
		if above, err = os.OpenRoot(filepath.Dir(w.dir)); err != nil {
			return err
		}
		defer above.Close()
		defer above.Remove(filepath.Base(w.dir))
	} else if w.dir == "" {
		w.dir = defaultDir
	}
	s := &session{worker: w, live: true}
	if !w.noNames {
		s.hosts = hosts(hostsFile()) // while it can be reached
	}
	fill, err := s.open()
	if err != nil {
		return err
	}
	capturing := w.read == "" && s.source != nil
	var last func()
	if capturing && !w.noNames {
		last = s.lookAside
		defer s.lookNoMore()
	}
	folder, err := w.settle(privileges.Needs{Temporary: temporary, Capture: capturing}, last)
	if err != nil {
		return err
	}
	defer folder.Close()
	if temporary {
		defer folder.Empty()
	}
	o := w.fileOptions(temporary)
	o.GapOver = s.gapOver
	if s.files, err = hourly.Open(folder, o); err != nil {
		return err
	}
	defer s.files.Close()

	token := make([]byte, 16)
	rand.Read(token)
	config := serve.Config{
		Folder: folder, Page: web.Files, Build: web.Build(), Source: s.name, Token: hex.EncodeToString(token), Origins: w.origins, Status: s.status,
	}
	server := serve.New(config, listeners)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listeners) }()
	if forget, err := w.tellLink(folder, serve.Link(listeners, config.Token)); err != nil {
		return err
	} else {
		defer forget()
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	filled := make(chan error, 1)
	go func() {
		err := fill(ctx)
		s.mu.Lock()
		s.live = false
		s.mu.Unlock()
		filled <- err
	}()
	return s.wait(ctx, cancel, server, served, filled)
}

// wait returns when the user or the flags end the session.
func (s *session) wait(ctx context.Context, cancel func(), server *serve.Server, served, filled <-chan error) (err error) {
	select {
	case err = <-filled:
		filled = nil
		if s.stays(ctx, err) {
			if err != nil {
				fmt.Fprintf(s.stderr, "tracelens: %v\n", err)
				err = errReported
			}
			select {
			case <-ctx.Done():
			case serveErr := <-served:
				err = errors.Join(err, serveErr)
			}
		}
	case <-ctx.Done():
	case err = <-served:
	}
	cancel()
	if filled != nil {
		err = errors.Join(err, <-filled)
	}
	drain, done := context.WithTimeout(context.Background(), drainTimeout)
	defer done()
	server.Shutdown(drain)
	s.files.Close()
	return errors.Join(err, s.summary(s.stats(), s.files, s.read == ""))
}

// stays says whether there is still something to serve when nothing more will be written: a file that was read, or the files
// of earlier captures. A capture that has stopped by itself, as -a asked, ends the program, like tshark's.
func (s *session) stays(ctx context.Context, err error) bool {
	return ctx.Err() == nil && (cannotCapture(err) || s.read != "" && (err == nil || s.stats().Captured > 0))
}

// linkFile is where a service leaves the link, in the folder of the hour files.
const linkFile = "link"

// tellLink prints the link, or writes it to its file and says where that is; forget removes it, for the link is of no use afterwards.
func (w *worker) tellLink(folder *hourly.Folder, link string) (forget func(), err error) {
	if w.expose {
		w.warn("Whoever can reach %s and has the link can read this trace, and what is sent is not encrypted. Without -expose only this machine can; from another one: ssh -L", w.listen)
	}
	if !w.link {
		fmt.Fprintf(w.stdout, "Open %s\n", link)
		return func() {}, nil
	}
	if err := folder.Put(linkFile, link+"\n"); err != nil {
		return nil, fmt.Errorf("cannot write the link to %s: %w", filepath.Join(folder.Name(), linkFile), err)
	}
	fmt.Fprintf(w.stdout, "Open the link in %s\n", filepath.Join(folder.Name(), linkFile))
	return func() { folder.Remove(linkFile) }, nil
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		l.Close()
	}
}
