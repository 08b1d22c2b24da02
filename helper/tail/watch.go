package tail

import (
	"slices"
	"sync"
	"time"

	"tracelens/helper/hourly"
)

const (
	// looksApart is the least time between two looks at a folder that is being written to: what comes within it is seen at once.
	looksApart = 20 * time.Millisecond
	// lookEvery is how often a folder is looked at that nobody in this process writes to.
	lookEvery = time.Second
)

// A Watch looks at a folder for all who follow it. To look takes time that grows with the number of files, so it is done once for all, no
// sooner than something has been written, and never for more than a small share of one core.
type Watch struct {
	folder *hourly.Folder
	end    chan struct{}
	ended  sync.Once

	mu  sync.Mutex
	now *listing
}

// A listing is what a folder held when it was looked at.
type listing struct {
	files []hourly.File // oldest first
	err   error
	newer chan struct{} // closed when there is a newer one
}

// NewWatch begins to look at a folder. Close ends it.
func NewWatch(folder *hourly.Folder) *Watch {
	w := &Watch{folder: folder, end: make(chan struct{}), now: &listing{newer: make(chan struct{})}}
	changed := folder.Changed()
	took := w.Look()
	go w.run(changed, took)
	return w
}

// Close ends the looking; followers get nothing new from then on.
func (w *Watch) Close() { w.ended.Do(func() { close(w.end) }) }

func (w *Watch) run(changed <-chan struct{}, took time.Duration) {
	for {
		rest := time.NewTimer(max(looksApart, 20*took))
		select {
		case <-w.end:
			rest.Stop()
			return
		case <-rest.C:
		}
		idle := time.NewTimer(max(lookEvery, 200*took))
		select {
		case <-w.end:
			idle.Stop()
			return
		case <-changed:
		case <-idle.C:
		}
		idle.Stop()
		changed = w.folder.Changed() // what is written from now on, while this looks, too, will be looked at
		took = w.Look()
	}
}

// Look looks at the folder now, and returns how long that took.
func (w *Watch) Look() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	begin := time.Now()
	files, err := w.folder.Files()
	if old := w.now; !slices.Equal(files, old.files) || (err == nil) != (old.err == nil) {
		w.now = &listing{files: files, err: err, newer: make(chan struct{})}
		close(old.newer)
	}
	return time.Since(begin)
}

func (w *Watch) listing() *listing {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Bytes is the size of all hour files together, with their names.
func (w *Watch) Bytes() (total int64) {
	for _, f := range w.listing().files {
		total += f.Size + f.Names
	}
	return total
}

// Catalogue lists the hour files as they are now, with the bytes that are whole lines, oldest first.
func (w *Watch) Catalogue() ([]hourly.File, error) {
	w.Look()
	l := w.listing()
	files := slices.Clone(l.files)
	for i := range files {
		if end, err := w.folder.WholeLines(files[i].Hour, files[i].Size); err == nil {
			files[i].Size = end
		}
	}
	return files, l.err
}
