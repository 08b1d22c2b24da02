package names

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tracelens/shared/called"
)

func TestClean(t *testing.T) {
	ok := func(text string, kind Kind, want string) {
		t.Helper()
		if got, ok := called.Clean([]byte(text), kind); !ok || got != want {
			t.Errorf("%q is %q, %v", text, got, ok)
		}
	}
	bad := func(text string, kind Kind) {
		t.Helper()
		if got, ok := called.Clean([]byte(text), kind); ok {
			t.Errorf("%q is a name: %q", text, got)
		}
	}
	ok("WWW.Example.org.", DNS, "www.example.org")
	ok("xn--bcher-kva.example", TLS, "xn--bcher-kva.example")
	ok("_x-1.a_b.c-", DNS, "_x-1.a_b.c-")
	ok("1.2.3.4a", DNS, "1.2.3.4a")
	ok("printer", MDNS, "printer")
	ok("LAPTOP-7", DHCP, "laptop-7")
	label := strings.Repeat("a", 63)
	ok(label+".b", DNS, label+".b")
	bad(label+"a.b", DNS)
	longest := strings.Repeat("a.", 126) + "b"
	ok(longest+".", DNS, longest)
	bad(longest+"b", DNS)
	for _, text := range []string{"", ".", "..", "printer", "a..b", ".a.b", "a.b..", "1.2.3.4", "a.7", "::1", "a b.c", "a\x00.b", "a,b.c", "<b>.org", "bücher.de",
		"a'.b", `a".b`, "a&.b", `a\.b`, "a/b.c", "a:1.b", "=a.b", "a.b\n"} {
		bad(text, DNS)
		bad(text+"!", MDNS)
	}
	bad("1234", DHCP)
}

func TestHTTP(t *testing.T) {
	ok := func(request, want string) {
		t.Helper()
		if want != "" {
			want = "http 2001:db8::443 " + want
		}
		request = strings.ReplaceAll(request, "|", "\r\n")
		expect(t, add(New(), tcpTo(80, 1, []byte(request))), want)
		r := rand.New(rand.NewPCG(11, 12))
		at := 10 // the method and what follows are in one segment
		f := New()
		var got []string
		for seq := 0; seq < len(request); at = seq + 1 + r.IntN(20) {
			at = min(at, len(request))
			got = append(got, add(f, tcpTo(80, uint32(seq), []byte(request[seq:at])))...)
			seq = at
		}
		expect(t, got, want)
		if strings.HasSuffix(request, "\r\n\r\n") && len(f.tcp.open) > 0 {
			t.Errorf("%q is kept", request)
		}
	}
	for _, method := range []string{"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"} {
		ok(method+" / HTTP/1.1|Host: www.Example.org||", "www.example.org")
	}
	ok("GET /x?y z HTTP/1.1|A: b|hOST:www.example.org:8080 |C: d||", "www.example.org")
	ok("GET / HTTP/1.0\nHost: www.example.org\n\n", "www.example.org")
	ok("OPTIONS * HTTP/1.1|Host: www.example.org||", "www.example.org")
	ok("GET / HTTP/1.1|Host: 192.0.2.1:80||", "")
	ok("GET / HTTP/1.1|Host: [2001:db8::1]||", "")
	ok("GET / HTTP/1.1|Host: localhost||", "")
	ok("GET / HTTP/1.1|Host:||", "")
	ok("GET / HTTP/1.1|X: y||Host: body.example.org||", "")
	ok("GET http://www.example.org/ HTTP/1.1|Host: www.example.org||", "") // to a proxy
	ok("CONNECT www.example.org:443 HTTP/1.1|Host: www.example.org||", "")
	ok("GET www.example.org|Host: www.example.org||", "")
	ok("GETTING / HTTP/1.1|Host: www.example.org||", "")

	// What goes through a proxy after CONNECT is not the proxy's name; and a header that does not end is not kept for ever.
	hello := helloOf(t, "www.example.org")
	f := New()
	expect(t, add(f, tcpTo(3128, 1, []byte("CONNECT www.example.org:443 HTTP/1.1\r\n\r\n")), tcpTo(3128, 41, hello)), "")
	long := []byte("GET / HTTP/1.1\r\n" + strings.Repeat("X: "+strings.Repeat("y", 90)+"\r\n", 300))
	for at := 0; at < len(long); at += 1000 {
		add(f, tcpTo(80, uint32(at), long[at:min(len(long), at+1000)]))
		if kept := len(f.tcp.open) > 0; kept != (at+1000 < maxStream) {
			t.Errorf("a long request is kept at %d: %v", at, kept)
		}
	}
}

func TestDHCP(t *testing.T) {
	message := func(own, given [4]byte, options string) []byte {
		b := make([]byte, 240)
		copy(b[12:], own[:])
		copy(b[16:], given[:])
		be.PutUint32(b[236:], 0x63825363)
		return append(b, options...)
	}
	none, own := [4]byte{}, [4]byte{192, 0, 2, 7}
	const request, ack, wanted = "\x35\x01\x03", "\x35\x01\x05", "\x32\x04\xc0\x00\x02\x08"
	ok := func(b []byte, want string) {
		t.Helper()
		expect(t, add(New(), udp(68, 67, b)), want)
		for n := range b {
			add(New(), udp(68, 67, b[:n]))
		}
	}
	ok(message(none, none, request+"\x00\x00"+wanted+"\x0c\x06Laptop\xff"), "dhcp 192.0.2.8 laptop")
	ok(message(own, none, request+"\x0c\x07laptop\x00\xff"), "dhcp 192.0.2.7 laptop")
	ok(message(own, none, request+wanted+"\x0c\x06laptop"), "dhcp 192.0.2.7 laptop")
	ok(message(none, own, ack+"\x0c\x06laptop"), "dhcp 192.0.2.7 laptop")
	ok(message(none, own, ack+"\x51\x09\x00\x00\x00a.test\xff"), "dhcp 192.0.2.7 a.test")
	ok(message(none, own, ack+"\x51\x0b\x04\x00\x00\x01a\x04test\x00\xff"), "dhcp 192.0.2.7 a.test")
	ok(message(none, own, ack+"\x51\x0a\x04\x00\x00\x01a\x3ftest\xff"), "dhcp 192.0.2.7 a") // a label beyond the end
	ok(message(none, own, ack+"\xff\x0c\x06laptop"), "")
	ok(message(none, none, ack+"\x0c\x06laptop"), "")                  // an answer to INFORM
	ok(message(own, none, "\x35\x01\x01"+wanted+"\x0c\x06laptop"), "") // DISCOVER: it may not get it
	ok(message(own, none, request+"\x0c\x06my box"), "")
}
