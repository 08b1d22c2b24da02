package programs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"tracelens/shared/called"
)

// Between two processes there are lines: one for each Owner, and one whenever Hidden is another number.
//
//	<time> <since> tcp|udp <address> <port> <process> <program>
//	hidden <sockets>
//
// The other way each byte is a wish (Soon). When that way ends, so does the looking.

// maxLine bounds a line that is read.
const maxLine = 256

// Serve looks for the process that has begun this one (Begin), until that ends or closes the way to here. It reads nothing but bytes that it
// does not look at, so it may keep rights that the other has given up. Of o Found does not count. Who presses Ctrl-C means the other
// process: this one ends with it.
func Serve(in io.Reader, out io.Writer, o Options) error {
	signal.Ignore(os.Interrupt)
	ctx, end := context.WithCancelCause(context.Background())
	defer end(nil)
	write := func(format string, args ...any) {
		if _, err := fmt.Fprintf(out, format, args...); err != nil {
			end(err)
		}
	}
	o.Found = func(w Owner) {
		protocol := "udp"
		if w.TCP {
			protocol = "tcp"
		}
		program := w.Program
		if program == "" {
			program = called.Nobody
		}
		write("%d %d %s %s %d %d %s\n", w.TimeNS, w.SinceNS, protocol, w.Address, w.Port, w.PID, program)
	}
	s, err := New(o)
	if err != nil {
		return err
	}
	told := -1
	s.looked = func() {
		if hidden := s.Hidden(); hidden != told {
			told = hidden
			write("hidden %d\n", hidden)
		}
	}
	go func() {
		buf := make([]byte, 512)
		for {
			n, err := in.Read(buf)
			if n > 0 {
				s.Soon()
			}
			if err != nil {
				end(io.EOF)
				return
			}
		}
	}()
	s.Run(ctx)
	if err := context.Cause(ctx); err != io.EOF {
		return err
	}
	return nil
}

// An Aside is a process that looks for this one.
type Aside struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	wish   chan struct{}
	hidden atomic.Int64
	ended  chan struct{}
	err    error
	once   sync.Once
}

// Begin starts a program that calls Serve with its standard input and output. It has the rights that this process has now. Found is called by
// one goroutine, until Close has returned.
func Begin(cmd *exec.Cmd, found func(Owner)) (*Aside, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	a := &Aside{cmd: cmd, in: in, wish: make(chan struct{}, 1), ended: make(chan struct{})}
	go a.pass()
	go func() {
		defer close(a.ended)
		readErr := a.read(out, found)
		in.Close()
		if a.err = errors.Join(readErr, cmd.Wait()); a.err != nil {
			a.err = fmt.Errorf("looking for programs has ended: %w", a.err)
		}
	}()
	return a, nil
}

func (a *Aside) read(out io.Reader, found func(Owner)) error {
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, maxLine), maxLine)
	var malformed error
	for lines.Scan() {
		if n, ok := strings.CutPrefix(lines.Text(), "hidden "); ok {
			hidden, err := strconv.Atoi(n)
			if err == nil {
				a.hidden.Store(int64(hidden))
				continue
			}
		}
		w, ok := parseOwner(lines.Text())
		if !ok {
			malformed = errors.New("a line that is none")
			break
		}
		found(w)
	}
	if malformed == nil {
		malformed = lines.Err()
	}
	if malformed != nil {
		a.cmd.Process.Kill() // it would wait for somebody to read
	}
	return malformed
}

// pass passes wishes on. It waits where Soon must not.
func (a *Aside) pass() {
	for {
		select {
		case <-a.ended:
			return
		case <-a.wish:
			if _, err := a.in.Write([]byte{'.'}); err != nil {
				return
			}
		}
	}
}

func parseOwner(line string) (w Owner, ok bool) {
	f := strings.SplitN(line, " ", 7)
	if len(f) != 7 || f[2] != "tcp" && f[2] != "udp" {
		return w, false
	}
	time, err1 := strconv.ParseInt(f[0], 10, 64)
	since, err2 := strconv.ParseInt(f[1], 10, 64)
	address, err3 := netip.ParseAddr(f[3])
	number, err4 := strconv.ParseUint(f[4], 10, 16)
	pid, err5 := strconv.ParseInt(f[5], 10, 32)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return w, false
	}
	w = Owner{time, since, f[2] == "tcp", address, uint16(number), int32(pid), ""}
	if f[6] != called.Nobody {
		w.Program = Clean(f[6])
	}
	return w, true
}

// Soon has it look as soon as that is allowed, and never waits.
func (a *Aside) Soon() {
	select {
	case a.wish <- struct{}{}:
	default:
	}
}

// Hidden is how many sockets there were at the last look whose program could not be told.
func (a *Aside) Hidden() int { return int(a.hidden.Load()) }

// Ended is closed when it looks no more, whether that was wished for or not.
func (a *Aside) Ended() <-chan struct{} { return a.ended }

// Close ends it, and says whether it had ended before, and why.
func (a *Aside) Close() error {
	a.once.Do(func() { a.in.Close() })
	<-a.ended
	return a.err
}
