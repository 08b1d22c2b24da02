package main

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"tracelens/helper/capture"
	"tracelens/helper/hourly"
	"tracelens/shared/decode"
	"tracelens/shared/frame"
	"tracelens/shared/names"
	"tracelens/shared/trace"
)

const (
	// batchPackets are decoded before they are passed on, 300 kB of them.
	batchPackets = 4096
	// batchAge bounds how long a packet waits for others while a capture is running.
	batchAge = 100 * time.Millisecond
	// batches in flight cover a disk that does not answer for a moment; beyond them the kernel's buffer fills, then packets
	// are dropped and counted. They go round in a ring: to take the one that was given back last is a quarter slower, since the other
	// processor still has it in its cache.
	batches = 32
	// closeEvery is how often the clock is looked at, to close the files of hours that have passed. Hours are told from the clock at that
	// moment, never from how long a timer ran: timers stand still while the machine sleeps.
	closeEvery = time.Second
	// closeAfter is how long after its end an hour is closed: its last packets may still be on their way.
	closeAfter = 2 * time.Second
	// drainAtMost bounds how long packets are read on that came before the end of a capture was wished for.
	drainAtMost = 2 * time.Second
)

// A pump moves packets from a source to the hour files: one goroutine reads and decodes, another makes lines and writes them, a third has
// the disk keep what was written.
type pump struct {
	source    capture.Source
	files     *hourly.Writer
	packets   int64         // stop after so many, 0 for never
	live      bool          // times are of now, so they tell how old a batch is
	syncEvery time.Duration // how often a live capture has the disk confirm
	// failed is told of every batch that could not be written whole; if it returns an error, the pump stops with it.
	failed func(error) error
	// alter, if there is one, changes each packet before it is written; false leaves it out.
	alter func(*trace.Packet) bool
	// names, if there is one, keeps the names in packets.
	names *naming

	full   chan batch
	free   chan batch
	broken chan struct{} // closed when failed wants to stop
}

// A batch is packets, and the names that were found in them, or of those before.
type batch struct {
	packets []trace.Packet
	names   []names.Name
}

// run returns when the source has ended, ctx is done, or something has failed. All that was read has been written then.
func (p *pump) run(ctx context.Context) error {
	p.full, p.free = make(chan batch, batches), make(chan batch, batches)
	p.broken = make(chan struct{})
	for range batches {
		p.free <- batch{} // made when first needed
	}
	var writeErr error
	var writer, keeper sync.WaitGroup
	done := make(chan struct{})
	writer.Go(func() { writeErr = p.write() })
	keeper.Go(func() { p.keep(done) })
	readErr := p.read(ctx)
	close(p.full)
	writer.Wait()
	close(done)
	keeper.Wait()
	return errors.Join(writeErr, readErr)
}

func (p *pump) read(ctx context.Context) error {
	var f frame.Frame
	d := decode.New()
	d.Watch(p.names != nil)
	b := p.batch()
	pass := func() {
		b.names = p.names.late(b.names)
		if len(b.packets)+len(b.names) > 0 {
			p.full <- b
			b = p.batch()
		}
	}
	defer pass()
	end := int64(0) // of the capture, once it is wished for
	var ended time.Time
	for n := int64(0); p.packets == 0 || n < p.packets; {
		err := p.source.Next(&f)
		switch err {
		case nil:
			b.packets = b.packets[:len(b.packets)+1]
			last := &b.packets[len(b.packets)-1]
			d.Decode(last, &f)
			n++
			if p.names != nil {
				if s, carries := d.Segment(); carries {
					b.names = p.names.find(b.names, f.TimeNS, s)
				}
				b.names = p.names.own(b.names, last)
			}
			if p.alter != nil && !p.alter(last) {
				b.packets = b.packets[:len(b.packets)-1]
				continue
			}
			if end != 0 && (f.TimeNS > end || time.Since(ended) > drainAtMost) {
				return nil
			}
			if age := f.TimeNS - b.packets[0].TimeNS; len(b.packets) < batchPackets && (!p.live || age >= 0 && age < int64(batchAge)) {
				continue
			}
			pass()
		case capture.ErrIdle:
			if end != 0 {
				return nil
			}
			pass()
		case io.EOF:
			return nil
		default:
			return err
		}
		select {
		case <-p.broken:
			return nil
		case <-ctx.Done():
			if !p.live {
				return nil
			}
			if end == 0 { // what the kernel has of before is read yet
				ended = time.Now()
				end = ended.UnixNano()
			}
		default:
		}
	}
	return nil
}

func (p *pump) batch() batch {
	b := <-p.free
	if b.packets == nil {
		b.packets = make([]trace.Packet, 0, batchPackets)
	}
	return batch{b.packets[:0], b.names[:0]}
}

// write writes the batches until there are no more. After a failure that stops the pump it only empties the channel.
func (p *pump) write() (stopped error) {
	for b := range p.full {
		if stopped == nil {
			if err := p.files.Write(b.packets); err != nil {
				if stopped = p.failed(err); stopped != nil {
					close(p.broken)
				}
			}
			if p.names != nil {
				if len(b.packets) > 0 {
					p.names.host(b.packets[0].TimeNS)
				}
				p.names.write(b.names) // after their packets: there are no names without their hour
			}
		}
		p.free <- b
	}
	return stopped
}

// keep has the disk keep what was written, and closes the files of hours that have passed.
func (p *pump) keep(done <-chan struct{}) {
	if !p.live {
		return
	}
	hours := time.NewTicker(closeEvery)
	defer hours.Stop()
	syncs := time.NewTicker(p.syncEvery)
	defer syncs.Stop()
	for {
		select {
		case <-done:
			return
		case <-hours.C:
			p.files.CloseHours(time.Now().UnixNano() - int64(closeAfter))
		case <-syncs.C:
			p.files.Sync()
		}
	}
}
