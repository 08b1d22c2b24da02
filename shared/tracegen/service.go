package tracegen

import "math/rand/v2"

// A service is a kind of conversation: who sends how much, in which sizes.
type service struct {
	udp      bool
	port     uint16 // of the remote side; 0 for what has no ports
	packets  [2]int // least and most in one conversation
	down     int    // of 100 packets, how many come from the remote side
	large    int    // of 100 packets in the main direction, how many are full
	full     int    // length of a full packet
	small    [2]int // least and most length of a small one: requests, acknowledgements
	upstream bool   // the main direction is up: the local side sends the large packets
}

var (
	video  = service{port: 443, packets: [2]int{30, 110}, down: 64, large: 95, full: 1514, small: [2]int{54, 66}}
	web    = service{port: 443, packets: [2]int{4, 26}, down: 55, large: 56, full: 1514, small: [2]int{54, 90}}
	plain  = service{port: 80, packets: [2]int{4, 30}, down: 56, large: 74, full: 1514, small: [2]int{54, 78}}
	upload = service{port: 443, packets: [2]int{30, 120}, down: 34, large: 90, full: 1514, small: [2]int{54, 66}, upstream: true}
	quic   = service{udp: true, port: 443, packets: [2]int{8, 60}, down: 66, large: 80, full: 1292, small: [2]int{71, 89}}
	mail   = service{port: 993, packets: [2]int{6, 30}, down: 52, large: 25, full: 1434, small: [2]int{54, 140}}
	shell  = service{port: 22, packets: [2]int{10, 60}, down: 50, large: 4, full: 1514, small: [2]int{66, 150}}
	dns    = service{udp: true, port: 53, packets: [2]int{2, 4}, down: 50, small: [2]int{70, 95}}
	ntp    = service{udp: true, port: 123, packets: [2]int{2, 2}, down: 50, small: [2]int{90, 90}}
	ping   = service{packets: [2]int{2, 8}, down: 50, small: [2]int{98, 98}}
)

// serviceOf gives each host its service. Those of the busiest are fixed, so that every seed has a video site and an upload.
func serviceOf(r *rand.Rand, i int) service {
	busiest := [...]service{video, web, quic, plain, mail, web, upload, shell, quic, web, web, plain}
	if i < len(busiest) {
		return busiest[i]
	}
	switch chance := r.IntN(100); {
	case chance < 66:
		return web
	case chance < 76:
		return plain
	case chance < 88:
		return quic
	case chance < 91:
		return ntp
	case chance < 94:
		return mail
	case chance < 96:
		return shell
	case chance < 98:
		return upload
	}
	return ping
}

// length is the length on the wire of a packet in the main direction or against it, in bytes.
func (s *service) length(r *rand.Rand, main bool) int {
	switch {
	case s.port == dns.port && main:
		return s.small[0] + 16 + r.IntN(160) // an answer repeats its question
	case s.large == 0:
	case main && r.IntN(100) < s.large:
		if r.IntN(12) == 0 {
			return s.full - r.IntN(min(114, s.full-1200)+1) // other path MTUs, last segments
		}
		return s.full
	case r.IntN(100) < 18:
		return 100 + r.IntN(1300) // headers, the ends of answers
	}
	return s.small[0] + r.IntN(s.small[1]-s.small[0]+1)
}
