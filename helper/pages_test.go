//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/helper/internal/isolate"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/wire"
)

// A page reads and acknowledges everything that it is sent, until the connection ends.
type page struct{ rows, statuses atomic.Int64 }

func (p *page) read(conn *websocket.Conn) {
	header := []byte(tracecsv.Header)
	for got := int64(0); ; {
		_, message, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if c, err := wire.DecodeChunk(message); err == nil {
			p.rows.Add(int64(bytes.Count(c.Lines, []byte("\n")) - bytes.Count(c.Lines, header)))
			got += int64(len(c.Lines))
			conn.WriteMessage(websocket.BinaryMessage, wire.AppendAck(nil, wire.Ack{Bytes: got}))
		} else {
			p.statuses.Add(1)
		}
	}
}

// pages connects n of them.
func (r *running) pages(n int) (all []*page) {
	r.t.Helper()
	for range n {
		conn := r.connect()
		conn.SetReadDeadline(time.Now().Add(2 * patience))
		p := &page{}
		all = append(all, p)
		go p.read(conn)
	}
	return all
}

// flood repeats what is said over a connection, reading no more than it has to, until the connection ends.
func flood(conn net.Conn, say []byte) (times *atomic.Int64) {
	times = new(atomic.Int64)
	go io.Copy(io.Discard, conn)
	go func() {
		for {
			if _, err := conn.Write(say); err != nil {
				return
			}
			times.Add(1)
		}
	}()
	return times
}

// TestPagesDoNotDisturbTheCapture sends numbered packets while twenty pages read them, one does not read, and others talk without end: every
// packet is a row, and every page that reads gets it.
func TestPagesDoNotDisturbTheCapture(t *testing.T) {
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	sender := isolate.NewSender(t, "out0")
	r := launch(t, nil, "-i", "in0", "-w", "rows")
	dir := filepath.Join(r.Dir, "rows")
	readers := r.pages(20)
	stopped := r.connect()
	request := fmt.Sprintf("GET /nothing HTTP/1.1\r\nHost: %s\r\nReferer: %s\r\n\r\n", r.address, strings.Repeat("x", 500))
	conn, err := net.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	requests := flood(conn, []byte(request))
	talker := r.connect().NetConn()                                                                // with the token, or it would be cut
	pings := flood(talker, []byte("\x89\x84\x00\x00\x00\x00ping\x82\x82\x00\x00\x00\x00\x05\x00")) // and acknowledgements of nothing

	before, _ := isolate.Received(t, "in0")
	begin, used := time.Now(), cpuTime(t, r.Process.Pid)
	const rate = 50_000
	sender.Numbered(0, 3*rate, rate)
	took := time.Since(begin)
	used = cpuTime(t, r.Process.Pid) - used
	after, _ := isolate.Received(t, "in0")
	sent := after - before
	for _, p := range readers {
		eventually(t, "every row in every page", func() bool { return p.rows.Load() >= sent })
	}
	late := time.Since(begin) - took
	if requests.Load() == 0 || pings.Load() == 0 {
		t.Errorf("only %d requests and %d pings", requests.Load(), pings.Load())
	}
	stopped.Close()
	conn.Close()
	talker.Close()
	out, code := r.interrupt()
	got := exitFigures(t, out)
	rows := numbers(t, dir)
	t.Logf("%d sent in %v, %d rows, %d dropped, %d requests and %d pings meanwhile; %v of processor time; every page had all after %v more",
		sent, took, got.rows, got.dropped, requests.Load(), pings.Load(), used, late)
	if code != 0 || int64(len(rows)) != sent || got.rows != len(rows) || got.dropped != 0 || got.notWritten != 0 {
		t.Errorf("%d sent, %d rows, exit code %d: %s", sent, len(rows), code, out)
	}
	for i, number := range rows {
		if number != i {
			t.Fatalf("row %d is of packet %d", i, number)
		}
	}
	for n, p := range readers {
		if p.rows.Load() != sent {
			t.Errorf("page %d got %d rows", n, p.rows.Load())
		}
	}
}

// TestIdleCostsNothing wants next to no processor time, less than 2 % of a core to serve and 3.3 % to capture, too (libpcap is asked every tenth or
// fifth of a second, and Go's scheduler looks for work each time). It has a week of hour files and twenty pages that have read them, and no packets: after a capture file has been read, and
// while an interface is captured on which nothing comes.
func TestIdleCostsNothing(t *testing.T) {
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	const hours, each, pages = 7 * 24, 100, 20
	text := tracecsv.Header + "\n"
	for n := range each {
		text += fmt.Sprintf("%d.000000000,192.0.2.1,1,,198.51.100.2,2,,60,,\n", n)
	}
	bars := map[string]time.Duration{"serving": 60 * time.Millisecond, "capturing": 100 * time.Millisecond}
	for name, what := range map[string][]string{"serving": {"-r", captureFile(t, "vxlan-first60.pcap")}, "capturing": {"-i", "in0"}} {
		dir := filepath.Join(folderOf(t, 65534), "rows")
		os.Mkdir(dir, 0o700) // it is root's, so it will be handed over
		for n := range int64(hours) {
			if err := os.WriteFile(filepath.Join(dir, trace.HourFileName((500_000+n)*3600)), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r := launch(t, nil, append(what, "-w", dir)...)
		readers := r.pages(pages)
		sum := func(of func(*page) int64) (n int64) {
			for _, p := range readers {
				n += of(p)
			}
			return n
		}
		statuses := func() int64 { return sum(func(p *page) int64 { return p.statuses.Load() }) }
		eventually(t, "all rows in all pages", func() bool { return sum(func(p *page) int64 { return p.rows.Load() }) >= pages*hours*each })
		begin, told, used := time.Now(), statuses(), cpuTime(t, r.Process.Pid)
		eventually(t, "three seconds of nothing but statuses", func() bool { return statuses() >= told+3*pages })
		took := time.Since(begin)
		used = cpuTime(t, r.Process.Pid) - used
		t.Logf("%s: %v of processor time in %v, with %d pages and %d hour files", name, used, took, pages, hours)
		if used >= bars[name] || took < 2500*time.Millisecond {
			t.Errorf("%s: %v of processor time in %v", name, used, took)
		}
		if out, code := r.interrupt(); code != 0 {
			t.Errorf("%s: exit code %d: %s", name, code, out)
		}
	}
}
