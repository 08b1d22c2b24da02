package serve

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/shared/wire"
)

// A reader is a page that puts together what it is sent.
type reader struct {
	t      *testing.T
	conn   *websocket.Conn
	files  map[int64]string
	begins map[int64]int64 // offset of the first chunk of each hour
	hours  []int64         // in the order of their first chunk
	names  map[int64]string
	bytes  int64
	status wire.Status
	ack    bool

	resumed bool // it had rows before
}

func newReader(t *testing.T, conn *websocket.Conn, ack bool) *reader {
	return &reader{t: t, conn: conn, files: map[int64]string{}, begins: map[int64]int64{}, names: map[int64]string{}, ack: ack}
}

// step takes one message. It returns false when the helper has closed the connection in good order.
func (r *reader) step() bool {
	r.t.Helper()
	_, message, err := r.conn.ReadMessage()
	if websocket.IsCloseError(err, websocket.CloseGoingAway) {
		return false
	} else if err != nil {
		r.t.Fatal(err)
	}
	switch wire.KindOf(message) {
	case wire.KindChunk:
		c, err := wire.DecodeChunk(message)
		if err != nil {
			r.t.Fatal(err)
		}
		if len(c.Lines) > wire.MaxChunk || c.Lines[len(c.Lines)-1] != '\n' {
			r.t.Fatalf("chunk of %d bytes, ends in %q", len(c.Lines), c.Lines[len(c.Lines)-1])
		}
		if _, ok := r.begins[c.Hour]; !ok {
			r.begins[c.Hour] = c.Offset
			r.hours = append(r.hours, c.Hour)
		}
		if want := r.begins[c.Hour] + int64(len(r.files[c.Hour])); c.Offset != want {
			r.t.Fatalf("chunk of %d at %d, not %d", c.Hour, c.Offset, want)
		}
		r.files[c.Hour] += string(c.Lines)
		r.bytes += int64(len(c.Lines))
		if r.ack {
			tell(r.t, r.conn, wire.AppendAck(nil, wire.Ack{Bytes: r.bytes}))
		}
	case wire.KindNames:
		n, err := wire.DecodeNames(message)
		if err != nil {
			r.t.Fatal(err)
		}
		if _, begun := r.begins[n.Hour]; len(n.Lines) == 0 || len(n.Lines) > wire.MaxChunk || n.Lines[len(n.Lines)-1] != '\n' || !begun && !r.resumed {
			r.t.Fatalf("names of %d, of which there are rows: %v: %q", n.Hour, begun, n.Lines)
		}
		r.names[n.Hour] += string(n.Lines)
		r.bytes += int64(len(n.Lines))
		if r.ack {
			tell(r.t, r.conn, wire.AppendAck(nil, wire.Ack{Bytes: r.bytes}))
		}
	case wire.KindStatus:
		if r.status, err = wire.DecodeStatus(message); err != nil {
			r.t.Fatal(err)
		}
	default:
		r.t.Fatalf("unexpected message %q", message)
	}
	return true
}

func (r *reader) until(what string, done func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !done(); {
		if !r.step() || time.Now().After(deadline) {
			r.t.Fatalf("did not come: %s", what)
		}
	}
}

func TestStreamEqualsFiles(t *testing.T) {
	h := start(t)
	h.put("7200.csv", "header\nb\n")
	h.put("3600.csv", "header\na\n")
	conn, welcome := h.page()
	if got := fmt.Sprintf("%+v", welcome); got != "{Version:4 Build:b1 Source:eth7 Live:true Files:[{Hour:3600 Offset:9} {Hour:7200 Offset:9}]}" {
		t.Error(got)
	}
	r := newReader(t, conn, true)
	r.until("both files", func() bool { return r.files[3600] == "header\na\n" && r.files[7200] == "header\nb\n" })
	h.put("7200.csv", "c\ntor") // grows, and a line that is not whole yet
	h.put("10800.csv", "header\n")
	r.until("what was added", func() bool { return r.files[7200] == "header\nb\nc\n" && r.files[10800] == "header\n" })
	h.put("7200.csv", "n\n")
	h.put("3600.csv", "late\n") // an earlier hour
	r.until("the rest", func() bool {
		return r.files[7200] == "header\nb\nc\ntorn\n" && r.files[3600] == "header\na\nlate\n"
	})
	if fmt.Sprint(r.hours) != "[3600 7200 10800]" {
		t.Errorf("hours came in the order %v", r.hours)
	}
	h.live.Store(false)
	r.until("the end of the capture", func() bool { return r.status.Captured == 7 && !r.status.Live })
	if r.status.DroppedKernel != 1 || r.status.Problem != "none" {
		t.Errorf("%+v", r.status)
	}
}

// TestNamesFollowRows: the names of an hour come after its first rows, whole lines, from their beginning in every connection, and as they grow;
// those of hours without rows do not.
func TestNamesFollowRows(t *testing.T) {
	h := start(t)
	h.put("3600.csv", "header\na\n")
	h.put("3600.names.csv", "names\nx\ntor")
	h.put("7200.csv", "header\nb\n")
	h.put("7200.names.csv", "names\n")
	h.put("10800.names.csv", "names\nof nothing\n")
	for _, resumed := range []bool{false, true} {
		var have []wire.Position
		if resumed {
			have = []wire.Position{{Hour: 3600, Offset: 9}, {Hour: 7200, Offset: 9}}
		}
		conn, _ := h.page(have...)
		r := newReader(t, conn, true)
		r.resumed = resumed
		torn := "names\nx\n"
		if resumed {
			torn += "torn\n"
		}
		r.until("the names", func() bool { return r.names[3600] == torn && r.names[7200] != "" })
		if resumed {
			break
		}
		h.put("3600.names.csv", "n\n")
		h.put("7200.names.csv", "y\n")
		r.until("what was added", func() bool { return r.names[3600] == "names\nx\ntorn\n" && r.names[7200] == "names\ny\n" })
		h.put("10800.csv", "header\nc\n")
		r.until("the rows of the third hour, and its names", func() bool { return r.files[10800] == "header\nc\n" && r.names[10800] == "names\nof nothing\n" })
	}
}

// TestNewestFirst wants a page that says so to be sent the newest hour first, and of older ones what it has not.
func TestNewestFirst(t *testing.T) {
	h := start(t)
	for _, name := range []string{"3600.csv", "7200.csv", "10800.csv"} {
		h.put(name, "header\na\n")
	}
	conn, _ := h.resumed(wire.Resume{NewestFirst: true, Files: []wire.Position{{Hour: 7200, Offset: 7}}})
	r := newReader(t, conn, true)
	r.until("all hours", func() bool {
		return r.files[3600] == "header\na\n" && r.files[7200] == "a\n" && r.files[10800] == "header\na\n"
	})
	if fmt.Sprint(r.hours) != "[10800 7200 3600]" {
		t.Errorf("hours came in the order %v", r.hours)
	}
}

func TestResume(t *testing.T) {
	h := start(t)
	h.put("3600.csv", "header\na\nb\n")
	h.put("7200.csv", "header\nc\n")
	conn, _ := h.page(wire.Position{Hour: 3600, Offset: 9}, wire.Position{Hour: 7200, Offset: 9})
	r := newReader(t, conn, true)
	h.put("7200.csv", "d\n")
	r.until("what is missing", func() bool { return r.files[3600] == "b\n" && r.files[7200] == "d\n" })
	if r.begins[3600] != 9 || r.begins[7200] != 9 {
		t.Errorf("began at %v", r.begins)
	}
	for name, position := range map[string]wire.Position{"within a line": {Hour: 3600, Offset: 3}, "beyond the end": {Hour: 3600, Offset: 99}} {
		conn, _ := h.page(position)
		fault := wire.Fault{}
		for fault.Code == "" {
			message := receive(t, conn)
			if wire.KindOf(message) == wire.KindFault {
				fault, _ = wire.DecodeFault(message)
			}
		}
		if fault.Code != wire.CodePosition {
			t.Errorf("%s: %+v", name, fault)
		}
	}
}

// TestFlowControl wants a page that does not acknowledge to be sent no more than it may be, and the rest once it does.
func TestFlowControl(t *testing.T) {
	h := start(t)
	line := strings.Repeat("x", 1023) + "\n"
	text := strings.Repeat(line, (wire.MaxInFlight+4*wire.MaxChunk)/len(line))
	h.put("3600.csv", text)
	conn, _ := h.page()
	r := newReader(t, conn, false)
	r.until("as much as may be in flight", func() bool { return r.bytes > wire.MaxInFlight-wire.MaxChunk })
	before := r.bytes
	for n := 0; n < 2; n++ { // two seconds of nothing but status
		r.status = wire.Status{}
		r.until("a status", func() bool { return r.status.Captured > 0 })
	}
	if r.bytes != before || r.bytes > wire.MaxInFlight {
		t.Errorf("%d bytes, then %d without an acknowledgement", before, r.bytes)
	}
	tell(t, conn, wire.AppendAck(nil, wire.Ack{Bytes: r.bytes}))
	r.ack = true
	r.until("the rest", func() bool { return r.files[3600] == text })
}

// TestFalseAck wants a page that lies about what it has to be let go.
func TestFalseAck(t *testing.T) {
	h := start(t)
	conn, _ := h.page()
	tell(t, conn, wire.AppendAck(nil, wire.Ack{Bytes: 1}))
	for {
		message := receive(t, conn)
		if wire.KindOf(message) == wire.KindFault {
			if fault, _ := wire.DecodeFault(message); fault.Code != "protocol" {
				t.Errorf("%+v", fault)
			}
			return
		}
	}
}

// TestShutdownSendsTheRest wants rows written just before the end to reach the page, then the last status, then a good-bye.
func TestShutdownSendsTheRest(t *testing.T) {
	h := start(t)
	conn, _ := h.page()
	r := newReader(t, conn, true)
	r.until("a status", func() bool { return r.status.Captured > 0 })
	h.put("3600.csv", "header\nlast\n")
	h.live.Store(false)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		h.Shutdown(ctx)
	}()
	for r.step() {
	}
	<-ended
	if r.files[3600] != "header\nlast\n" || r.status.Live {
		t.Errorf("%q, %+v", r.files[3600], r.status)
	}
}
