package capfile

import (
	"errors"
	"io"
)

const (
	blockSize = 1 << 20
	// headroom is kept free before every block, so that the beginning of a record that runs on in the next block can be moved
	// in front of it. It is the longest contiguous piece a feed can give.
	headroom = MaxPacket + 64<<10
	blocks   = 4
)

// A feed gives contiguous pieces of a stream that another goroutine reads ahead.
type feed struct {
	block []byte // the current block, headroom included
	at    int    // begin of the bytes not yet taken
	ahead chan readBlock
	free  chan []byte
	stop  chan struct{}
	told  bool  // ErrIdle was returned for the block that is waited for
	err   error // why there is no further block
}

type readBlock struct {
	data []byte // headroom, then what was read
	err  error
}

func newFeed(r io.Reader) *feed {
	f := &feed{ahead: make(chan readBlock, blocks), free: make(chan []byte, blocks), stop: make(chan struct{})}
	for range blocks {
		f.free <- nil // made when first needed: a small file needs one
	}
	go f.readAhead(r)
	return f
}

func (f *feed) readAhead(r io.Reader) {
	for {
		var b []byte
		select {
		case b = <-f.free:
		case <-f.stop:
			return
		}
		if b == nil {
			b = make([]byte, headroom+blockSize)
		}
		b = b[:cap(b)]
		n, err := r.Read(b[headroom:])
		select {
		case f.ahead <- readBlock{b[:headroom+n], err}:
		case <-f.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// peek returns the next n bytes without taking them. It returns ErrIdle once before it waits for a block, io.EOF if the stream
// ends before the first of the bytes, and io.ErrUnexpectedEOF if it ends within them.
func (f *feed) peek(n int) ([]byte, error) {
	for len(f.block)-f.at < n {
		if err := f.next(); err != nil {
			return nil, err
		}
	}
	return f.block[f.at : f.at+n], nil
}

func (f *feed) take(n int) { f.at += n }

// skip takes *n bytes, however many blocks they fill, and counts *n down. Like peek it may return ErrIdle, to be called again.
func (f *feed) skip(n *int64) error {
	for {
		have := min(*n, int64(len(f.block)-f.at))
		f.at += int(have)
		if *n -= have; *n == 0 {
			return nil
		}
		if err := f.next(); err == io.EOF {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
	}
}

// next replaces the current block, moving what is left of it in front of the new one.
func (f *feed) next() error {
	rest := f.block[f.at:]
	if f.err != nil {
		if f.err == io.EOF && len(rest) > 0 {
			return io.ErrUnexpectedEOF
		}
		return f.err
	}
	if len(rest) > headroom {
		return errors.New("capfile: record is longer than any packet") // the callers check lengths before they ask
	}
	if !f.told && len(f.ahead) == 0 {
		f.told = true
		return ErrIdle
	}
	var b readBlock
	select {
	case b = <-f.ahead:
	case <-f.stop:
		return errClosed
	}
	if b.err != nil {
		select {
		case <-f.stop: // what was read from is closed too, and says so
			return errClosed
		default:
		}
	}
	f.told = false
	if b.err != nil {
		f.err = b.err
	}
	at := headroom - len(rest)
	copy(b.data[at:], rest)
	if f.block != nil {
		f.free <- f.block
	}
	f.block, f.at = b.data, at
	return nil
}

// close may be called while another goroutine waits in peek or skip.
func (f *feed) close() { close(f.stop) }

var errClosed = errors.New("capfile: source is closed")
