package main

import (
	"context"
	"errors"
	"path/filepath"

	"tracelens/helper/capture"
)

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
		return s.fillFromFile, nil
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
	source, err := capture.Open(s.capture, s.events())
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

func (s *session) fillFromFile(ctx context.Context) error {
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	defer s.source.Close()
	defer context.AfterFunc(ctx, func() { s.source.Close() })()
	p := &pump{source: s.source, files: s.files, names: s.naming(s.files), packets: s.packets, failed: func(err error) error { return err }}
	err := p.run(ctx)
	if err != nil {
		s.setProblem(&s.problem, err.Error())
	}
	return err
}

// fillLive captures until ctx is done. It goes on whatever happens to the interface or the disk.
func (s *session) fillLive(ctx context.Context) error {
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	defer s.source.Close()
	done := make(chan struct{})
	defer close(done)
	go s.tellDrops(done)
	go s.tellPrograms(done)
	goOn := func(error) error { return nil }
	n := s.naming(s.files)
	if n != nil {
		n.hosts, n.owners = s.hosts, s.owners
	}
	p := &pump{source: s.source, files: s.files, names: n, live: true, syncEvery: s.syncEvery, packets: s.packets, failed: goOn}
	return p.run(ctx)
}

// deadline is ctx, ended by -a duration.
func (s *session) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.duration == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, s.duration)
}
