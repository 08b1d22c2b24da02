package stats

import (
	"strconv"

	"tracelens/shared/trace"
)

// ports counts by port of either end: a packet from 443 to 51000 counts for both, one from 53 to 53 once, as the filter
// tcp.port==53 would.
type ports struct{ tcp, udp []volume }

func (p *ports) add(k *trace.Packet, v volume) {
	if k.Has&tcpBits != 0 {
		addPorts(&p.tcp, k.Has.Has(trace.TCPSrcPort), k.TCPSrc, k.Has.Has(trace.TCPDstPort), k.TCPDst, v)
	}
	if k.Has&udpBits != 0 {
		addPorts(&p.udp, k.Has.Has(trace.UDPSrcPort), k.UDPSrc, k.Has.Has(trace.UDPDstPort), k.UDPDst, v)
	}
}

func addPorts(counts *[]volume, hasSrc bool, src uint16, hasDst bool, dst uint16, v volume) {
	if *counts == nil {
		*counts = make([]volume, 1<<16)
	}
	if hasSrc {
		(*counts)[src].add(v)
	}
	if hasDst && !(hasSrc && src == dst) {
		(*counts)[dst].add(v)
	}
}

func (p *ports) merge(o *ports) {
	mergePorts(&p.tcp, o.tcp)
	mergePorts(&p.udp, o.udp)
}

func mergePorts(to *[]volume, from []volume) {
	if from == nil {
		return
	}
	if *to == nil {
		*to = make([]volume, 1<<16)
	}
	for i := range from {
		(*to)[i].add(from[i])
	}
}

// list names the ports that have packets and their volumes.
func (p *ports) list() (keys []string, volumes []volume) {
	for _, family := range []struct {
		counts []volume
		suffix string
	}{{p.tcp, "/tcp"}, {p.udp, "/udp"}} {
		for port, v := range family.counts {
			if v.packets > 0 {
				keys = append(keys, strconv.Itoa(port)+family.suffix)
				volumes = append(volumes, v)
			}
		}
	}
	return keys, volumes
}
