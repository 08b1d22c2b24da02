package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tracelens/helper/capture"
	"tracelens/helper/hourly"
	"tracelens/helper/privileges"
	"tracelens/shared/trace"
)

// errReported is an error that the user has been told of already.
var errReported = errors.New("already reported")

// A worker does what the flags ask for.
type worker struct {
	options
	stdout, stderr io.Writer
	as             string  // the user that root has become
	refused        int64   // packets that could not be anonymised
	names          *naming // that are written, or nil
}

// convert reads a capture file into an empty set of hour files.
func (w *worker) convert(ctx context.Context) error {
	alter, err := w.alter()
	if err != nil {
		return err
	}
	source, err := capture.OpenFile(w.read)
	if err != nil {
		return err
	}
	defer source.Close()
	defer context.AfterFunc(ctx, func() { source.Close() })()
	folder, err := w.settle(privileges.Needs{}, nil)
	if err != nil {
		return err
	}
	defer folder.Close()
	files, err := hourly.Open(folder, w.fileOptions(true))
	if err != nil {
		return err
	}
	p := &pump{source: source, files: files, names: w.naming(files), packets: w.packets, alter: alter, failed: func(err error) error { return err }}
	err = p.run(ctx)
	if exists := (*hourly.ExistsError)(nil); errors.As(err, &exists) {
		files.Undo() // rows that are in the folder already must not be there twice
		files.Close()
		return exists
	}
	err = errors.Join(err, files.Close())
	if err == nil && ctx.Err() != nil {
		err = fmt.Errorf("stopped before the end of %s", w.read)
	}
	if source.Stats().Captured > 0 || err == nil {
		err = errors.Join(err, w.summary(source.Stats(), files, false))
	}
	return err
}

// alter is what becomes of a capture's packets before they are written: nothing, without -anonymize.
func (w *worker) alter() (func(*trace.Packet) bool, error) {
	if w.recipe == nil {
		return nil, nil
	}
	a, err := w.anonymiser()
	if err != nil {
		return nil, err
	}
	return func(p *trace.Packet) bool {
		ok := a.Packet(p, true)
		if !ok {
			w.refused++
		}
		return ok
	}, nil
}

// settle opens the folder of the hour files, and gives up the rights that are not needed any more: all else is open. last, if there is one, is done
// just before that.
func (w *worker) settle(n privileges.Needs, last func()) (*hourly.Folder, error) {
	folder, err := hourly.OpenFolder(w.dir)
	if err != nil {
		return nil, err
	}
	if last != nil {
		last()
	}
	n.Folder = w.dir
	if w.as, err = privileges.Drop(n); err != nil {
		folder.Close()
		return nil, err
	}
	return folder, nil
}

func (w *worker) fileOptions(exclusive bool) hourly.Options {
	return hourly.Options{
		Exclusive: exclusive, KeepFiles: w.keepFiles, KeepBytes: w.keepBytes,
		Removed: func(name string) { w.say("removed %s, the oldest file (-b)", name) }, Warn: func(text string) { w.warn("%s", text) },
	}
}

// summary is what remains to be said at the end. It returns errReported if what was captured is not all in the files.
func (w *worker) summary(s capture.Stats, files *hourly.Writer, live bool) error {
	if live {
		w.say("%d packets captured, %d dropped by the kernel, %d dropped by the interface, %d not written",
			s.Captured, s.DroppedKernel, s.DroppedInterface, files.Lost())
	} else {
		w.say("%d packets read", s.Captured)
	}
	owner := ""
	if w.as != "" {
		owner = ", which belong to " + w.as
	}
	w.say("%d rows written to %d files in %s%s", files.Rows(), files.Files(), w.dir, owner)
	if n := w.names; n != nil && n.missing() > 0 {
		w.warn("%d names could not be written", n.missing())
	}
	if lost := files.Lost(); lost > 0 {
		w.warn("%d packets could not be written", lost)
	}
	if w.refused > 0 {
		w.warn("%d packets are not in the copy: they have an address that there is no pseudonym for", w.refused)
	}
	if files.Lost() > 0 || files.Unsure() > 0 {
		return errReported
	}
	return nil
}

// say prints what -q leaves out.
func (w *worker) say(format string, args ...any) {
	if !w.quiet {
		fmt.Fprintf(w.stdout, format+"\n", args...)
	}
}

// warn prints what went wrong while the program goes on.
func (w *worker) warn(format string, args ...any) {
	fmt.Fprintf(w.stderr, "tracelens: "+format+"\n", args...)
}
