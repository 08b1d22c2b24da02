//go:build linux

package programs

import (
	"fmt"
	"net"
	"testing"

	gopsutil "github.com/shirou/gopsutil/v4/net"
)

// sockets opens so many datagram sockets.
func sockets(b *testing.B, n int) {
	b.Helper()
	for range n {
		c, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { c.Close() })
	}
}

// BenchmarkLook is of looks at which nothing is new, at which one socket is, and of the first one.
func BenchmarkLook(b *testing.B) {
	for _, n := range []int{10, 1000, 10_000} {
		told := 0
		check := func(b *testing.B, want int) {
			b.Helper()
			if told < want {
				b.Fatalf("%d told, want %d", told, want)
			}
		}
		found := func(Owner) { told++ }
		b.Run(fmt.Sprintf("nothing-new/%d", n), func(b *testing.B) {
			sockets(b, n)
			s := sampler(b, Options{Found: found})
			b.ReportAllocs()
			for b.Loop() {
				s.machine.look()
			}
			check(b, n)
		})
		b.Run(fmt.Sprintf("one-new/%d", n), func(b *testing.B) {
			sockets(b, n)
			s := sampler(b, Options{Found: found})
			s.machine.look()
			told = 0
			i := 0
			for b.Loop() {
				c, _ := net.ListenPacket("udp4", "127.0.0.1:0")
				s.machine.look()
				c.Close()
				i++
			}
			check(b, i)
		})
		b.Run(fmt.Sprintf("first/%d", n), func(b *testing.B) {
			sockets(b, n)
			for b.Loop() {
				told = 0
				sampler(b, Options{Found: found}).machine.look()
				check(b, n)
			}
		})
		b.Run(fmt.Sprintf("gopsutil/%d", n), func(b *testing.B) {
			sockets(b, n)
			for b.Loop() {
				if all, err := gopsutil.Connections("inet"); err != nil || len(all) < n {
					b.Fatalf("%d, %v", len(all), err)
				}
			}
		})
	}
}

// BenchmarkDump is what the kernel takes for each question.
func BenchmarkDump(b *testing.B) {
	buf := make([]byte, readAtOnce)
	for b.Loop() {
		if err := diagnose(buf, func(bool, *diagnosis) {}); err != nil {
			b.Fatal(err)
		}
	}
}
