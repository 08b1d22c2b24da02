package hourly

import (
	"errors"
	"os"

	"tracelens/shared/trace"
)

// Sync has the disk keep what was written so far through a power failure. It does not keep Write waiting.
func (w *Writer) Sync() {
	if w.options.Exclusive {
		return
	}
	w.mu.Lock()
	var dirty []*hourFile
	for _, h := range w.open {
		if h.dirty {
			h.dirty = false
			dirty = append(dirty, h)
		}
	}
	newName := w.newName
	w.newName = false
	w.mu.Unlock()
	errs := make([]error, len(dirty))
	for i, h := range dirty {
		errs[i] = h.disk.Sync()
	}
	var nameErr error
	if newName {
		nameErr = w.disk.sync()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, h := range dirty {
		if !errors.Is(errs[i], os.ErrClosed) { // which is synced before
			w.doubt(h, errs[i])
		}
	}
	if nameErr != nil {
		w.newName = true
		w.unsure.Add(1)
		w.warn("the names of new files may be lost if the power fails: %v", nameErr)
	}
}

// doubt takes down that a file could not be synced, and closes it: the kernel may have thrown away what it could not write, and a second
// Sync of the same file would not tell (https://lwn.net/Articles/752063/).
func (w *Writer) doubt(h *hourFile, err error) {
	if err == nil {
		return
	}
	w.unsure.Add(1)
	w.warn("the last rows of %s may be lost: the disk does not confirm them: %v", h.name(), cause(err))
	w.forget(h.id)
}

// CloseHours closes the files of hours that had passed at now (unix nanoseconds): nothing is left open because nothing comes. A packet of
// such an hour that comes yet opens its file again. It also writes down the gaps that wait for it.
func (w *Writer) CloseHours(now int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.logGaps()
	for i := len(w.open) - 1; i >= 0; i-- {
		if h := w.open[i]; h.hour*trace.Second+lengthNS <= now {
			w.finish(h)
		}
	}
}
