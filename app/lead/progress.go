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
	bytes            int64 // in all
	began, last, due float64
}

func newProgress(sources []*source) *progress {
	now := browser.NowMS()
	p := &progress{began: now, due: now + firstFiguresMS}
	for _, s := range sources {
		p.bytes += s.size
	}
	return p
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
	done := j.total().bytes
	if done == 0 {
		return 0
	}
	return (now - p.began) * float64(p.bytes-done) / float64(done)
}

func (p *progress) message(j *job, now float64) browser.Message {
	t := j.total()
	return browser.NewMessage("progress").SetText("file", p.file).SetInt("bytes", min(t.bytes, p.bytes)).SetInt("total", p.bytes).
		SetInt("rows", t.rows).SetInt("ms", int64(now-p.began))
}
