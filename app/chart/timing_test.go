package chart

import "testing"

// BenchmarkChart draws every case at its full width. In WebAssembly each must stay within a frame, 16 ms:
// GOOS=js GOARCH=wasm go test -exec "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" -run ^$ -bench . ./app/chart
func BenchmarkChart(b *testing.B) {
	for _, c := range cases() {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = len(c.draw(options(c.wide[0], Light())).SVG)
			}
			b.ReportMetric(float64(n), "svg-bytes")
		})
	}
}
