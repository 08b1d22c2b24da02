#!/bin/sh
# Makes the golden figures: what pandas, numpy and scipy say of the captures and of the generator's sample.
#
# usage: golden.sh path/to/figures.py [CAPTURE ...]     (without captures: all of them, the sample, and parts of it)
#
# figures.py is the oracle: it reads hour files and prints their figures as JSON. It needs pandas and scipy (Debian: apt-get
# install python3-pandas python3-scipy); PYTHON says which python3 has them. The hour files are those of the helper,
# `tracelens -r CAPTURE -w DIR`, so the golden figures do not judge its decoding: tshark does, in the helper's tests. Those of
# the sample are the generator's. The JSON is the oracle's, only without its white space.
#
# Run it after a change of the helper's rows or of the generator that was made on purpose, and look at the difference.
set -eu

[ $# -ge 1 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
oracle=$(realpath "$1")
shift
PYTHON=${PYTHON:-/usr/bin/python3}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# figures NAME DIR: the figures of the hour files in DIR become NAME's. Only a whole answer replaces the last one.
figures() {
	"$PYTHON" "$oracle" "$2"/*.csv >"$tmp/figures.json"
	"$PYTHON" -c 'import json, sys; json.dump(json.load(sys.stdin), sys.stdout, separators=(",", ":")); print()' \
		<"$tmp/figures.json" >"$tmp/compact.json"
	mv "$tmp/compact.json" "$here/testdata/golden/$1.json"
}

mkdir -p "$here/testdata/golden"
cd "$root"
if [ $# -eq 0 ]; then
	go build -o "$tmp/tracegen" ./shared/tracegen/cmd/tracegen
	"$tmp/tracegen" -o "$tmp/sample"
	figures sample "$tmp/sample"
	for selection in $("$PYTHON" "$here/selected.py" --list); do # parts of it
		mkdir "$tmp/$selection"
		"$PYTHON" "$here/selected.py" "$selection" "$tmp/$selection" "$tmp"/sample/*.csv
		figures "sample-$selection" "$tmp/$selection"
	done
	set -- "$here"/testdata/captures/*.pcap*
fi

go build -o "$tmp/tracelens" ./helper
for capture in "$@"; do
	name=$(basename "$capture")
	capture=$here/testdata/captures/$name
	mkdir "$tmp/$name"
	# A capture that is cut off makes the helper fail after its last whole packet; the rows it has written count.
	"$tmp/tracelens" -q -r "$capture" -w "$tmp/$name" || echo "golden.sh: $name: the helper ended with status $?" >&2
	figures "$name" "$tmp/$name"
done
