//go:build linux

package main

import (
	"regexp"

	"github.com/gorilla/websocket"

	"tracelens/shared/wire"
)

var link = regexp.MustCompile(`Open http://(\S+)/#token=(\w+)`)

// page reads the stream as a page does that keeps up, until stop.
func page(t *run, output string) (stop func()) {
	m := link.FindStringSubmatch(output)
	if m == nil {
		t.Fatal("no link in", output)
	}
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+m[1]+"/ws", map[string][]string{"Origin": {"http://" + m[1]}})
	if err != nil {
		t.Fatal(err)
	}
	send := func(message []byte) error { return conn.WriteMessage(websocket.BinaryMessage, message) }
	send(wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: m[2]}))
	send(wire.AppendResume(nil, wire.Resume{}))
	go func() {
		total := int64(0)
		for {
			_, message, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if c, err := wire.DecodeChunk(message); err == nil {
				total += int64(len(c.Lines))
				send(wire.AppendAck(nil, wire.Ack{Bytes: total}))
			}
		}
	}()
	return func() { conn.Close() }
}
