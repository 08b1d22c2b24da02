package ports

import (
	"strconv"
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	for _, c := range []struct {
		port uint16
		udp  bool
		want string
	}{
		{443, false, "https"}, {443, true, "quic"}, {80, false, "http"}, {53, false, "domain"}, {53, true, "domain"}, {22, false, "ssh"},
		{7, true, "echo"}, {67, true, "bootps"}, {123, true, "ntp"}, {143, false, "imap"}, {143, true, ""}, {514, false, "shell"}, {514, true, "syslog"},
		{993, false, "imaps"}, {1900, true, "ssdp"}, {4500, true, "ipsec-nat-t"}, {5353, true, "mdns"}, {5432, false, "postgresql"},
		{6379, false, "redis"}, {8080, false, "http-alt"}, {27017, false, "mongodb"}, {47808, true, "bacnet"},
		{0, false, ""}, {1, false, ""}, {3, true, ""}, {44, false, ""}, {808, false, ""}, {51000, true, ""}, {65535, false, ""},
	} {
		if got := Name(c.port, c.udp); got != c.want {
			t.Errorf("%d, udp %v: %q, want %q", c.port, c.udp, got, c.want)
		}
	}
}

// Every line is found, by its own protocols only, and nothing that has no line is.
func TestEveryLineIsFound(t *testing.T) {
	if n := len(names); n >= 3000 {
		t.Errorf("%d bytes of names", n)
	}
	want := map[bool]map[uint16]string{false: {}, true: {}}
	last := -1
	for _, line := range strings.Split(strings.Trim(names, "\n"), "\n") {
		number, text, _ := strings.Cut(line, " ")
		port, err := strconv.ParseUint(number, 10, 16)
		tcp, udp, two := strings.Cut(text, "/")
		if !two {
			udp = tcp
		}
		if err != nil || int(port) <= last || two && tcp == udp || strings.ContainsAny(text, " \t") || len(tcp) > 15 || len(udp) > 15 {
			t.Fatalf("the line %q, after %d", line, last)
		}
		last = int(port)
		for is, name := range map[bool]string{false: tcp, true: udp} {
			if name != "" {
				want[is][uint16(port)] = name
			}
		}
	}
	for port := range 1 << 16 {
		for _, udp := range []bool{false, true} {
			if got := Name(uint16(port), udp); got != want[udp][uint16(port)] {
				t.Errorf("%d, udp %v: %q, want %q", port, udp, got, want[udp][uint16(port)])
			}
		}
	}
	if len(want[false]) < 150 || len(want[true]) < 150 {
		t.Errorf("%d and %d names", len(want[false]), len(want[true]))
	}
}
