//go:build js

package lead

import "tracelens/app/internal/browser"

// progressMS is how often the page hears of a load. Figures of what is counted so far come soon for the first time, and then when
// figuresMS, and as much time as the load has taken, have passed: drawing them takes a core that could be reading.
const (
	progressMS     = 200 // each makes the page anew
	firstFiguresMS = 400
	figuresMS      = 1500
	worthMS        = 2500 // and not at all if the last ones are as near as this
)

// A progress tells the page how far a load is, now and then.
type progress struct {
	file             string
	began, last, due float64
}

func newProgress() *progress {
	now := browser.NowMS()
	return &progress{began: now, due: now + firstFiguresMS}
}

// tell posts how far the load is, if it is time to, and figures.
func (p *progress) tell(j *job) {
	now := browser.NowMS()
	if now-p.last < progressMS || j.loaded {
		return
	}
	p.last = now
	j.post(p.message(j, now))
	if now >= p.due && !j.query.open && p.left(j, now) > worthMS {
		p.due = now + max(figuresMS, now-p.began)
		j.refresh()
	}
}

// left is about how many milliseconds the load will still take.
func (p *progress) left(j *job, now float64) float64 {
	f := j.far()
	if f.bytes == 0 {
		return 0
	}
	return (now - p.began) * float64(f.total-f.bytes) / float64(f.bytes)
}

func (p *progress) message(j *job, now float64) browser.Message {
	f := j.far()
	return browser.NewMessage("progress").SetText("file", p.file).SetInt("bytes", min(f.bytes, f.total)).SetInt("total", f.total).
		SetInt("rows", j.total().rows).SetInt("ms", int64(now-p.began)).SetInt("files", f.files).SetInt("done", f.done).SetTexts("reading", f.reading)
}

// maxReading is how many of the files that are being read the page names.
const maxReading = 16

// far is how far all files are that are to be read, in bytes as they were given.
type far struct {
	bytes, total int64
	files, done  int64
	reading      []string // names, bytes and totals
}

func (j *job) far() (f far) {
	atHand := map[*source]int64{}
	for _, c := range j.crew.counters {
		if len(c.at) > 0 {
			atHand[c.at[0].source] += c.now.bytes
		}
	}
	for _, s := range j.sources {
		if !s.wanted() || s.task != nil && s.entry { // the archive counts
			continue
		}
		bytes, total, some := s.done+atHand[s], s.size, atHand[s] > 0
		if t := s.task; t != nil {
			bytes, total, some = t.consumed, s.file.Size(), t.at != nil
		}
		f.files++
		f.bytes += bytes
		f.total += total
		switch {
		case bytes >= total && !some:
			f.done++
		case (some || bytes > 0) && len(f.reading) < 3*maxReading:
			f.reading = append(f.reading, s.input.Name, itoa(min(bytes, total)), itoa(total))
		}
	}
	return f
}
