package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tracelens/shared/report"
	"tracelens/shared/selection"
)

// enginePath is where the page is served that has the workers and nothing else.
const enginePath = "bench-engine.html"

// enginePage speaks to the workers as package engine does. The clock runs from a message's leaving to the final figures' arrival.
// Whatever else the engine has to say means that something went wrong. Figures become text only when nobody waits for an answer.
const enginePage = `<!doctype html><meta charset="utf-8"><title>Engine</title><link rel="icon" href="data:,"><input type="file" multiple data-testid="files"><script src="web/page.js"></script><script>
'use strict';
const worker = startWorker('worker');
let waits = null, problem = null, improved;
window.improved = new Promise((done) => { improved = () => done(true); });
const fail = (text) => { problem ??= new Error(text); waits?.failed(problem); };
worker.onerror = (e) => fail(e.message);
worker.onmessage = ({data: m}) => {
	const now = performance.now();
	if (m.kind === 'started') window.running = true;
	if (m.kind === 'improved') improved();
	if (m.kind === 'report' && m.final === 1) waits?.done({ms: now - waits.began, lead: m.ms, memory: m.memory, report: m.report});
	if (['failed', 'broken', 'note'].includes(m.kind)) fail(m.kind + ': ' + m.text);
};
const answer = (message) => new Promise((done, failed) => {
	if (problem) throw problem;
	waits = {began: performance.now(), done, failed};
	worker.postMessage(message);
}).finally(() => { waits = null; });
const base64 = (bytes) => {
	let text = '';
	for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
	return btoa(text);
};
const json = (answers) => JSON.stringify(answers.map((a) => ({...a, report: base64(a.report)})));
window.loaded = new Promise((done, failed) => addEventListener('change', (e) =>
	answer({kind: 'open', trace: 1, files: [...e.target.files], refused: []}).then((a) => done(json([a])), failed), {once: true}));
window.ask = async (selections) => {
	const answers = [];
	for (const selection of selections) answers.push(await answer({kind: 'select', selection}));
	return json(answers);
};
</script>`

// answered is what the engine says of a selection.
type answered struct {
	MS     float64        `json:"ms"`     // between message and message, by the page's clock
	Lead   float64        `json:"lead"`   // of these, the lead's own: the rest is the way there and back
	Memory int64          `json:"memory"` // of the counters
	Report []byte         `json:"report"`
	of     *report.Report // decoded
}

// load gives the engine a trace. The figures must be the trace's.
func (t *tab) load(tr *trace) (*answered, error) {
	paths, err := tr.paths()
	if err != nil {
		return nil, err
	}
	if err := t.run(chromedp.SetUploadFiles("[data-testid=files]", paths, chromedp.ByQuery)); err != nil {
		return nil, err
	}
	list, err := t.answers("loaded", []selection.Selection{{}})
	if err != nil {
		return nil, err
	}
	return &list[0], figuresOf(list[0].of).equal(&tr.Want)
}

// improved waits until answers do not become faster any more.
func (t *tab) improved() error {
	var done bool
	return t.run(chromedp.Evaluate("window.improved", &done, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
}

// ask asks for selections, one after the other, and gives each one's answer.
func (t *tab) ask(sels []selection.Selection) ([]answered, error) {
	codes := make([]string, len(sels))
	for i := range sels {
		codes[i] = sels[i].Code()
	}
	text, err := json.Marshal(codes)
	if err != nil {
		return nil, err
	}
	return t.answers(fmt.Sprintf("ask(%s)", text), sels)
}

// answers awaits a promise of the page's: of answers to these selections and no others.
func (t *tab) answers(promise string, sels []selection.Selection) (list []answered, err error) {
	var text string
	err = t.run(chromedp.Evaluate(promise, &text, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	if err == nil {
		err = json.Unmarshal([]byte(text), &list)
	}
	if err != nil {
		return nil, err
	}
	if len(list) != len(sels) {
		return nil, fmt.Errorf("%d answers to %d questions", len(list), len(sels))
	}
	for i := range list {
		a, s := &list[i], &sels[i]
		if a.of, err = report.DecodeBinary(a.Report); err != nil {
			return nil, err
		}
		a.Report = nil
		if about := (report.Selection{From: report.Time(s.FromNS), To: report.Time(s.ToNS), Filter: s.Text()}); a.of.Selection != about {
			return nil, fmt.Errorf("the question was %+v, and the answer is of %+v", about, a.of.Selection)
		}
	}
	return list, nil
}

// engine starts a browser with the workers in it.
func (b *bench) engine(ctx context.Context) (*tab, error) {
	return b.open(ctx, b.pageLink+enginePath, "", "!!window.running")
}
