//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestFromTheNetworkToTheScreen captures 50 000 packets a second and notes when the page has each count of them on the screen, against when
// that many had been sent.
func TestFromTheNetworkToTheScreen(t *testing.T) {
	needRoot(t)
	const perSecond, seconds = 50_000, 4
	sender, port := loopback(t)
	h := startHelper(t, nil, "-i", "lo", "-f", fmt.Sprintf("udp dst port %d", port), "-w", filepath.Join(t.TempDir(), "rows"))
	p := open(t, h.link, desktop)
	p.opened("ready", func() { p.click("connect") })
	sender.Write([]byte("x")) // so that there are charts and all
	p.packets(1)
	p.run(chromedp.Evaluate(`window.seen = []; (() => {
		let last = '';
		const look = () => { // a frame after this one, what is in the tile now is on the screen
			const text = document.querySelector('[data-testid=tile-packets] strong').textContent;
			if (text !== last) requestAnimationFrame(() => seen.push([Date.now(), Number((last = text).replace(/[^0-9]/g, ''))]));
			requestAnimationFrame(look);
		};
		look();
	})()`, nil))
	var sent [seconds * 1000]time.Time // when each millisecond's packets had been sent
	begin := time.Now()
	for i := range sent {
		if wait := time.Until(begin.Add(time.Duration(i) * time.Millisecond)); wait > 0 {
			time.Sleep(wait)
		}
		for range perSecond / 1000 {
			sender.Write([]byte("x"))
		}
		sent[i] = time.Now()
	}
	took := sent[len(sent)-1].Sub(begin)
	p.packets(1 + perSecond*seconds)
	p.calm()
	var seen [][2]int64
	if err := json.Unmarshal([]byte(eval[string](p, "JSON.stringify(seen)")), &seen); err != nil {
		t.Fatal(err)
	}
	var delays []time.Duration
	for _, s := range seen {
		if at := int(s[1]-1)*1000/perSecond - 1; at >= 0 && at < len(sent) {
			delays = append(delays, time.UnixMilli(s[0]).Sub(sent[at]))
		}
	}
	if len(delays) < 5 {
		t.Fatalf("the page showed %d counts only: %v", len(delays), seen)
	}
	slices.Sort(delays)
	worst := delays[len(delays)-1]
	t.Logf("%d packets in %v; %s counts seen, of which the newest packet was %v old, median, and %v at most", perSecond*seconds, took, strconv.Itoa(len(delays)), delays[len(delays)/2], worst)
	if bar := 10 * time.Second; worst > bar || *bars && worst > time.Second {
		t.Errorf("it took %v until packets were on the screen", worst)
	}
	if digits(p.text("[data-testid=tile-dropped] strong")) != "0" {
		t.Errorf("dropped: %q", p.text("[data-testid=tile-dropped]"))
	}
}
