package e2e

import (
	"encoding/binary"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
)

// feed is the writing end of what a helper with -r - reads.
func feed(t *testing.T, args ...string) (*helper, *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	h := startHelper(t, r, append([]string{"-r", "-"}, args...)...)
	r.Close() // the helper has its own
	return h, w
}

func (p *page) packets(n int) {
	p.t.Helper()
	p.until("(document.querySelector('[data-testid=tile-packets] strong')?.innerText ?? '').replace(/[^0-9]/g, '') === '" + strconv.Itoa(n) + "'")
}

func hourFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*[0-9].csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no hour files in %s", dir)
	}
	return files
}

// pieces cuts a pcap file into n pieces between packets, and says how many packets each has.
func pieces(t *testing.T, path string, n int) (cut [][]byte, packets []int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if m := order.Uint32(b); m != 0xa1b2c3d4 && m != 0xa1b23c4d {
		order = binary.BigEndian
	}
	ends := []int{}
	for at := 24; at < len(b); {
		at += 16 + int(order.Uint32(b[at+8:]))
		ends = append(ends, at)
	}
	from := 0
	for i := range n {
		k := len(ends) * (i + 1) / n
		cut, packets = append(cut, b[from:ends[k-1]]), append(packets, k-len(ends)*i/n)
		from = ends[k-1]
	}
	return cut, packets
}

// TestLiveTrace: a capture arrives at the helper bit by bit; the page opened at the printed link shows it grow, and in the end
// says what the hour files say and what the oracle says.
func TestLiveTrace(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"android-first120.pcap", "vxlan-first60.pcap"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			capture := filepath.Join(filepath.Dir(tracetest.Captures()[0]), name)
			h, w := feed(t, "-w", dir)
			p := open(t, h.link, desktop)

			p.until("document.querySelector('[data-testid=connect-url]')?.value === " + quote(h.link))
			_, token, _ := strings.Cut(h.link, "token=")
			if where := eval[string](p, "location.href + ' ' + document.referrer + ' ' + JSON.stringify(history.state)"); strings.Contains(where, token) || !strings.HasPrefix(where, "http://"+h.host+"/ ") {
				t.Errorf("after the page has started it is at %s", where)
			}
			p.state("empty")
			p.workerRuns()
			if _, sockets := p.asked(); len(sockets) > 0 {
				t.Errorf("before anybody connected there were websockets: %v", sockets)
			}

			p.opened("ready", func() { p.click("connect") })
			cut, packets := pieces(t, capture, 5)
			n := 0
			for i, piece := range cut {
				if i == 3 { // paused, the figures stay as they are, while packets are captured and counted as before
					p.click("pause")
					p.until("document.querySelector('[data-testid=pause]').textContent === 'Resume'")
					before := n
					if _, err := w.Write(piece); err != nil {
						t.Fatal(err)
					}
					n += packets[i]
					p.until("document.querySelector('[data-testid=live]').textContent.replace(/[^0-9a-z]/g, '').includes('" + strconv.Itoa(n) + "captured')")
					p.packets(before)
					p.click("pause")
					p.packets(n)
					continue
				}
				if _, err := w.Write(piece); err != nil {
					t.Fatal(err)
				}
				n += packets[i]
				p.packets(n)
				if i == 2 {
					sameReport(t, p.report(), native(t, hourFiles(t, dir)...))
				}
			}
			p.shoot("live-" + name)
			if status := p.text("[data-testid=status]"); !strings.Contains(status, "live") || !strings.Contains(status, "standard input") {
				t.Errorf("while packets come the page says %q", status)
			}
			p.choose("Follow the last", "1 min")
			p.until("document.querySelector('[data-testid=chip-time]')")
			p.calm()
			if s := p.report().Selection; int64(s.To-s.From) != 60e9 {
				t.Errorf("the last minute is from %d to %d", s.From, s.To)
			}
			p.choose("Follow the last", "all")
			p.until("!document.querySelector('[data-testid=chip-time]')")
			p.calm()
			w.Close()
			p.until("!document.querySelector('[data-testid=status] .pulse')") // the capture has ended; the helper still serves
			r := p.report()
			sameReport(t, r, native(t, hourFiles(t, dir)...))
			oracle(t, name).equal(t, r)
			if digits(p.text("[data-testid=tile-dropped] strong")) != "0" {
				t.Errorf("dropped: %q", p.text("[data-testid=tile-dropped]"))
			}
			requests, sockets := p.asked()
			if len(sockets) != 1 || sockets[0] != "ws://"+h.host+"/ws" {
				t.Errorf("websockets %v", sockets)
			}
			if slices.ContainsFunc(requests, func(r string) bool { return strings.Contains(r, token) }) {
				t.Errorf("the token is in an address asked for: %v", requests)
			}
			// What came over the wire is kept well enough to be written again, as it stands and anonymised.
			sameFiles(t, unpacked(t, p.download("save-packets")), hourFiles(t, dir)...)
			out := p.download("anonymize-run")
			if got := p.ready(out); got.Packets != r.Packets || got.Bytes != r.Bytes || got.Addresses != r.Addresses {
				t.Errorf("anonymised: %d packets, %d bytes, %d addresses; want %d, %d, %d", got.Packets, got.Bytes, got.Addresses, r.Packets, r.Bytes, r.Addresses)
			}
		})
	}
}

// workerRuns waits until a worker of the page has been seen and listens: what it does from then on is noticed.
func (p *page) workerRuns() {
	p.t.Helper()
	select {
	case <-p.watched:
	case <-p.ctx.Done():
		p.t.Fatal("the page started no worker that could be watched")
	}
}

// TestConnectFromAnotherHost: a page from a static host connects to a helper that allows it, sees the hours that are on the disk
// already, gap and all, and then those that come.
func TestConnectFromAnotherHost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sampleFiles(t, dir)
	static := newHost(t)
	h, w := feed(t, "-w", dir, "-allow-origin", static.origin)
	p := open(t, static.link, desktop)
	p.mayAsk(h.host)
	p.fill("connect-url", h.link)
	p.opened("ready", func() { p.click("connect") })
	r := p.report()
	oracle(t, tracetest.Sample).equal(t, r)
	sameReport(t, r, native(t, hourFiles(t, dir)...))

	b, err := os.ReadFile(tracetest.Captures()[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	w.Close()
	want := convert(t, tracetest.Captures()[0])
	p.packets(int(r.Packets + native(t, want...).Packets))
	sameReport(t, p.report(), native(t, hourFiles(t, dir)...))
}

// TestHelperStops: what has been shown stays when the helper ends or dies, and the page says so.
func TestHelperStops(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*helper){
		"Ctrl-C": func(h *helper) { h.stop() },
		"crash":  func(h *helper) { h.kill() },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			h, w := feed(t, "-w", dir)
			p := open(t, h.link, desktop)
			p.opened("ready", func() { p.click("connect") })
			cut, packets := pieces(t, filepath.Join(filepath.Dir(tracetest.Captures()[0]), "android-first120.pcap"), 2)
			if _, err := w.Write(cut[0]); err != nil {
				t.Fatal(err)
			}
			p.packets(packets[0])
			stop(h)
			p.until("[...document.querySelectorAll('.notice')].some(e => e.innerText.includes('helper'))")
			p.state("ready")
			p.packets(packets[0])
			sameReport(t, p.report(), native(t, hourFiles(t, dir)...))
			if status := p.text("[data-testid=status]"); strings.Contains(status, "live") {
				t.Errorf("the page still says %q", status)
			}
			// And the page is still of use.
			file := convert(t, tracetest.Captures()[0])
			sameReport(t, p.ready(file...), native(t, file...))
		})
	}
}

// TestLost: a connection that breaks is told while it is away, and what has come stays and can be looked at; afterwards nothing is missing.
// The page is looked at in each of these states.
func TestLost(t *testing.T) {
	t.Parallel()
	for name, l := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			sampleFiles(t, dir)
			static := newHost(t)
			h, w := feed(t, "-w", dir, "-allow-origin", static.origin)
			b := newBridge(t, h.host, 0, 1)
			p := open(t, static.link, l)
			p.mayAsk(b.host)
			p.fill("connect-url", strings.Replace(h.link, h.host, b.host, 1))
			p.opened("ready", func() { p.click("connect") })
			before := int(native(t, hourFiles(t, dir)...).Packets)
			cut, packets := pieces(t, filepath.Join(filepath.Dir(tracetest.Captures()[0]), "android-first120.pcap"), 2)
			if _, err := w.Write(cut[0]); err != nil {
				t.Fatal(err)
			}
			p.packets(before + packets[0])
			p.until("/[1-9][0-9]* captured/.test(document.querySelector('[data-testid=live]').innerText)")
			p.settled()
			p.fits()
			p.shoot("live-" + name)

			b.fall()
			p.until("document.querySelector('[data-testid=live]').innerText.includes('Trying to connect again')")
			if status := p.text("[data-testid=status]"); strings.Contains(status, "live") {
				t.Errorf("without a connection the page says %q", status)
			}
			if _, err := w.Write(cut[1]); err != nil { // the helper captures on
				t.Fatal(err)
			}
			p.packets(before + packets[0])
			p.fits()
			p.shoot("lost-" + name)

			b.rise()
			p.packets(before + packets[0] + packets[1])
			p.calm()
			sameReport(t, p.report(), native(t, hourFiles(t, dir)...))
			h.stop()
			p.until("!document.querySelector('[data-testid=live]').firstChild")
			p.fits()
			p.shoot("stopped-" + name)
		})
	}
}

// TestConnectFails: every reason why there is no stream is told in words, and the next try may work.
func TestConnectFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	static := newHost(t)
	h, _ := feed(t, "-w", dir, "-allow-origin", static.origin)
	stranger, _ := feed(t, "-w", t.TempDir()) // a helper that does not allow the page
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()

	p := open(t, static.link, desktop)
	p.mayAsk(h.host)
	p.mayAsk(stranger.host)
	p.mayAsk(nobody)
	token := h.link[strings.Index(h.link, "#"):]
	for _, c := range []struct{ name, link, words string }{
		{"nothing given", "", "link that the helper printed"},
		{"no token", "http://" + h.host + "/", "token"},
		{"wrong token", "http://" + h.host + "/#token=00000000000000000000000000000000", "this is not its token"},
		{"not running", "http://" + nobody + "/" + token, "not running"},
		{"not allowed", stranger.link, "does not know this page"},
		{"no address", "http://%zz/#token=1", "no address"},
		{"markup", "<img src=x onerror=alert(1)>#token=1", "no address"},
	} {
		p.fill("connect-url", c.link)
		p.opened("error", func() { p.click("connect") })
		if notice := p.text(".notice.error"); !strings.Contains(notice, c.words) {
			t.Errorf("%s: the page says %q", c.name, notice)
		}
	}
	p.fill("connect-url", h.link)
	p.opened("ready", func() { p.click("connect") })
}

// TestCancelConnecting: a host that takes the connection and says nothing does not hold the page for ever.
func TestCancelConnecting(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p := open(t, staticHost(t), desktop)
	p.mayAsk(l.Addr().String())
	p.fill("connect-url", "http://"+l.Addr().String()+"/#token=1")
	p.opened("loading", func() { p.click("connect") })
	p.click("cancel")
	p.until("document.querySelector('[data-testid=status]').dataset.state !== 'loading'")
	file := convert(t, tracetest.Captures()[0])
	sameReport(t, p.ready(file...), native(t, file...))
}

// TestCancelCatchingUp: what is on the disk already may be much; to cancel keeps what has come.
func TestCancelCatchingUp(t *testing.T) {
	t.Parallel()
	big, rows := bigFile(t, 300<<20)
	h, _ := feed(t, "-w", filepath.Dir(big))
	p := open(t, h.link, desktop)
	p.cancelled(func() { p.click("connect") })
	if r := p.report(); r.Packets == 0 || r.Packets >= rows || r.Packets != r.Input.Rows {
		t.Errorf("%d packets of %d, %d rows", r.Packets, rows, r.Input.Rows)
	}
	if said := p.notices(); said == "" {
		t.Error("the page does not say that this is not all")
	}
	file := convert(t, tracetest.Captures()[0])
	sameReport(t, p.ready(file...), native(t, file...))
}
