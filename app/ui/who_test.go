package ui

import "testing"

func TestClassOf(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "", "10.1.2.3": "private", "172.31.0.1": "private", "fd00::1": "private", "224.0.0.251": "multicast", "ff02::fb": "multicast", "255.255.255.255": "broadcast",
		"169.254.1.1": "link-local", "fe80::1": "link-local", "127.0.0.1": "loopback", "::1": "loopback", "::": "unspecified", "::ffff:10.0.0.1": "private", "443/tcp": "", "tcp": "",
	} {
		if got := classOf(address); got != want {
			t.Errorf("%s is %q, want %q", address, got, want)
		}
	}
}
