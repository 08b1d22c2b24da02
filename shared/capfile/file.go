// Package capfile reads the packets of captures, pcap and pcapng, as they come; and writes them down as rows.
//
//	bytes -> feed -> File: frames -> Rows: lines of an hour file
package capfile

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"tracelens/shared/frame"
)

// MaxPacket is the longest packet a file may hold, tshark's limit too. A longer one means that the file is damaged.
const MaxPacket = 256 << 10

// A File reads the packets of a pcap or pcapng capture, plain or gzip, from a file or a pipe, as they come.
type File struct {
	name     string
	closer   io.Closer
	feed     *feed
	format   func(*frame.Frame) error // the next packet in the file's own format
	words    func() string
	captured atomic.Int64
	closing  sync.Once
}

// New reads the capture in r, which Close closes; name is for messages. The format is known when the first bytes have been read, that is
// at the first call of Next.
func New(name string, r io.ReadCloser) *File {
	f := &File{name: name, closer: r}
	f.feed = newFeed(&unzipper{r: r})
	f.format = f.detect
	return f
}

// ErrIdle says that no packet is at hand right now.
var ErrIdle = errors.New("capfile: no packet at hand")

// Next reads the next packet into p; p.Data is valid until the next call. It returns io.EOF after the last packet, ErrIdle when no packet is
// at hand and the next call may wait for one, and another error, in words, when the file is damaged: there is nothing more to be read then.
func (f *File) Next(p *frame.Frame) error {
	err := f.format(p)
	switch {
	case err == nil:
		f.captured.Add(1)
		return nil
	case err == io.EOF || err == ErrIdle:
		return err
	case err == errClosed:
		return io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s is cut short in the middle of packet %d", f.name, f.captured.Load()+1)
	case errors.Is(err, errNoCapture):
		return fmt.Errorf("%s is neither a pcap nor a pcapng capture", f.name)
	}
	return fmt.Errorf("%s: packet %d: %w", f.name, f.captured.Load()+1, err)
}

// Captured is how many packets have been read. It is safe to call from other goroutines.
func (f *File) Captured() int64 { return f.captured.Load() }

// Words say what kind of file it is, once a packet has been read: "pcap capture, big-endian, nanoseconds".
func (f *File) Words() string {
	if f.words == nil {
		return "capture"
	}
	return f.words()
}

// Close may be called more than once, and while another goroutine waits in Next, which then returns io.EOF. It does not wait for
// a read from a pipe that nobody writes to.
func (f *File) Close() (err error) {
	f.closing.Do(func() {
		f.feed.close()
		err = f.closer.Close()
	})
	return err
}

var errNoCapture = errors.New("not a capture")

// detect reads the first bytes and hands over to the reader of the format they show.
func (f *File) detect(p *frame.Frame) error {
	magic, err := f.feed.peek(4)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errNoCapture
	} else if err != nil {
		return err
	}
	switch binary.LittleEndian.Uint32(magic) {
	case blockSection:
		r := &pcapngReader{feed: f.feed}
		f.format, f.words = r.next, r.words
	case magicMicro, magicNano, magicMicroSwapped, magicNanoSwapped:
		r := &pcapReader{feed: f.feed}
		f.format, f.words = r.next, r.words
	default:
		return errNoCapture
	}
	return f.format(p)
}

// An unzipper passes on what it reads, decompressed if it begins as gzip does.
type unzipper struct {
	r   io.Reader
	out io.Reader
}

func (u *unzipper) Read(p []byte) (int, error) {
	if u.out == nil {
		br := bufio.NewReader(u.r)
		head, err := br.Peek(2)
		if err != nil && len(head) == 0 {
			return 0, err
		}
		u.out = br
		if len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
			if u.out, err = gzip.NewReader(br); err != nil {
				return 0, err
			}
		}
	}
	return u.out.Read(p)
}
