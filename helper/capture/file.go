package capture

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"tracelens/helper/frame"
)

// maxPacket is the longest packet a file may hold, tshark's limit too. A longer one means that the file is damaged.
const maxPacket = 256 << 10

// A File reads the packets of a pcap or pcapng capture, plain or gzip, from a file or a pipe, as they come.
type File struct {
	name     string
	closer   io.Closer
	feed     *feed
	format   func(*frame.Frame) error // the next packet in the file's own format
	captured atomic.Int64
	closing  sync.Once
}

// OpenFile opens the capture at path; "-" is standard input.
func OpenFile(path string) (*File, error) {
	if path == "-" {
		return NewFile("standard input", os.Stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s is a folder, not a capture file", path)
	}
	return NewFile(path, f)
}

// NewFile reads the capture in r, which it closes at the end; name is for messages. The format is known when the first bytes
// have been read, that is at the first call of Next.
func NewFile(name string, r io.ReadCloser) (*File, error) {
	f := &File{name: name, closer: r}
	f.feed = newFeed(&unzipper{r: r})
	f.format = f.detect
	return f, nil
}

// Next reads the next packet; see Source.
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

// Stats counts the packets read; a file drops none.
func (f *File) Stats() Stats { return Stats{Captured: f.captured.Load()} }

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
		f.format = (&pcapngReader{feed: f.feed}).next
	case magicMicro, magicNano, magicMicroSwapped, magicNanoSwapped:
		f.format = (&pcapReader{feed: f.feed}).next
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
