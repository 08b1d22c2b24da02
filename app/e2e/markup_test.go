package e2e

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
)

// TestMarkupIsText: names and cells that look like markup are shown as text and do nothing.
func TestMarkupIsText(t *testing.T) {
	t.Parallel()
	const markup = `<img src=x onerror="alert(1)"><script>alert(2)<` + "\u2044script>.csv" // a name holds no slash
	const cell = `<img src=x onerror=alert(3)>`
	dir := t.TempDir()
	file := write(t, dir, markup, header+someRows+"1.0,"+cell+",1,,192.0.2.2,2,,60,,\n"+cell+",192.0.2.1,1,,192.0.2.2,2,,60,,\n1.0,192.0.2.1,1,,192.0.2.2,2,,"+cell+",,\n")
	odd := write(t, dir, "columns.csv", "frame.time_relative,frame.len,"+cell+",ip.src,ip.dst\n0.1,60,"+cell+",192.0.2.1,192.0.2.2\n")
	bad := write(t, dir, "bad "+markup, cell+"\n")
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for _, name := range []string{"in/" + markup, "in/bad " + markup} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(cell + "\n"))
	}
	z.Close()
	packed := write(t, dir, "<b>packed<b>.zip", archive.String())

	p := open(t, staticHost(t), desktop)
	eval[bool](p, `(() => {
		window.did = [];
		for (const name of ['alert', 'confirm', 'prompt', 'open']) window[name] = () => { window.did.push(name); };
		new MutationObserver(list => list.forEach(m => m.addedNodes.forEach(n => {
			const all = n.querySelectorAll ? [n, ...n.querySelectorAll('*')] : [];
			all.forEach(e => { if (e.matches('script, img[src=x], [onerror], b:not(.logo)')) window.did.push(e.outerHTML); });
		}))).observe(document.documentElement, {subtree: true, childList: true});
		return true;
	})()`)
	check := func(name string, texts ...string) {
		t.Helper()
		if did := eval[[]string](p, "window.did"); len(did) > 0 {
			t.Errorf("%s: markup took effect: %q", name, did)
		}
		shown := eval[string](p, "document.body.innerText")
		for _, text := range texts {
			if !strings.Contains(shown, text) {
				t.Errorf("%s: the page does not show %s", name, text)
			}
		}
	}
	r := p.ready(file)
	p.settled()
	check("a file with skipped rows", markup)
	if r.Packets != 5 || r.Input.Files[0].Name != markup || len(r.Input.Skipped) != 3 {
		t.Errorf("%+v", r.Input)
	}
	p.ready(odd)
	p.settled()
	check("a strange column")
	p.ready(file, bad)
	check("beside a bad file", markup, "bad "+markup)
	p.closed()
	p.opened("error", func() { p.give(packed, bad) })
	check("nothing but bad files", "bad "+markup)
	p.fill("connect-url", "http://"+cell+"/#token="+cell)
	p.opened("error", func() { p.click("connect") })
	check("an address")
}
