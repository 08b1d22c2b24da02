package ui

import (
	"net/url"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/engine"
	"tracelens/app/internal/browser"
)

// connectForm takes the link that the helper printed. Nothing is connected to before somebody says so here.
func (p *Page) connectForm() app.UI {
	return app.Div().Class("form").Body(
		p.toggle("What comes first", []string{"Newest first", "Oldest first"}, boolIndex(p.oldestFirst), func(i int) { p.oldestFirst = i == 1 }),
		app.P().Class("row").Body(
			line("connect-url", "Address of the helper, with its token", "http://127.0.0.1:8421/#token=…", p.connectURL).
				OnInput(p.ValueTo(&p.connectURL)).OnChange(p.ValueTo(&p.connectURL)).OnKeyDown(func(ctx app.Context, e app.Event) {
				if e.Get("key").String() == "Enter" {
					p.connect(ctx, e)
				}
			}),
			app.Button().Class("button primary").DataSet("testid", "connect").Text("Connect").OnClick(p.connect),
		),
	)
}

func (p *Page) connect(app.Context, app.Event) {
	socket, token, problem := helperAddress(p.connectURL)
	if problem != "" {
		p.reset(Error, ofNothing)
		p.problem = problem
		return
	}
	p.reset(Loading, ofHelper)
	p.engine.Connect(socket, token, !p.oldestFirst)
}

// takeToken takes the token of a link that was opened out of the address.
func (p *Page) takeToken() {
	if token := strings.TrimPrefix(browser.TakeFragment(), tokenFragment); token != "" {
		p.connectURL = browser.Origin() + "/" + tokenFragment + token
	}
}

const tokenFragment = "#token="

// ofHelpersPage reports whether this page came from the helper that it is to connect to.
func (p *Page) ofHelpersPage() bool { return strings.HasPrefix(p.connectURL, browser.Origin()+"/") }

// newBuild has the page loaded anew because another build of it should be here. It returns false if that did not help before.
func (p *Page) newBuild(connect bool) bool {
	fragment := ""
	if p.ofHelpersPage() {
		fragment = p.connectURL[strings.Index(p.connectURL, "#"):]
	}
	return browser.Renew(build(), fragment, connect)
}

func (p *Page) reload(ctx app.Context, _ app.Event) {
	if !p.newBuild(false) {
		ctx.Reload()
	}
}

// build is that of this page.
func build() string { return app.Getenv("GOAPP_VERSION") }

// showLive shows what has become of the connection.
func (p *Page) showLive(l engine.Live) {
	before := p.live
	answered := before.Open || before.Lost // there will be figures, if there are none yet
	switch {
	case l.Open:
		if !answered {
			p.meet(l.Build)
		}
		p.live = l
		return
	case l.Lost:
		before.Open, before.Lost = false, true
		p.live = before
		return
	case l.Cancelled && !answered:
		p.state, p.of = Empty, ofNothing
	case l.Cancelled:
		p.note = "The connection was ended here. The figures show what had come."
	case l.Version && p.ofHelpersPage() && p.newBuild(true):
	case !answered:
		p.fail(l.Problem)
		p.remedy = l.Remedy
	default:
		p.note = l.Problem + " What came before stays here."
	}
	p.live = engine.Live{Source: before.Source, Captured: before.Captured, Dropped: before.Dropped}
}

// meet compares the build of the page that the helper brings with this one.
func (p *Page) meet(helpers string) {
	if helpers == build() || p.ofHelpersPage() && p.newBuild(true) {
		return
	}
	p.note = "This page and the helper are of different builds. They understand each other; the helper's link opens the page that belongs to it."
}

// ownPage offers the helper's own page, which every browser lets connect, and then what else there is to do.
func (p *Page) ownPage() []app.UI {
	switch {
	case p.remedy == "":
		return nil
	case p.ofHelpersPage():
		return []app.UI{app.Text(" " + p.remedy)}
	}
	return []app.UI{app.Text(" "), act("link", "own-page", "Open the helper's own page", "", func() { browser.OpenTab(p.connectURL) }), app.Text(". " + p.remedy)}
}

// helperAddress takes the link that the helper prints, or an address with its token, apart.
func helperAddress(text string) (socket, token, problem string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", "", "Paste the link that the helper printed: http://127.0.0.1:8421/#token=… Start the helper with: tracelens"
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "", "", "This is no address of a helper: " + text
	}
	if own, _ := url.Parse(browser.Origin()); !slices.Contains([]string{"127.0.0.1", "localhost", own.Hostname()}, u.Hostname()) {
		return "", "", "A helper is on the machine of its user, so the address must begin with http://127.0.0.1: or http://localhost: and not be " + text
	}
	token = strings.TrimPrefix(u.Fragment, tokenFragment[1:])
	if token == "" {
		return "", "", "The address lacks its token. Paste the whole link that the helper printed, with what follows #."
	}
	scheme := "ws"
	if u.Scheme == "https" || u.Scheme == "wss" {
		scheme = "wss"
	}
	return scheme + "://" + u.Host + "/ws", token, ""
}
