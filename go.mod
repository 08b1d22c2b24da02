module tracelens

go 1.26

require (
	github.com/andybalholm/brotli v1.2.8
	github.com/google/gopacket v1.1.19
	github.com/gorilla/websocket v1.5.3
	github.com/maxence-charriere/go-app/v9 v9.8.0
	github.com/vicanso/go-charts/v2 v2.6.10
)

require (
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	github.com/google/uuid v1.3.0 // indirect
	github.com/wcharczuk/go-chart/v2 v2.1.0 // indirect
	golang.org/x/image v0.0.0-20200927104501-e162460cd6b5 // indirect
	golang.org/x/sys v0.0.0-20190412213103-97732733099d // indirect
)
