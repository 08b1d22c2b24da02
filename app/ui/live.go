package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/explore"
	"tracelens/shared/trace"
)

// followed are the stretches of a live trace that the page can follow, in minutes; 0 is all of it.
var followed = []int64{0, 1, 5, 15, 60}

// liveBar says how a live capture is doing, and holds it or follows its end.
func (p *Page) liveBar() app.UI {
	bar := app.Div().Class("livebar").DataSet("testid", "live")
	l := p.live
	if !l.Open && !l.Lost {
		return bar
	}
	names, chosen := make([]string, len(followed)), 0
	for i, minutes := range followed {
		switch {
		case minutes == 0:
			names[i] = "all"
		case minutes < 60:
			names[i] = label.Count(minutes) + " min"
		default:
			names[i] = "1 h"
		}
		if minutes == p.follow {
			chosen = i
		}
	}
	pause := "Pause"
	if p.paused {
		pause = "Resume"
	}
	var parts []app.UI
	say := func(text string) { parts = append(parts, app.Span().Text(text)) }
	switch {
	case l.Lost:
		say("Trying to connect again")
	case l.Capturing:
		parts = append(parts, app.Span().DataSet("testid", "live-rate").Text(rateText(l.PerSecond)))
		say(label.Count(l.Captured) + " captured")
		parts = append(parts, app.Span().Class(droppedClass(l.Dropped)).Text(label.Count(l.Dropped)+" dropped"))
	}
	if l.Open && l.Gaps > 0 {
		say(plural(l.Gaps, "gap"))
	}
	if l.Open && l.FileBytes > 0 {
		text := bytes(l.FileBytes) + " of hour files"
		if l.FreeBytes >= 0 {
			text += ", " + bytes(l.FreeBytes) + " free"
		}
		say(text)
	}
	parts = append(parts, app.Span().Class("right").Body(
		p.toggle("Follow the last", names, chosen, func(i int) { p.followLast(followed[i]) }),
		app.Button().Class("button").DataSet("testid", "pause").Text(pause).OnClick(func(app.Context, app.Event) {
			p.paused = !p.paused
			p.engine.Pause(p.paused)
		}),
		app.Button().Class("button").DataSet("testid", "disconnect").Text("Disconnect").OnClick(p.cancel),
	))
	return bar.Body(parts...)
}

func rateText(perSecond int64) string {
	if perSecond < 0 {
		return "–"
	}
	return label.Count(perSecond) + " packets/s"
}

func droppedClass(n int64) string {
	if n > 0 {
		return "warn"
	}
	return ""
}

// followLast has the range of time be the last minutes of the trace, from now on.
func (p *Page) followLast(minutes int64) {
	p.follow = minutes
	c := p.choice
	if c.Time = p.last(); minutes == 0 {
		c.Time = explore.Span{}
	}
	p.setView(c.Time)
	p.choose(c, true)
}

// last is the stretch that is followed.
func (p *Page) last() explore.Span {
	r := p.whole.Report
	if p.follow == 0 || r == nil || r.Packets == 0 {
		return explore.Span{}
	}
	end := trace.Floor(int64(r.End), trace.Second)/trace.Second + 1
	return explore.Span{From: end - p.follow*60, To: end}
}

// goOn moves the range of time to the new end of the trace. Whoever takes hold of the range ends that.
func (p *Page) goOn() {
	if p.follow == 0 || p.held.id != "" {
		return
	}
	c := p.choice
	c.Time = p.last()
	if p.view == p.choice.Time {
		p.view = c.Time
	}
	p.choose(c, false)
}
