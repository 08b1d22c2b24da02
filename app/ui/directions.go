package ui

import (
	"net/netip"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// mineWords say how the user's own addresses are guessed.
const mineWords = "Guessed: private ranges from which something was sent, and public addresses (of IPv6, /64 networks) that talk with by far the most others."

// directions tell traffic in from traffic out, by which addresses are the user's own.
func (p *Page) directions() app.UI {
	r := p.selected()
	d := r.Directions
	text := p.mineText
	if !p.mineTyped {
		text = strings.Join(d.Mine, " ")
	}
	amount := func(name, title string, v report.Volume) app.UI {
		return app.Span().Title(title).Body(app.Text(name+" "), app.Strong().Text(p.bytes(v.Bytes)), app.Text(" "+label.Percent(v.Bytes, r.Bytes)))
	}
	var problem []app.UI
	if p.mineProblem != "" {
		problem = append(problem, app.Span().Class("warn").Attr("role", "alert").Text(p.mineProblem))
	}
	return app.Div().Class("directions").DataSet("testid", "directions").Body(
		amount("In", "From others to your addresses", d.In), amount("Out", "From your addresses to others", d.Out),
		amount("Within", "Between your addresses", d.Within), amount("Beyond", "Between others", d.Beyond),
		app.Label().Class("mine").Title(mineWords).Body(
			app.Text("Your addresses"),
			line("mine", "Your addresses", "192.168.0.0/16 2001:db8::/64", text).
				OnInput(func(ctx app.Context, e app.Event) { p.mineTyped, p.mineText = true, ctx.JSSrc().Get("value").String() }).
				OnChange(func(app.Context, app.Event) { p.setMine() }),
		),
		app.Div().Body(problem...),
	)
}

// setMine takes the prefixes that were typed; none has them guessed again.
func (p *Page) setMine() {
	var list []string
	for _, text := range strings.FieldsFunc(p.mineText, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		prefix, err := netip.ParsePrefix(text)
		if a, bad := netip.ParseAddr(text); err != nil && bad == nil {
			prefix, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			p.mineProblem = "“" + text + "” is no address or prefix, such as 192.168.0.0/16."
			return
		}
		list = append(list, prefix.Masked().String())
	}
	p.mineProblem, p.mineTyped = "", false
	p.engine.Mine(list, len(list) == 0)
}
