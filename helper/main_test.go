package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/shared/tracecsv"
	"tracelens/shared/tracetest"
	"tracelens/shared/wire"
)

// program is the helper, built once.
var program string

// acts are what the test's own program does instead of testing, by what ACT says.
var acts map[string]func()

func TestMain(m *testing.M) {
	if act := acts[os.Getenv("ACT")]; act != nil {
		act()
		return
	}
	dir, err := os.MkdirTemp("", "tracelens-test-")
	if err != nil {
		panic(err)
	}
	os.Chmod(dir, 0o755) // another user runs it too
	program = filepath.Join(dir, "tracelens")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the helper: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// patience bounds how long a test waits for something that comes at once on a quiet machine.
const patience = 20 * time.Second

// finish runs the program to its end.
func finish(t *testing.T, stdin io.Reader, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = t.TempDir(), stdin, &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(patience, func() { cmd.Process.Kill() }).Stop()
	cmd.Wait()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// A running program, whose link has been read.
type running struct {
	*exec.Cmd
	t       *testing.T
	address string
	token   string
	stdin   io.WriteCloser

	mu     sync.Mutex
	out    bytes.Buffer // both of stdout and stderr
	closed sync.WaitGroup
}

func launch(t *testing.T, prepare func(*exec.Cmd), args ...string) *running {
	t.Helper()
	r := &running{Cmd: exec.Command(program, append(args, "-listen", "127.0.0.1:0")...), t: t}
	r.Dir = t.TempDir()
	if prepare != nil {
		prepare(r.Cmd)
	}
	if r.Cmd.Stdin == nil {
		r.stdin, _ = r.StdinPipe()
	}
	stdout, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := r.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Process.Kill() })
	link := make(chan string, 1)
	for _, pipe := range []io.Reader{stdout, stderr} {
		r.closed.Go(func() {
			for lines := bufio.NewScanner(pipe); lines.Scan(); {
				r.mu.Lock()
				fmt.Fprintln(&r.out, lines.Text())
				r.mu.Unlock()
				if rest, ok := strings.CutPrefix(lines.Text(), "Open http://"); ok {
					link <- rest
				}
			}
		})
	}
	select {
	case l := <-link:
		var ok bool
		if r.address, r.token, ok = strings.Cut(l, "/#token="); !ok || len(r.token) != 32 {
			t.Fatalf("link %q", l)
		}
	case <-time.After(patience):
		t.Fatalf("no link was printed: %s", r.output())
	}
	return r
}

func (r *running) output() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out.String()
}

// interrupt is Ctrl-C; wait is for a program that ends by itself.
func (r *running) interrupt() (output string, code int) {
	r.t.Helper()
	r.Process.Signal(os.Interrupt)
	return r.wait()
}

func (r *running) wait() (output string, code int) {
	r.t.Helper()
	defer time.AfterFunc(patience, func() { r.Process.Kill() }).Stop()
	r.closed.Wait()
	r.Cmd.Wait()
	return r.output(), r.ProcessState.ExitCode()
}

// connect is a page that has shown the token.
func (r *running) connect() *websocket.Conn {
	r.t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+r.address+"/ws", map[string][]string{"Origin": {"http://" + r.address}})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { conn.Close() })
	conn.SetReadDeadline(time.Now().Add(patience))
	for _, message := range [][]byte{
		wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: r.token}),
		wire.AppendResume(nil, wire.Resume{}),
	} {
		if err := conn.WriteMessage(websocket.BinaryMessage, message); err != nil {
			r.t.Fatal(err)
		}
	}
	return conn
}

// rows reads the stream until it holds n rows, or ends. It gives them without the header lines, and the last status.
func rows(t *testing.T, conn *websocket.Conn, n int) (lines []string, status wire.Status) {
	t.Helper()
	for n < 0 || len(lines) < n {
		_, message, err := conn.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseGoingAway) && n < 0 {
			return lines, status
		} else if err != nil {
			t.Fatalf("after %d rows: %v", len(lines), err)
		}
		switch wire.KindOf(message) {
		case wire.KindChunk:
			c, _ := wire.DecodeChunk(message)
			for line := range strings.Lines(string(c.Lines)) {
				if line != tracecsv.Header+"\n" {
					lines = append(lines, line)
				}
			}
		case wire.KindStatus:
			status, _ = wire.DecodeStatus(message)
		}
	}
	return lines, status
}

func nextStatus(t *testing.T, conn *websocket.Conn) wire.Status {
	t.Helper()
	for {
		_, message, err := conn.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		if status, err := wire.DecodeStatus(message); err == nil {
			return status
		}
	}
}

func captureFile(t testing.TB, name string) string {
	t.Helper()
	for _, path := range tracetest.Captures() {
		if filepath.Base(path) == name {
			return path
		}
	}
	t.Fatalf("there is no capture %s", name)
	return ""
}

// hourRows is every row of the hour files in dir.
func hourRows(t *testing.T, dir string) (lines []string) {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(dir, "*[0-9].csv"))
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text, ok := strings.CutPrefix(string(b), tracecsv.Header+"\n")
		if !ok || !strings.HasSuffix(text, "\n") || strings.Contains(text, "frame") {
			t.Errorf("%s: header or last line is wrong", path)
		}
		for line := range strings.Lines(text) {
			lines = append(lines, line)
		}
	}
	return lines
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("did not come: %s", what)
		}
	}
}

// eventuallyStatus reads the stream until a status is as wanted.
func eventuallyStatus(t *testing.T, conn *websocket.Conn, wanted func(wire.Status) bool) {
	t.Helper()
	for !wanted(nextStatus(t, conn)) {
	}
}
