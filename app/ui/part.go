package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/internal/browser"
)

// A part of the page stays as it is while somebody drags and cannot see it, and is made anew when the drag is over: to compare the elements
// of all parts for each move of a pointer took a third of the time of a redraw.
type part struct {
	app.Compo
	Round int // another one has it made anew
	draw  func() app.UI
}

func (d *part) Render() app.UI { return d.draw() }

// part is the part whose element has the id; draw makes it from what the page is then.
func (p *Page) part(id string, draw func() app.UI) app.UI {
	if !p.held.unseen[id] {
		p.rounds[id]++
	}
	return &part{Round: p.rounds[id], draw: draw}
}

// unseen are the parts that are out of sight.
func (p *Page) unseen() map[string]bool {
	m := map[string]bool{}
	for id := range p.rounds {
		m[id] = !browser.InSight("#" + id)
	}
	return m
}
