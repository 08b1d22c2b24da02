package names

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/decode"
)

// The tests' client and server.
var (
	client = netip.MustParseAddr("192.0.2.7")
	server = netip.MustParseAddr("2001:db8::443")
)

func tcpTo(port uint16, seq uint32, data []byte) *decode.Segment {
	return &decode.Segment{TCP: true, Src: netip.AddrPortFrom(client, 50000), Dst: netip.AddrPortFrom(server, port), Seq: seq, Data: data}
}

func udp(src, dst uint16, data []byte) *decode.Segment {
	return &decode.Segment{Src: netip.AddrPortFrom(client, src), Dst: netip.AddrPortFrom(server, dst), Data: data}
}

// add adds segments and gives the names in them, as "kind address name".
func add(f *Finder, segments ...*decode.Segment) (list []string) {
	for i, s := range segments {
		f.Add(int64(i), s, func(n Name) { list = append(list, fmt.Sprintf("%s %s %s", n.Kind, n.Address, n.Text)) })
	}
	return list
}

// expect fails unless the names are these, separated by commas.
func expect(t *testing.T, got []string, want string) {
	t.Helper()
	if strings.Join(got, ", ") != want {
		t.Errorf("found %q, want %q", got, want)
	}
}

// helloOf is the ClientHello that Go's own TLS sends to a server of that name, in records; with keys for after quantum computers, it is
// longer than a packet.
func helloOf(t testing.TB, name string) []byte {
	t.Helper()
	ours, theirs := net.Pipe()
	defer ours.Close()
	go func() {
		c := tls.Client(theirs, &tls.Config{ServerName: name, InsecureSkipVerify: name == "", NextProtos: []string{"h2", "http/1.1"}})
		c.Handshake() // fails when the pipe is closed
	}()
	b := make([]byte, 64<<10)
	n, err := ours.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return b[:n]
}

// quicHello is the same for QUIC, without records.
func quicHello(t testing.TB, name string) []byte {
	t.Helper()
	c := tls.QUICClient(&tls.QUICConfig{TLSConfig: &tls.Config{ServerName: name, MinVersion: tls.VersionTLS13, NextProtos: []string{"h3"}}})
	defer c.Close()
	c.SetTransportParameters(make([]byte, 60))
	if err := c.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	for {
		switch e := c.NextEvent(); e.Kind {
		case tls.QUICWriteData:
			return slices.Clone(e.Data)
		case tls.QUICNoEvent:
			t.Fatal("no ClientHello")
		}
	}
}
