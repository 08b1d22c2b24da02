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
	"tracelens/shared/trace"
)

const (
	batchBytes = 256 << 10
	// batchAge bounds how long a row waits for others while a capture is running.
	batchAge = 100 * time.Millisecond
	// batches in flight cover a disk that does not answer for a moment; beyond them the kernel's buffer fills, then packets
	// are dropped and counted.
	batches = 16
)

// A pump moves packets from a source to the hour files: one goroutine reads and decodes, another writes.
type pump struct {
	source  capture.Source
	files   *hourly.Writer
	packets int64 // stop after so many, 0 for never
	live    bool  // times are of now, so they tell how old a batch is
	// failed is told of every batch that could not be written whole; if it returns an error, the pump stops with it.
	failed func(error) error

	decoder *decode.Decoder
	full    chan *hourly.Batch
	free    chan *hourly.Batch
	broken  chan struct{} // closed when failed wants to stop
}

// run returns when the source has ended, ctx is done, or something has failed. All that was read has been written then.
func (p *pump) run(ctx context.Context) error {
	p.decoder = decode.New()
	p.full, p.free = make(chan *hourly.Batch, batches), make(chan *hourly.Batch, batches)
	p.broken = make(chan struct{})
	for range batches {
		p.free <- hourly.NewBatch(batchBytes + 4096)
	}
	var writeErr error
	var writer sync.WaitGroup
	writer.Go(func() { writeErr = p.write() })
	readErr := p.read(ctx)
	close(p.full)
	writer.Wait()
	return errors.Join(writeErr, readErr)
}

func (p *pump) read(ctx context.Context) error {
	var f frame.Frame
	var row trace.Packet
	batch, first := <-p.free, int64(0)
	pass := func() {
		if batch.Len() > 0 {
			p.full <- batch
			batch = <-p.free
		}
	}
	defer func() {
		if batch.Len() > 0 {
			p.full <- batch
		}
	}()
	for n := int64(0); p.packets == 0 || n < p.packets; {
		err := p.source.Next(&f)
		switch err {
		case nil:
			p.decoder.Decode(&row, &f)
			if batch.Len() == 0 {
				first = row.TimeNS
			}
			batch.Add(&row)
			n++
			if age := row.TimeNS - first; batch.Len() < batchBytes && (!p.live || age >= 0 && age < int64(batchAge)) {
				continue
			}
			pass()
		case capture.ErrIdle:
			pass()
		case io.EOF:
			return nil
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.broken:
			return nil
		default:
		}
	}
	return nil
}

// write writes the batches until there are no more. After a failure that stops the pump it only empties the channel.
func (p *pump) write() (stopped error) {
	for b := range p.full {
		if stopped == nil {
			if err := p.files.Write(b); err != nil {
				if stopped = p.failed(err); stopped != nil {
					close(p.broken)
				}
			}
		}
		b.Reset()
		p.free <- b
	}
	return stopped
}
