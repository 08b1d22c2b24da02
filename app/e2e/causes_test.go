package e2e

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"tracelens/shared/called"
	"tracelens/shared/cause"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A busy machine: programs, what each asks for, and how much.
var busy = []struct {
	program string // "": nobody knows
	sites   []string
	many    int
}{
	{"firefox", []string{"www.example.org", "cdn.example.net", "img.news.example.co.uk", "static.shop.example", "fonts.example.com", "api.mail.example"}, 900},
	{"Web Content", []string{"r3.video.example", "www.example.org"}, 700},
	{"apt", []string{"deb.mirror.example", "security.mirror.example"}, 260},
	{"ssh", []string{""}, 150}, {"syncthing", []string{"", "relay.sync.example"}, 140}, {"spotify", []string{"audio.music.example"}, 300},
	{"git", []string{"codehost.example"}, 90}, {"curl", []string{"api.weather.example"}, 40}, {"thunderbird", []string{"imap.mail.example"}, 60},
	{"systemd-resolved", []string{"ns.isp.example"}, 80}, {"chronyd", []string{"0.pool.time.example"}, 30}, {"", []string{"", "tracker.ads.example"}, 200},
}

// busyHour writes an hour file of that machine and the file of names beside it, and returns the packets too.
func busyHour(t *testing.T, dir string) (paths []string, packets []trace.Packet, book *called.Book) {
	t.Helper()
	const hour = 1483873200
	r := rand.New(rand.NewPCG(1, 1))
	own := netip.MustParseAddr("192.0.2.1")
	rows, names := []byte(tracecsv.Header+"\n"), []byte(called.Header+"\n")
	book = new(called.Book)
	say := func(n called.Name) {
		book.Add(n)
		names = called.AppendLine(names, hour, n)
	}
	addresses := map[string]netip.Addr{}
	port := uint16(32768)
	for _, b := range busy {
		for range b.many {
			name := b.sites[r.IntN(len(b.sites))]
			a, known := addresses[name]
			if !known {
				a = trace.IPv4(203<<24 | 113<<8 | uint32(len(addresses)+1))
				addresses[name] = a
				if name != "" {
					say(called.Name{TimeNS: hour*trace.Second + 1, Address: a, Kind: called.TLS, Text: name})
				}
			}
			begin := hour*trace.Second + int64(r.Float64()*r.Float64()*3500*1e9)
			if port++; b.program != "" {
				say(called.Name{TimeNS: begin, Address: own, Kind: called.TCP, Port: port, Text: b.program})
			}
			for k := range int64(1 + r.IntN(8)) {
				p := trace.Packet{TimeNS: begin + k*1e7, Len: []uint32{66, 120, 1514, 1514}[r.IntN(4)], Has: trace.Time.Bit() | trace.Len.Bit()}
				if r.IntN(3) > 0 {
					p.SetSource(a)
					p.SetDestination(own)
					p.SetPorts(trace.HasTCP, 443, port)
				} else {
					p.SetSource(own)
					p.SetDestination(a)
					p.SetPorts(trace.HasTCP, port, 443)
				}
				packets = append(packets, p)
			}
		}
	}
	slices.SortFunc(packets, func(a, b trace.Packet) int { return int(a.TimeNS - b.TimeNS) })
	for i := range packets {
		rows = tracecsv.AppendRow(rows, hour, &packets[i])
	}
	paths = []string{filepath.Join(dir, fmt.Sprint(hour, ".csv")), filepath.Join(dir, fmt.Sprint(hour, ".names.csv"))}
	for i, b := range [][]byte{rows, names} {
		if err := os.WriteFile(paths[i], b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return paths, packets, book
}

// TestCauses: who is behind the packets is what the names beside them say, packet by packet: in the charts, the lists, the reports and by filters;
// also from an archive.
func TestCauses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	paths, packets, book := busyHour(t, dir)
	finder := cause.New(book, nil)
	sum := func(filter string) (programs, sites map[string]report.Volume, all report.Volume) {
		where, wrong := selection.ParseFilter(filter)
		if wrong != nil {
			t.Fatal(wrong)
		}
		programs, sites = map[string]report.Volume{}, map[string]report.Volume{}
		for i := range packets {
			c := finder.Of(&packets[i])
			if !where.Holds(&packets[i], c) {
				continue
			}
			add := func(v report.Volume) report.Volume {
				return report.Volume{Bytes: v.Bytes + int64(packets[i].Len), Packets: v.Packets + 1}
			}
			programs[c.Program], sites[c.Site], all = add(programs[c.Program]), add(sites[c.Site]), add(all)
		}
		return programs, sites, all
	}
	same := func(filter string, r *report.Report) {
		t.Helper()
		programs, sites, all := sum(filter)
		if r.Packets != all.Packets || r.Bytes != all.Bytes || r.Causes == nil {
			t.Fatalf("%q: %d packets, %d bytes, want %+v", filter, r.Packets, r.Bytes, all)
		}
		for _, c := range []struct {
			list   []report.Entry
			nobody report.Volume
			want   map[string]report.Volume
		}{{r.Causes.Program, r.Causes.NoProgram, programs}, {r.Causes.Site, r.Causes.NoSite, sites}} {
			got := map[string]report.Volume{}
			if c.nobody.Packets > 0 {
				got[""] = c.nobody
			}
			for _, e := range c.list {
				got[e.Key] = report.Volume{Bytes: e.Bytes, Packets: e.Packets}
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%q: %v, want %v", filter, got, c.want)
			}
		}
	}
	archive := filepath.Join(dir, "both.zip")
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, path := range paths {
		f, err := w.Create(filepath.Base(path))
		if err != nil {
			t.Fatal(err)
		}
		f.Write(must(os.ReadFile(path)))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(archive, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}

	p := open(t, staticHost(t), desktop)
	same("", p.ready(archive))
	same("", p.ready(paths...))
	p.until("document.querySelector('[data-chart=causes] canvas:not([hidden])') && document.querySelector('[data-chart=stack] canvas:not([hidden])')")
	if said := p.text("#input h2"); !strings.Contains(said, "1 file, and 1 file of names") {
		t.Errorf("what was read: %q", said)
	}
	p.fits()
	p.shoot("causes-programs")
	p.choose("Over time by", "by site")
	p.choose("Top list of", "programs")
	programs, _, _ := sum("")
	if got := p.column("top", 0, ""); len(got) < len(programs)-1 || got[0] == "" {
		t.Errorf("the list of programs is %q", got)
	}
	p.shoot("causes-sites")
	for _, filter := range []string{`process == "Web Content"`, "site == none", `process in {"firefox", none} && !(site == "example.org")`, `process != "firefox"`} {
		p.enter(filter)
		same(filter, p.report())
	}
	// What is saved are the same packets.
	filter := `process == "firefox" && site == "example.org"`
	p.enter(filter)
	_, _, all := sum(filter)
	saved := 0
	for _, b := range unpacked(t, p.download("save-packets")) {
		saved += strings.Count(string(b), "\n") - 1
	}
	if int64(saved) != all.Packets || saved == 0 {
		t.Errorf("%d packets are saved, want %d", saved, all.Packets)
	}
	p.enter("")
	// A click on the largest program chooses it, and once more all.
	p.run(chromedp.Click("[data-testid=top] tbody tr button.bar", chromedp.ByQuery))
	p.calm()
	if got := p.chipTexts(); len(got) != 1 || !strings.HasPrefix(got[0], "process == ") {
		t.Errorf("after a click: %q", got)
	}
	p.enter("")
	// A pointer in the chart reads who it is at, and a click chooses it.
	at := eval[[2]float64](p, `(() => {
		const e = document.querySelector('[data-chart=causes]');
		e.scrollIntoView({block: 'center', behavior: 'instant'});
		const box = e.getBoundingClientRect();
		return [box.left + box.width * 0.18, box.top + box.height * 0.15];
	})()`)
	p.run(chromedp.MouseEvent(input.MouseMoved, at[0], at[1]))
	p.until("document.querySelector('[data-chart=causes] .tip')?.textContent.startsWith('firefox')")
	p.run(chromedp.MouseClickXY(at[0], at[1]))
	p.until("[...document.querySelectorAll('[data-testid=chips] .chip span')].map(e => e.textContent).join() === 'process == \"firefox\"'")
	p.calm()
	same(`process == "firefox"`, p.report())
	p.enter("")
	p.choose("Names in the report", "as they are")
	text := string(must(os.ReadFile(p.download("share-html"))))
	for _, want := range []string{"Programs, by volume", "Sites, by volume", "Programs and the sites they had to do with", "Traffic by program", "Web Content", "example.co.uk", "unattributed"} {
		if !strings.Contains(text, want) {
			t.Errorf("report.html does not say %q", want)
		}
	}
	p.choose("Names in the report", "pseudonyms")
	text = string(must(os.ReadFile(p.download("share-html"))))
	for _, b := range busy {
		if b.program != "" && strings.Contains(text, ">"+b.program+"<") || strings.Contains(text, "example.co.uk") {
			t.Errorf("the report with pseudonyms says %q", b.program)
		}
	}
	json := p.download("report-json")
	q := open(t, staticHost(t), look{width: 390, height: 844, dark: true})
	q.opened("ready", func() { q.give(json) })
	q.until("document.querySelector('[data-chart=causes] canvas:not([hidden])')")
	same("", q.report())
	q.fits()
	q.shoot("causes-phone")
}
