package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/internal/browser"
)

// tsharkCommand writes a trace that the page opens, for those who have tshark already.
const tsharkCommand = `tshark -i eth0 -a duration:3600 -T fields -E header=y -E separator=, -E occurrence=f ` +
	`-e frame.time_relative -e ip.src -e tcp.srcport -e udp.srcport -e ip.dst -e tcp.dstport -e udp.dstport -e frame.len > $(date +%s).csv`

// theQuestion is what the page answers.
const theQuestion = "What is this traffic, and who is behind it?"

func (p *Page) emptyPage() app.UI {
	return app.Div().Class("empty").Body(
		app.H1().Text(theQuestion),
		app.P().Class("lead").Text("Open a trace and see how much, when, how big and who, exact to the byte. Nothing leaves this machine."),
		p.ways(true),
		footer(),
	)
}

// waysCard offers the ways in again, below the figures.
func (p *Page) waysCard() app.UI {
	title := "Open another trace"
	if p.adds() {
		title = "Add to this trace, or open another"
	}
	return app.Section().Class("card").ID("another").Body(app.H2().Text(title), p.ways(false))
}

// ways are the three ways in, and the sample.
func (p *Page) ways(large bool) app.UI {
	class := "ways"
	heading := func(text string) app.UI { return app.H3().Text(text) }
	if large {
		class += " large"
		heading = func(text string) app.UI { return app.H2().Text(text) } // there is none above it
	}
	return app.Div().Class(class).Body(
		app.Div().Class("way drop").Body(
			heading("Drop files or folders"),
			app.P().Text("Captures (pcap, pcapng), hour files, CSV from tshark or Wireshark, zipped or in folders, anywhere on this page."),
			app.P().Class("row").Body(
				app.Button().Class("button primary").Text("Choose files").OnClick(chooseFiles),
				app.Label().Class("button").Body(
					app.Input().Type("file").Attr("webkitdirectory", true).DataSet("testid", "folder").Class("hidden-input").Aria("label", "Choose a folder of traces"),
					app.Text("Choose a folder"),
				),
				app.Button().Class("button").DataSet("testid", "sample").Text("Try a sample").OnClick(p.sample),
			),
		),
		app.Div().Class("way").Body(
			heading("Connect to the helper"),
			app.P().Text("It captures on your machine and shows the trace as it grows. Paste the link that it printed."),
			p.connectForm(),
		),
		app.Div().Class("way").Body(
			heading("Bring your own tshark"),
			app.P().Text("Write an hour with tshark, then drop the file here."),
			app.If(large, app.Pre().TabIndex(0).Text(tsharkCommand)),
			app.P().Class("row").Body(app.Button().Class("button").Text(p.copyText()).OnClick(p.copyCommand)),
		),
	)
}

func chooseFiles(app.Context, app.Event) {
	app.Window().Get("document").Call("querySelector", "[data-testid=files]").Call("click")
}

func (p *Page) copyText() string {
	if p.copied {
		return "Copied"
	}
	return "Copy the command"
}

func (p *Page) copyCommand(app.Context, app.Event) {
	browser.Copy(tsharkCommand, func(ok bool) {
		p.do(func() { p.copied = ok })
	})
}
