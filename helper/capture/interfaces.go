//go:build !nopcap && !js

package capture

import (
	"fmt"

	"github.com/google/gopacket/pcap"
)

// Flags of a pcap_if_t that gopacket has no names for.
const (
	flagLoopback = 1
	flagUp       = 2
)

// Interfaces lists what can be captured from, in libpcap's order, which is tshark's too.
func Interfaces() ([]Interface, error) {
	devices, err := pcap.FindAllDevs()
	if err != nil {
		return nil, fmt.Errorf("cannot list the interfaces: %w", err)
	}
	var all []Interface
	for _, d := range devices {
		all = append(all, Interface{d.Name, d.Description, d.Flags&flagUp != 0, d.Flags&flagLoopback != 0})
	}
	return all, nil
}
