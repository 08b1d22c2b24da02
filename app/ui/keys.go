package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/explore"
	"tracelens/app/internal/browser"
)

// keys are what the keyboard does on the page.
var keys = [][2]string{
	{"/", "type a filter"},
	{"Esc", "clear the range of time or lengths, then the filter"},
	{"← →", "move along a chart that has the focus (Tab); with Shift, select"},
	{"Enter", "select what is there; on the cumulative chart, measure from there"},
	{"+ −", "zoom the chart by the minute"},
	{"z", "zoom to the selection, or back"},
	{"u", "local time or UTC"},
	{"t", "light or dark"},
	{"[ ]", "back and forward among selections, as the browser's own buttons"},
	{"?", "this list"},
}

// pressed does what a key means that was pressed beside charts and inputs.
func (p *Page) pressed(key string, inInput bool) bool {
	if inInput {
		return false
	}
	has := p.whole.Report != nil && p.state != Error
	switch {
	case key == "?":
		toggleHelp()
	case browser.DialogOpen(): // what lies behind it rests, and Escape is the browser's, to close it
		return false
	case key == "Escape" && browser.CloseDetails(".more"):
	case key == "t":
		p.do(p.switchTheme)
	case !has:
		return false
	case key == "/":
		browser.FocusAt("#filter", -1)
	case key == "u":
		p.do(func() { p.utc = !p.utc; p.drawAll() })
	case key == "z":
		s := p.choice.Time
		if s == p.view {
			s = explore.Span{}
		}
		p.setView(s)
	case key == "[":
		browser.GoBack(-1)
	case key == "]":
		browser.GoBack(1)
	case key == "Escape":
		return p.escape()
	default:
		return false
	}
	return true
}

// escape takes away what was chosen on charts, and when there is nothing of it, the filter.
func (p *Page) escape() bool {
	c := p.choice
	switch {
	case p.held.id != "": // a drag that was not meant
		c = p.held.before
		p.held = hold{}
	case !c.Time.Any() || !c.Lengths.Any():
		c.Time, c.Lengths = explore.Span{}, explore.Span{}
		p.setView(explore.Span{})
	case c.Filter != nil:
		c = explore.Choice{}
	case !p.view.Any():
		p.setView(explore.Span{})
	default:
		return false
	}
	p.choose(c, true)
	return true
}

// helpCard lists the keys.
func helpCard() app.UI {
	return dialog("help", "Keys",
		app.Dl().Body(app.Range(keys).Slice(func(i int) app.UI {
			return app.Div().Body(app.Dt().Body(app.Kbd().Text(keys[i][0])), app.Dd().Text(keys[i][1]))
		})),
	)
}

func toggleHelp() { browser.ToggleDialog("#help") }
