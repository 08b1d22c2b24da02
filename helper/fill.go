package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"tracelens/helper/capture"
)

// retryEvery is how often an interface that went away is looked for.
const retryEvery = time.Second

// open finds what there is to read, and returns what fills the hour files from it.
func (s *session) open() (fill func(context.Context) error, err error) {
	if s.read != "" {
		source, err := capture.OpenFile(s.read)
		if err != nil {
			return nil, err
		}
		s.source, s.name = source, filepath.Base(s.read)
		if s.read == "-" {
			s.name = "standard input"
		}
		return func(ctx context.Context) error { return s.fillFromFile(ctx, source) }, nil
	}
	all, err := capture.Interfaces()
	if cannotCapture(err) {
		return s.nothing(err), nil
	} else if err != nil {
		return nil, err
	}
	if s.capture.Interface, err = capture.Choose(all, s.capture.Interface); err != nil {
		return nil, err
	}
	s.name = s.capture.Interface
	source, err := capture.Open(s.capture)
	if cannotCapture(err) {
		return s.nothing(err), nil
	} else if err != nil {
		return nil, err
	}
	s.source = source
	return s.fillLive, nil
}

// nothing fills no file: there are only those of earlier captures.
func (s *session) nothing(why error) func(context.Context) error {
	s.problem = why.Error()
	return func(context.Context) error { return why }
}

// cannotCapture says whether an error leaves nothing to do but to serve the files of earlier captures.
func cannotCapture(err error) bool {
	var permission *capture.PermissionError
	return errors.As(err, &permission) || errors.Is(err, capture.ErrNoPcap)
}

func (s *session) fillFromFile(ctx context.Context, source capture.Source) error {
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	defer source.Close()
	defer context.AfterFunc(ctx, func() { source.Close() })()
	p := &pump{source: source, files: s.files, packets: s.packets, failed: func(err error) error { return err }}
	err := p.run(ctx)
	s.report(err)
	return err
}

// fillLive captures until ctx is done. An interface that goes away, as USB and VPN ones do, is opened again when it is back.
func (s *session) fillLive(ctx context.Context) error {
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	for {
		p := &pump{source: s.source, files: s.files, live: true, failed: s.notWritten}
		if s.packets > 0 {
			p.packets = s.packets - s.stats().Captured
		}
		err := p.run(ctx)
		s.source.Close()
		if err == nil {
			return nil
		}
		s.report(err)
		fmt.Fprintf(s.stderr, "tracelens: %s: %v; trying again every second\n", s.name, err)
		if !s.reopen(ctx) {
			return nil
		}
	}
}

// reopen waits for the interface to come back. It returns false if ctx is done before.
func (s *session) reopen(ctx context.Context) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(retryEvery):
		}
		source, err := capture.Open(s.capture)
		if err != nil {
			s.report(err)
			continue
		}
		s.mu.Lock()
		last := s.source.Stats()
		s.before.Captured += last.Captured
		s.before.DroppedKernel += last.DroppedKernel
		s.before.DroppedInterface += last.DroppedInterface
		s.source, s.problem = source, ""
		s.mu.Unlock()
		return true
	}
}

// deadline is ctx, ended by -a duration.
func (s *session) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.duration == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, s.duration)
}

// notWritten is told of rows that could not be written. A live capture goes on: the disk may have room again later.
func (s *session) notWritten(err error) error {
	s.mu.Lock()
	first := s.problem == ""
	s.mu.Unlock()
	s.report(fmt.Errorf("%d rows could not be written: %w", s.files.Lost(), err))
	if first {
		fmt.Fprintf(s.stderr, "tracelens: rows are not written: %v\n", err)
	}
	return nil
}
