//go:build js

package lead

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/called"
	"tracelens/shared/report"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
)

// maxStore is how many bytes the packets of one counter may take: WebAssembly has 4 GB, and a query and the dictionaries need some
// of it.
const maxStore = 3 << 30

// A job is one trace: its loading and then its life. Work for a job that is not the open one any more stops at the next turn.
type job struct {
	number    int64 // of the trace: every message of the counters carries it
	page      int64 // the page's number of it, which is another when files are added: every message to the page carries that
	crew      *crew
	readers   *readers
	budget    int64     // of each counter
	cancelled bool      // stop reading
	replaced  bool      // and say nothing more: another trace is open
	failed    bool      // and say nothing more: the figures would be wrong
	rehearsal chan bool // of a trace that nobody sees: whether there are figures; nil for others

	trace    *stats.Trace
	book     called.Book // what hosts are called
	sources  []*source
	wish     report.Wish // the list that the page shows
	mine     mine
	queue    []*slice // not handed out yet
	lost     []*slice // likewise, once what they were read from has been unpacked again
	again    []*task  // of what is to be, or is
	read     tally    // of slices that are done
	learning int      // files are being looked at
	started  bool     // some file says when it began
	loaded   bool     // everything has been handed out, and read
	reading  bool     // a load is under way: it ends with figures
	full     bool     // no counter has room for more
	crowded  bool     // of addresses

	views    map[string]*view // by name
	order    []*view          // in which they are asked for
	query    query
	paused   bool // a live trace: nobody wants newer figures
	rows     rows
	wanted   bool   // the page waits for the sources
	bytes    []byte // of the last report, to be written over by the next
	progress *progress
	stream   *stream         // from the helper, if that is where the trace comes from
	socket   *browser.Socket // to it
}

// tally is how much has been read.
type tally struct{ bytes, rows int64 }

func newJob(number int64, c *crew, r *readers, budget int64) *job {
	whole := &view{name: wholeTrace}
	return &job{number: number, page: number, crew: c, readers: r, budget: budget, trace: stats.NewTrace(), views: map[string]*view{wholeTrace: whole}, order: []*view{whole}}
}

// cancel ends the reading, also where it waits for the helper.
func (j *job) cancel() {
	if j.cancelled {
		return
	}
	j.cancelled = true
	j.queue = nil
	j.crew.drop()
	j.lost = nil
	if j.readers.job == j {
		j.readers.stop()
		j.readers.feed()
	}
	if j.socket != nil {
		j.socket.Close()
	}
}

// replace ends all work: another trace is open.
func (j *job) replace() {
	j.replaced = true
	j.giveUpSources()
	j.cancel()
	j.rehearsed(false)
}

// rehearsed says whether a rehearsal has come to figures; of other jobs nobody asks.
func (j *job) rehearsed(figures bool) {
	select {
	case j.rehearsal <- figures:
	default:
	}
}

// seen reports whether the page is to hear of the job.
func (j *job) seen() bool { return !j.replaced && j.rehearsal == nil }

func (j *job) post(m browser.Message) {
	if j.seen() {
		browser.Post(m.SetInt("trace", j.page))
	}
}

func (j *job) postMoved(m browser.Message, fields ...string) {
	if j.seen() {
		browser.PostMoved(m.SetInt("trace", j.page), fields...)
	}
}

func (j *job) note(text string) { j.post(browser.NewMessage("note").SetText("text", text)) }

// fail says that there will be no figures: it is for what would make them wrong.
func (j *job) fail(text string) {
	if !j.failed {
		j.failed = true
		j.rehearsed(false)
		j.giveUpSources()
		j.post(browser.NewMessage("broken").SetText("text", text))
	}
}

// cover notes the hour of a source that has been come to: a load that is cancelled says nothing of the hours it did not come to.
func (j *job) cover(s *source) {
	if s.started && s.base == "" && !s.covered {
		s.covered = true
		j.trace.Cover(s.start)
	}
}

// total adds what the counters say of the slices at hand to what is done.
func (j *job) total() tally {
	t := j.read
	for _, c := range j.crew.counters {
		t.bytes += c.now.bytes
		t.rows += c.now.rows
	}
	return t
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func hourName(hour int64) string { return trace.HourFileName(hour) }
