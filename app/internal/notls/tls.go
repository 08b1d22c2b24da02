// Package tls stands in for crypto/tls in the page. A page makes no connections of its own: net/http has the browser fetch, and the browser
// does TLS. Yet what net/http mentions is in the module, and of Go's crypto/tls that is every cipher and certificate format there is, a tenth
// of a first visit. Here are the names that net/http and net/http/httptrace need, and nothing behind them: whoever calls one gets ErrNone.
//
// It takes the place of crypto/tls when the page is built, by go build's -overlay; see app/cmd/overlay.
package tls

import (
	"context"
	"errors"
	"net"
	"time"
)

// ErrNone is what every attempt to speak TLS gives.
var ErrNone = errors.New("tls: the browser does this, not the page")

type Certificate struct{}

type Config struct {
	NextProtos         []string
	ServerName         string
	Certificates       []Certificate
	GetCertificate     func() // of no use but to be nil or not
	GetConfigForClient func()
}

func (c *Config) Clone() *Config {
	if c == nil {
		return nil
	}
	d := *c
	return &d
}

type ConnectionState struct {
	NegotiatedProtocol         string
	NegotiatedProtocolIsMutual bool
}

type RecordHeaderError struct {
	Msg          string
	RecordHeader [5]byte
	Conn         net.Conn
}

func (RecordHeaderError) Error() string { return ErrNone.Error() }

// A Conn is none: there is no way to make one.
type Conn struct{ net.Conn }

func (*Conn) ConnectionState() ConnectionState       { return ConnectionState{} }
func (*Conn) Handshake() error                       { return ErrNone }
func (*Conn) HandshakeContext(context.Context) error { return ErrNone }
func (c *Conn) NetConn() net.Conn                    { return c.Conn }
func (c *Conn) Close() error                         { return c.Conn.Close() }
func (*Conn) Read([]byte) (int, error)               { return 0, ErrNone }
func (*Conn) Write([]byte) (int, error)              { return 0, ErrNone }
func (*Conn) SetDeadline(time.Time) error            { return ErrNone }

func Client(conn net.Conn, _ *Config) *Conn { return &Conn{conn} }

func NewListener(inner net.Listener, _ *Config) net.Listener { return inner }

func LoadX509KeyPair(certFile, keyFile string) (Certificate, error) { return Certificate{}, ErrNone }
