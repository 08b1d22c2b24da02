#!/bin/sh
# Makes the golden rows: what tshark says of each capture, one line a packet: unix time, then the columns of an hour file.
#
# usage: goldenrows.sh     (needs tshark)
#
# Run it when a capture is added, or another version of tshark is to judge, and look at the difference. The rows here are of tshark 4.0.17.
set -eu
cd "$(dirname "$0")/testdata"
for capture in captures/*.pcap*; do
	tshark -r "$capture" -n -T fields -E separator=, -E occurrence=f -e frame.time_epoch -e ip.src -e tcp.srcport -e udp.srcport \
		-e ip.dst -e tcp.dstport -e udp.dstport -e frame.len -e ipv6.src -e ipv6.dst >"golden/$(basename "$capture").rows.csv" 2>/dev/null
done
