package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// rehearsals is how often the rehearsed tables get other cells.
const rehearsals = 4

// A rehearsal is the tables of a trace that nobody sees, below the empty page: what draws them is then compiled well when there is
// something to show, which takes a tenth of a second less for it.
type rehearsal struct {
	app.Compo
	Round int
}

// rehearse puts the tables onto the page, changes them a few times, a turn of the event loop each, and takes them away again.
func (p *Page) rehearse() {
	if p.state != Empty || p.rehearsed == rehearsals {
		return
	}
	p.do(func() {
		p.rehearsed++
		browser.AfterMS(warmPauseMS, p.rehearse)
	})
}

func (r *rehearsal) Render() app.UI {
	who := &whoTable{Bytes: 1e9}
	for i := range 20 {
		n := int64(i*r.Round + 1)
		who.Listing.Rows = append(who.Listing.Rows, report.Row{Key: "192.0.2." + strconv.Itoa(i*r.Round), Bytes: 1e8 / n, Packets: 1e5 / n})
	}
	return app.Div().Hidden(true).Aria("hidden", "true").Body(who)
}
