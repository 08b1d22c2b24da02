package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// packedContenders are the ways to the same figures from files that are packed, and from a capture. Their floor is to inflate the packed
// ones and nothing else.
var packedContenders = []contender{
	{name: packedFloor, label: "this browser inflating the gzip files, and nothing else", needs: []need{needChromium, needPeers}, run: of((*trace).gzipped, ownPage(packedFloor, ""))},
	{name: "gzip", label: "**Tracelens**, the gzip files", needs: []need{needChromium, needPage}, run: of((*trace).gzipped, tracelens)},
	{name: "pcap", label: "**Tracelens**, a capture (pcap)", needs: []need{needChromium, needPage}, run: of((*trace).captured, tracelens)},
	{name: "plain", label: "**Tracelens**, the plain files", needs: []need{needChromium, needPage}, run: tracelens},
}

// of has a contender read other files of the same packets.
func of(files func(*trace) (*trace, error), run func(context.Context, *bench, *trace) (*result, error)) func(context.Context, *bench, *trace) (*result, error) {
	return func(ctx context.Context, b *bench, t *trace) (*result, error) {
		other, err := files(t)
		if err != nil {
			return nil, err
		}
		return run(ctx, b, other)
	}
}

// gzipped is the trace with its files as gzip writes them.
func (t *trace) gzipped() (*trace, error) {
	packed := *t
	packed.Names = nil
	for _, name := range t.Names {
		packed.Names = append(packed.Names, name+".gz")
		err := once(filepath.Join(t.dir, name+".gz"), func(w io.Writer) error {
			f, err := os.Open(filepath.Join(t.dir, name))
			if err != nil {
				return err
			}
			defer f.Close()
			z := gzip.NewWriter(w)
			if _, err := io.Copy(z, f); err != nil {
				return err
			}
			return z.Close()
		})
		if err != nil {
			return nil, err
		}
	}
	return &packed, nil
}

// captured is the trace as one capture that kept the headers, as somebody who is interested in traffic captures.
func (t *trace) captured() (*trace, error) {
	capture := *t
	capture.Names = []string{"trace.pcap"}
	return &capture, once(filepath.Join(t.dir, capture.Names[0]), func(w io.Writer) error {
		const nanoseconds, snaplen, ethernet = 0xa1b23c4d, 64, 1
		header := binary.LittleEndian.AppendUint32(nil, nanoseconds)
		header = append(header, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		header = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(header, snaplen), ethernet)
		if _, err := w.Write(header); err != nil {
			return err
		}
		var packet []byte
		for _, name := range t.Names {
			err := eachRow(filepath.Join(t.dir, name), func(r *row) {
				packet = r.appendPacket(packet[:0])
				w.Write(packet) // a buffered writer keeps its error
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// appendPacket writes the row's packet as pcap has it: a record header, and the headers of Ethernet, IP, and TCP or UDP.
func (r *row) appendPacket(b []byte) []byte {
	le, be := binary.LittleEndian, binary.BigEndian
	b = le.AppendUint32(le.AppendUint32(b, uint32(r.ns/1e9)), uint32(r.ns%1e9))
	b = le.AppendUint32(le.AppendUint32(b, 0), uint32(r.length))
	b = append(b, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2)
	if !r.addressed {
		b = be.AppendUint16(b, 0x0806) // ARP, of which nothing else is known
	} else {
		protocol := byte(2) // IGMP has no ports
		switch {
		case r.tcp:
			protocol = 6
		case r.udp:
			protocol = 17
		}
		b = append(be.AppendUint16(b, 0x0800), 0x45, 0)
		b = append(be.AppendUint16(b, uint16(r.length-14)), 0, 0, 0x40, 0, 64, protocol, 0, 0)
		b = be.AppendUint32(be.AppendUint32(b, r.src), r.dst)
		if r.tcp || r.udp {
			b = be.AppendUint16(be.AppendUint16(b, uint16(r.srcPort)), uint16(r.dstPort))
		}
		switch {
		case r.tcp:
			b = append(b, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0, 0, 0, 0, 0)
		case r.udp:
			b = append(be.AppendUint16(b, uint16(r.length-34)), 0, 0)
		}
	}
	le.PutUint32(b[8:], uint32(len(b)-16))
	return b
}

// once makes a file that is not there yet.
func once(path string, write func(io.Writer) error) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	fmt.Fprintf(os.Stderr, "making %s\n", path)
	unfinished := path + ".part"
	f, err := os.Create(unfinished)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}
