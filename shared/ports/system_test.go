//go:build !js

package ports

import (
	"net"
	"strconv"
	"strings"
	"testing"
)

// What the machine's own list of services, or else the few that Go itself knows, has under a name is the port of that name. Lists are of
// different years, so a name may be unknown, or known for the other protocol only.
func TestNamesAreTheSystems(t *testing.T) {
	known := 0
	for line := range strings.Lines(strings.TrimPrefix(names, "\n")) {
		number, _, _ := strings.Cut(line, " ")
		port, _ := strconv.Atoi(number)
		for network, udp := range map[string]bool{"tcp": false, "udp": true} {
			name := Name(uint16(port), udp)
			if name == "" {
				continue
			}
			system, err := net.LookupPort(network, name)
			if err != nil {
				continue
			}
			known++
			if system != port {
				t.Errorf("%d/%s is %q, which is %d here", port, network, name, system)
			}
		}
	}
	t.Logf("%d names are known here", known)
	if known < 9 {
		t.Errorf("only %d names are known here", known)
	}
}
