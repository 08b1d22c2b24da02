//go:build js

package main

import "tracelens/app/internal/browser"

// progressMS is how often the page hears of the work.
const progressMS = 100

// A progress tells the page how far the work is, now and then.
type progress struct {
	bytes, total int64
	last         float64
}

func (p *progress) add(file string, bytes int64) {
	p.bytes += bytes
	if now := browser.NowMS(); now-p.last >= progressMS {
		p.last = now
		browser.Post(browser.NewMessage("saving").SetText("file", file).SetInt("bytes", p.bytes).SetInt("total", p.total))
	}
}
