package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	"tracelens/app/internal/chromium"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A handLog is what a page went through while a hand dragged a range of time over it: times in milliseconds.
type handLog struct {
	Packets int64     `json:"packets"`
	Moves   int       `json:"moves"`   // of the pointer
	Seconds float64   `json:"seconds"` // from the first of them until the page had taken the last
	Redrawn []float64 `json:"redrawn"` // for each choice, how long until every figure and chart was of it or of a later one
	Updates int       `json:"updates"` // how often all figures and charts were redrawn
	Frames  []float64 `json:"frames"`  // between two frames of the browser
	Tasks   []float64 `json:"tasks"`   // of the page's thread, those over 50 ms
	Filters []float64 `json:"filters"` // for each filter that was typed, how long from Enter until every figure and chart was of it
}

const (
	dragSeconds   = 5
	movesASecond  = 60
	redrawnLimit  = 66.0  // of the 95th percentile
	filterLimit   = 100.0 // of the slowest
	startHandling = `(() => {
	const log = window.hand = {chosen: [], shown: [], frames: [], tasks: [], filters: []};
	let entered = 0;
	document.addEventListener('keydown', e => { if (e.key === 'Enter') entered = performance.now(); }, true);
	new MutationObserver(() => {
		if (entered && document.documentElement.dataset.busy === 'false') log.filters.push(performance.now() - entered), entered = 0;
	}).observe(document.documentElement, {attributeFilter: ['data-busy']});
	new PerformanceObserver(l => l.getEntries().forEach(e => log.tasks.push(e.duration))).observe({type: 'longtask'});
	new MutationObserver(list => {
		const now = performance.now(), data = document.documentElement.dataset;
		for (const m of list) log[m.attributeName.slice(5)].push([now, data[m.attributeName.slice(5)]]);
	}).observe(document.documentElement, {attributeFilter: ['data-chosen', 'data-shown']});
	let last = 0;
	const frame = (now) => { if (last) log.frames.push(now - last); last = now; requestAnimationFrame(frame); };
	requestAnimationFrame(frame);
})()`
	handled = `(() => {
	const {chosen, shown, frames, tasks, filters} = window.hand;
	const upTo = shown.map(([t, text]) => chosen.findLastIndex(([at, of]) => at <= t && of === text)); // the choice that was shown
	const redrawn = chosen.map(([at], i) => {
		const then = shown.findIndex(([t], k) => t >= at && upTo[k] >= i);
		return then < 0 ? -1 : shown[then][0] - at;
	});
	return JSON.stringify({redrawn, frames, tasks, filters, updates: shown.length});
})()`
	hoursPlace = `(() => {
	const e = document.querySelector('[data-chart=hours]');
	e.scrollIntoView({block: 'center', behavior: 'instant'});
	const [left, width] = e.dataset.axis.split(' ').map(Number), box = e.getBoundingClientRect();
	return [box.left + left, width, box.top + box.height / 2];
})()`
)

// typedFilters are typed over a part of the trace, one after the other.
var typedFilters = []string{
	"tcp.port == 443", "udp", "len:>1000", "ipv6", "port:53", "tcp.port == 443 && frame.len < 100", "!(tcp.port == 443)", "host:192.168.0.0/16",
	"dst:192.168.0.0/16 len:1000..1500", "src:192.168.0.0/16 || udp.port == 443 && len:<200", "proto:other", "sport:443",
}

// hand opens the trace on the page itself, selects a quarter of it by dragging, and drags that quarter to and fro for five seconds.
func (b *bench) hand(ctx context.Context, t *trace) (*handLog, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("no end of the drag after %v", patience))
	defer cancel()
	tab, err := b.open(ctx, b.pageLink, "", "!document.getElementById('app-wasm-loader')")
	if err != nil {
		return nil, err
	}
	defer tab.close()
	paths, err := t.paths()
	if err != nil {
		return nil, err
	}
	var place [3]float64
	poll := func(condition string) chromedp.Action {
		return chromium.Until(condition, patience)
	}
	err = tab.run(chromedp.SetUploadFiles("[data-testid=files]", paths, chromedp.ByQuery),
		poll("document.querySelector('[data-testid=status]').dataset.state === 'ready' && document.documentElement.dataset.busy !== 'true'"),
		chromedp.Evaluate(hoursPlace, &place))
	if err != nil {
		return nil, err
	}
	left, width, y := place[0], place[1], place[2]
	at := func(share float64) float64 { return left + share*width }
	mouse := func(kind input.MouseType, x float64) chromedp.Action {
		return input.DispatchMouseEvent(kind, x, y).WithButton(input.Left).WithButtons(1).WithClickCount(1)
	}
	const moves = dragSeconds * movesASecond
	actions := []chromedp.Action{
		mouse(input.MousePressed, at(0.1)), mouse(input.MouseMoved, at(0.2)), mouse(input.MouseMoved, at(0.35)), mouse(input.MouseReleased, at(0.35)),
		poll("document.documentElement.dataset.busy !== 'true'"), chromedp.Evaluate(startHandling, nil),
		mouse(input.MousePressed, at(0.2)),
	}
	if err := tab.run(actions...); err != nil {
		return nil, err
	}
	sent, began := make(chan error, moves), time.Now()
	tick := time.NewTicker(time.Second / movesASecond)
	defer tick.Stop()
	for i := range moves {
		<-tick.C
		share := float64(i%(moves/2)) / (moves / 2)                                  // to the right, and again
		go func() { sent <- tab.run(mouse(input.MouseMoved, at(0.2+0.55*share))) }() // a hand does not wait for the page
	}
	for range moves {
		if err := <-sent; err != nil {
			return nil, err
		}
	}
	took := time.Since(began)
	const calm = "document.documentElement.dataset.busy !== 'true'"
	if err := tab.run(mouse(input.MouseReleased, at(0.5)), poll(calm)); err != nil {
		return nil, err
	}
	for i, filter := range typedFilters {
		err := tab.run(chromedp.Focus("#filter", chromedp.ByQuery), chromedp.Evaluate("document.querySelector('#filter').select()", nil),
			chromedp.ActionFunc(func(ctx context.Context) error { return input.InsertText(filter).Do(ctx) }), chromedp.KeyEvent(kb.Enter),
			poll(fmt.Sprintf("hand.filters.length === %d", i+1)))
		if err != nil {
			return nil, fmt.Errorf("filter %s: %w", filter, err)
		}
	}
	var text string
	if err := tab.run(chromedp.Evaluate(handled, &text)); err != nil {
		return nil, err
	}
	log := &handLog{Packets: t.Want.Packets, Moves: moves, Seconds: took.Seconds()}
	if err := json.Unmarshal([]byte(text), log); err != nil {
		return nil, err
	}
	for _, ms := range log.Redrawn {
		if ms < 0 {
			return nil, fmt.Errorf("a range of time was chosen of which the figures never came")
		}
	}
	return log, nil
}

// String is the log as Markdown.
func (l *handLog) String() string {
	return fmt.Sprintf("Dragging over %s packets: %d choices and %d redraws in %.1f s of dragging, every figure redrawn after %.0f ms (median), %.0f ms (p95, at most %.0f wished); frames p95 %.0f ms; %d tasks over 50 ms. %d filters typed, redrawn after %.0f ms (median), %.0f ms (the slowest, at most %.0f wished)\n",
		spaced(l.Packets), len(l.Redrawn), l.Updates, l.Seconds, percentile(l.Redrawn, 50), percentile(l.Redrawn, 95), redrawnLimit, percentile(l.Frames, 95), len(l.Tasks),
		len(l.Filters), percentile(l.Filters, 50), percentile(l.Filters, 100), filterLimit)
}
