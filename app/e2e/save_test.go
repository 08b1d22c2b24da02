package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tracelens/shared/trace"
	"tracelens/shared/tracegen"
	"tracelens/shared/tracetest"
)

// TestSaveSelection: what is selected of the sample by dragging and typing is saved line by line, and opened again it has the same figures.
func TestSaveSelection(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, t.TempDir())
	hour := func(n float64) float64 { return float64(tracegen.Sample.Start) + n*3600 }
	for _, c := range []struct {
		name, filter, file string
		from, to           float64 // hours
		chosen             func(cells []string) bool
	}{
		{"two hours of long packets", "tcp.port == 443 && frame.len > 1000", "tracelens-packets-", 8, 10, func(cells []string) bool {
			length, _ := strconv.Atoi(cells[trace.Len])
			return (cells[trace.TCPSrcPort] == "443" || cells[trace.TCPDstPort] == "443") && length > 1000
		}},
		{"a part of an hour", "", trace.HourFileName(tracegen.Sample.Start + 3600), 1.25, 1.75, anyCells},
		{"a port at all times", "udp.port == 53", "tracelens-packets-", 0, 0, func(cells []string) bool {
			return cells[trace.UDPSrcPort] == "53" || cells[trace.UDPDstPort] == "53"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := sample(t, desktop)
			if c.to > 0 {
				p.brush("hours", hour(c.from), hour(c.to))
			}
			if c.filter != "" {
				p.enter(c.filter)
			}
			if name := filepath.Base(p.savedSelection(c.chosen, files...)); !strings.HasPrefix(name, c.file) {
				t.Errorf("it was saved as %s, want %s", name, c.file)
			}
		})
	}
}

// TestSaveOfCaptures: the same of real captures, of one that is over in seconds and of one that lasted for hours.
func TestSaveOfCaptures(t *testing.T) {
	t.Parallel()
	dir := filepath.Dir(tracetest.Captures()[0])
	short, long := convert(t, filepath.Join(dir, "android-first120.pcap")), convert(t, filepath.Join(dir, "roblox.pcapng"))
	if len(short) != 1 || len(long) < 3 {
		t.Fatalf("%d and %d hour files", len(short), len(long))
	}
	p := open(t, staticHost(t), desktop)

	whole := p.ready(short...)
	start, end := float64(whole.Start)/1e9, float64(whole.End)/1e9
	p.brush("minutes", start+(end-start)/4, end-(end-start)/4)
	p.enter("tcp")
	p.savedSelection(func(cells []string) bool { return cells[trace.TCPSrcPort] != "" || cells[trace.TCPDstPort] != "" }, short...)

	whole = p.ready(long...)
	p.brush("hours", float64(whole.Hours[0].Start), float64(whole.Hours[0].Start+3*3600))
	p.savedSelection(anyCells, long...)

	// All of it is the files as they are, those without packets too: they say that there were none.
	long = append(long, write(t, t.TempDir(), trace.HourFileName(whole.Hours[len(whole.Hours)-1].Start+3600), header))
	want := p.ready(long...)
	path := p.download("save-packets")
	sameFiles(t, unpacked(t, path), long...)
	sameReport(t, p.ready(path), want)
}

// TestSaveOfDialects: of hour files the lines are saved as they stand under the headers they have, of others as hour files, of which several
// may have an hour; what is no row is left out and counted; two files of one name are told apart.
func TestSaveOfDialects(t *testing.T) {
	t.Parallel()
	a, b := t.TempDir(), t.TempDir()
	const odd = "frame.number,frame.time_relative,\"frame.len\",ip.src,ip.dst,udp.srcport,udp.dstport,info\r\n"
	const eight = "\xef\xbb\xbf0.000000001,192.0.2.1,50000,,198.51.100.7,53,,60\n0.000000002,192.0.2.1,,50000,198.51.100.7,,53,60\n1,198.51.100.7,,053,192.0.2.1,,50000,70"
	const epoch = "frame.time_epoch,frame.len,udp.dstport\n1483873200.25,60,53\n1483873200.5,60,54\n"
	p := open(t, staticHost(t), desktop)
	r := p.ready(
		write(t, a, "1483880400.csv", odd+"1,0.5,60,192.0.2.1,192.0.2.2,50000,\"53\",=cmd|\"x\" \r\n\r\n"+odd+"2,0.6,60,192.0.2.1,192.0.2.2,50000,54,\r\n"+
			"3,0.7,x,192.0.2.1,192.0.2.2,50000,53,\r\n4,-1.5,0070,\"192.0.2.2\",::1,53,50000,<b>\r\n"),
		write(t, b, "1483880400.csv", header+someRows+"7.000000000,,,53,,,5353,120,2001:db8::1,2001:db8::2\n"),
		write(t, a, "1483884000.csv", eight), write(t, a, "names and more.csv", epoch))
	if r.Packets != 14 || r.Input.Skipped["header repeated"] != 1 {
		t.Fatalf("%+v", r.Input)
	}
	p.enter("udp.port == 53")
	want := p.report()
	path := p.download("save-packets")
	saved := unpacked(t, path)
	for name, text := range map[string]string{
		"2/1483880400.csv": header + "7.000000000,,,53,,,5353,120,2001:db8::1,2001:db8::2\n", // the folder is for the second of a name
		"1483884000.csv":   "\xef\xbb\xbf0.000000002,192.0.2.1,,50000,198.51.100.7,,53,60\n1,198.51.100.7,,053,192.0.2.1,,50000,70",
		"1483880400.csv":   header + "0.500000000,192.0.2.1,,50000,192.0.2.2,,53,60,,\n",
		"1483876800.csv":   header + "3598.500000000,192.0.2.2,,53,,,50000,70,,::1\n",
		"1483873200.csv":   header + "0.250000000,,,,,,53,60,,\n",
	} {
		if string(saved[name]) != text {
			t.Errorf("%s is %q, want %q", name, saved[name], text)
		}
	}
	if said := p.outcome("save-packets-result"); len(saved) != 5 || !strings.Contains(said, "6 packets of 4 files") || !strings.Contains(said, "3 lines left out") {
		t.Errorf("%d files; the page says %q", len(saved), said)
	}
	again := p.ready(path)
	sameReport(t, ofFewerFiles(again), ofFewerFiles(want))
	if again.Packets != 6 || len(again.Input.Skipped) > 0 {
		t.Errorf("%d packets, %+v", again.Packets, again.Input)
	}
}

// TestSaveNothing: of a selection without packets nothing is saved, and the page says so.
func TestSaveNothing(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	p.enter("frame.len == 1")
	p.click("save-packets")
	p.until("document.querySelector('[data-testid=save-packets-result]').innerText === 'Nothing was written: no packet of the trace is in the selection.'")
	if name := filepath.Base(p.download("report-json")); !strings.HasSuffix(name, ".json") {
		t.Errorf("%s was saved", name)
	}
	p.enter("")
	if path := p.download("save-packets"); len(unpacked(t, path)) != len(sampleFiles(t, t.TempDir())) {
		t.Errorf("of everything %s was saved", path)
	}
}

// TestAnonymiseSelection: a copy to share of what is selected has its packets and no others, and no address of the original, neither inside
// nor in its name.
func TestAnonymiseSelection(t *testing.T) {
	t.Parallel()
	const key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	files := sampleFiles(t, t.TempDir())
	p := sample(t, desktop)
	if eval[bool](p, "!!document.querySelector('[data-testid=anonymize-selection]')") {
		t.Error("with nothing selected there is a choice of the selection")
	}
	p.fill("anonymize-key", key)
	p.brush("hours", float64(tracegen.Sample.Start)+8*3600, float64(tracegen.Sample.Start)+10*3600)
	p.enter("host:192.168.1.23")
	r := p.report()
	chosen, n := chosenFiles(t, within(r, func(cells []string) bool {
		return cells[trace.IPSrc] == "192.168.1.23" || cells[trace.IPDst] == "192.168.1.23"
	}), files...)
	if n == 0 || n != r.Packets {
		t.Fatalf("%d packets in the files, %d on the page", n, r.Packets)
	}
	p.click("anonymize-selection")
	path := p.download("anonymize-run")
	before, after := rewritten(t, chosen, unpacked(t, path), key)
	for a := range before {
		if after[a] {
			t.Errorf("the address %v is in the result", a)
		}
	}
	if name := filepath.Base(path); name != "tracelens-anonymised.zip" {
		t.Errorf("it was saved as %s", name)
	}
	if said := p.outcome("anonymize-result"); !strings.Contains(said, plural(n, "packet")+" of "+plural(int64(len(chosen)), "file")) {
		t.Errorf("the page says %q", said)
	}
	sameButForAddresses(t, ofFewerFiles(p.ready(path)), ofFewerFiles(r))

	p.enter("host:192.168.1.23") // of which there is nothing in the copy
	p.click("anonymize-run")
	p.until("document.querySelector('[data-testid=anonymize-result]').innerText.startsWith('Nothing was written: no packet')")
	p.click("anonymize-selection")
	if again := unpacked(t, p.download("anonymize-run")); len(again) != len(chosen) {
		t.Errorf("of everything %d files were saved", len(again))
	}
}

// TestSaveOfCancelledLoad: of a load that was cancelled what was read is saved, and no more. That something has been saved before does not
// make the cancelling forget it.
func TestSaveOfCancelledLoad(t *testing.T) {
	t.Parallel()
	big, rows := bigFile(t, 300<<20)
	p := sample(t, desktop)
	p.enter("proto:none")
	p.download("save-packets")
	p.cancelled(func() { p.give(big) })
	if r := p.report(); r.Packets == 0 || r.Packets >= rows {
		t.Fatalf("%d packets of %d", r.Packets, rows)
	}
	p.enter("len:<100")
	r := p.report()
	path := p.download("save-packets")
	for name, text := range unpacked(t, path) {
		if lines := int64(bytes.Count(text, []byte("\n"))) - 1; lines != r.Packets || name != filepath.Base(big) {
			t.Errorf("%d lines of %s, want %d", lines, name, r.Packets)
		}
	}
	sameReport(t, ofFewerFiles(p.ready(path)), ofFewerFiles(r))
}

// TestSourcesWaitForWhatIsReadAgain: the figures that the page has are of what a counter had that has died, so who asks for the files then
// hears of them once it has been read again.
func TestSourcesWaitForWhatIsReadAgain(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, t.TempDir())
	p := openThatThrows(t, staticHost(t)+"web/worker.js")
	p.lead()
	crew := p.crew()
	counter := crew.next(victim)
	p.load(0, files...)
	p.run(chromedp.Evaluate("lead.worker.addEventListener('message', ({data: m}) => m.kind === 'note' && lead.worker.postMessage({kind: 'sources'}))", nil))
	crew.die(counter, diesInJS)
	p.hears("lead.count('sources') > 0")
	read := eval[[]string](p, "lead.said.find(m => m.kind === 'sources').read")
	if len(read) != len(files) {
		t.Fatalf("%d files, want %d", len(read), len(files))
	}
	for i, path := range files {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if want := "0 " + strconv.FormatInt(info.Size(), 10); strings.TrimSpace(read[i]) != want {
			t.Errorf("of %s %q is read, want %q", filepath.Base(path), read[i], want)
		}
	}
}
