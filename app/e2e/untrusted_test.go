package e2e

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tracelens/shared/wire"
)

// markup is what others have tried to have run or shown as something else than text. None is longer than what the page shows of a cell.
var markup = []string{
	`<img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`, `"><script>alert(1)</script>`, `</div></main><b>bold</b>`, `<iframe src=javascript:alert(1)>`,
	`<a href=javascript:alert(1)>x`, `javascript:alert(1)`, `' onfocus=alert(1) autofocus='`, `<style>*{display:none}</style>`, `<meta http-equiv=refresh>`,
	`&lt;b&gt;&#60;i&#62;`, `{{7*7}}${7*7}`, `<base href=//192.0.2.1>`, "\u202egnp.exe", `=cmd|' /C calc'!A0`, `@SUM(1+1)`, `<math><mi>x`, `<!-- x`, `]]>`, `<input value=`,
}

// noMarkup wants each text to stand on the page as it is, and nothing of the corpus to have become an element.
func (p *page) noMarkup(where string, texts ...string) {
	p.t.Helper()
	shown := eval[string](p, "document.body.innerText + [...document.querySelectorAll('[title]')].map(e => e.title).join('\\n') + [...document.querySelectorAll('input')].map(e => e.value).join('\\n')")
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			p.t.Errorf("%s: the page does not show %s", where, text)
		}
	}
	if found := eval[[]string](p, `[...document.body.querySelectorAll('script, img, svg, iframe, a, style, meta, base, math, object, embed, [onerror], [onload], [onfocus], b:not(.logo), i:not([style], .edge, [hidden])')]
		.filter(e => !e.closest('#app-wasm-loader')).map(e => e.outerHTML.slice(0, 200))`); len(found) > 0 {
		p.t.Errorf("%s: %q is on the page", where, found)
	}
	if n := eval[int](p, "window.violations"); n != 0 {
		p.t.Errorf("%s: %d times the page tried what its policy forbids", where, n)
	}
}

// TestUntrustedIsText: the corpus as names of files, within archives too, as names of columns and in cells, as host name, and in everything
// that a helper says, is text everywhere and has no effect; nor is it a formula in what is saved.
func TestUntrustedIsText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var files, names []string
	for i, text := range markup {
		name := strings.NewReplacer("/", "\u2044", "\x00", "").Replace(text) + ".csv"
		quoted := `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		content := fmt.Sprintf("frame.time_epoch,frame.len,ip.src,ip.dst,%s\n148388%04d.5,60,192.0.2.1,192.0.2.2,%s\n%[1]s,%[1]s,%[1]s,%[1]s,%[1]s\n", quoted, i, quoted)
		files, names = append(files, write(t, dir, name, content)), append(names, name)
	}
	p := open(t, staticHost(t), desktop)
	p.run(chromedp.Evaluate("window.violations = 0; document.addEventListener('securitypolicyviolation', () => { window.violations++; })", nil))
	r := p.ready(files...)
	p.settled()
	if r.Packets != int64(len(markup)) {
		t.Errorf("%d packets of %d files", r.Packets, len(markup))
	}
	p.until("document.querySelectorAll('.files tbody tr').length >= " + fmt.Sprint(min(len(names), 10)))
	p.noMarkup("names of files", names[0])
	for i, text := range markup {
		one := p.ready(files[i])
		if one.Packets != 1 {
			t.Fatalf("%s: %d packets, %+v", names[i], one.Packets, one.Input)
		}
		p.noMarkup("a name", names[i])
		p.ofFile(names[i], "read-as")
		p.until("document.querySelectorAll('[data-testid=layout] tbody tr').length > 1")
		p.noMarkup("a column and a cell", text)
		p.run(chromedp.Evaluate("document.querySelector('#layout').close()", nil))
	}
	for _, kind := range []string{"who", "hours", "ranges"} {
		p.run(chromedp.Evaluate("document.querySelector('#more-"+kind+"').open = true", nil))
		_, content := contentsOf(t, []string{p.download("save-" + kind + "-csv")})
		rows, err := csv.NewReader(strings.NewReader(string(content[0]))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
					t.Errorf("%s: the cell %q", kind, cell)
				}
			}
		}
	}

	h, _ := feed(t, "-w", t.TempDir())
	f := newFront(t, h)
	f.serve(site)
	p.mayAsk(f.host)
	for _, text := range markup {
		alter := func(message []byte) []byte {
			switch wire.KindOf(message) {
			case wire.KindWelcome:
				m, _ := wire.DecodeWelcome(message)
				m.Source, m.Build = text, text
				return wire.AppendWelcome(nil, m)
			case wire.KindStatus:
				m, _ := wire.DecodeStatus(message)
				m.Problem, m.Notes = "problem "+text, []string{"note " + text}
				return wire.AppendStatus(nil, m)
			}
			return message
		}
		f.alter.Store(&alter)
		p.fill("connect-url", f.link)
		p.click("connect")
		p.until("document.querySelector('.notices').textContent.includes(" + quote("note "+text) + ")")
		p.until("document.querySelector('[data-testid=status]').textContent.includes(" + quote(text+" · live") + ")")
		p.noMarkup("what a helper says", "problem "+text)
		p.click("disconnect")
		p.until("!document.querySelector('[data-testid=live]').firstChild")
		refuse := func([]byte) []byte { return wire.AppendFault(nil, wire.Fault{Code: text, Text: text}) }
		f.alter.Store(&refuse)
		p.fill("connect-url", f.link)
		p.opened("error", func() { p.click("connect") })
		p.noMarkup("a fault", "The helper refused: "+text+".")
		p.fill("connect-url", "http://"+text+"/#token="+text)
		p.opened("error", func() { p.click("connect") })
		p.noMarkup("an address", "http://"+text)
	}
}
