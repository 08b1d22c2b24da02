package e2e

import (
	"archive/zip"
	"bytes"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/anon"
	"tracelens/shared/report"
	"tracelens/shared/tracetest"
)

// anonymiser is the native one of a key, of the usual recipe.
func anonymiser(t *testing.T, key string) *anon.Anonymiser {
	t.Helper()
	k, err := anon.ParseKey(key)
	if err != nil {
		t.Fatalf("the key %q: %v", key, err)
	}
	a, err := anon.New(anon.Recipe{}, k)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// unpacked are the files that the page saved, by name: one file, or an archive of several.
func unpacked(t *testing.T, path string) map[string][]byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(path, ".zip") {
		return map[string][]byte{filepath.Base(path): b}
	}
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	if len(files) != len(archive.File) {
		t.Errorf("names in the archive are not distinct")
	}
	return files
}

// rewritten compares every cell of the files given with those saved: addresses are the key's, everything else is as it was. It
// returns the addresses of either.
func rewritten(t *testing.T, given []string, saved map[string][]byte, key string) (before, after map[netip.Addr]bool) {
	t.Helper()
	m := anonymiser(t, key)
	before, after = map[netip.Addr]bool{}, map[netip.Addr]bool{}
	if len(saved) != len(given) {
		t.Fatalf("%d files saved of %d", len(saved), len(given))
	}
	for _, path := range given {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		from, to := strings.Split(string(b), "\n"), strings.Split(string(saved[filepath.Base(path)]), "\n")
		if len(from) != len(to) {
			t.Fatalf("%s: %d lines saved of %d", filepath.Base(path), len(to), len(from))
		}
		for i := range from {
			x, y := strings.Split(from[i], ","), strings.Split(to[i], ",")
			if len(x) != len(y) {
				t.Fatalf("%s: %q became %q", filepath.Base(path), from[i], to[i])
			}
			for k := range x {
				want := x[k]
				if a, err := netip.ParseAddr(x[k]); err == nil {
					before[a] = true
					want = m.Addr(a).String()
				}
				if y[k] != want {
					t.Fatalf("%s, line %d: %q became %q, want the cell %q", filepath.Base(path), i+1, from[i], to[i], want)
				}
				if a, err := netip.ParseAddr(y[k]); err == nil {
					after[a] = true
				}
			}
		}
	}
	return before, after
}

// sameButForAddresses compares what anonymising must not change.
func sameButForAddresses(t *testing.T, got, want *report.Report) {
	t.Helper()
	a, b := *got, *want
	a.Top.Source, b.Top.Source = nameless(t, a.Top.Source), nameless(t, b.Top.Source)
	a.Top.Destination, b.Top.Destination = nameless(t, a.Top.Destination), nameless(t, b.Top.Destination)
	a.Top.Either, b.Top.Either = nameless(t, a.Top.Either), nameless(t, b.Top.Either)
	pairs := func(list []report.PairEntry) (entries []report.Entry) {
		for _, e := range list {
			entries = append(entries, report.Entry{Bytes: e.Bytes, Packets: e.Packets})
		}
		return nameless(t, entries)
	}
	for _, lists := range [][2]*[]report.PairEntry{{&a.Top.Pair, &b.Top.Pair}, {&a.Top.Conversation, &b.Top.Conversation}} {
		if x, y := pairs(*lists[0]), pairs(*lists[1]); !slices.Equal(x, y) {
			t.Errorf("pairs: %v, want %v", x, y)
		}
		*lists[0], *lists[1] = nil, nil
	}
	a.Directions, b.Directions = report.Directions{}, report.Directions{} // whose addresses they are is guessed by the address, too
	a.Input, b.Input = report.Input{Rows: a.Input.Rows}, report.Input{Rows: b.Input.Rows}
	sameReport(t, &a, &b)
}

// nameless is a top list without its names, in an order that does not depend on them. Which of the entries with the same bytes as
// the last are in the list does depend on the names, so of those only the bytes count.
func nameless(t *testing.T, list []report.Entry) []report.Entry {
	t.Helper()
	out := slices.Clone(list)
	for i := range out {
		out[i].Key = ""
		if len(out) == 20 && list[i].Bytes == list[len(list)-1].Bytes {
			out[i].Packets = 0
		}
	}
	slices.SortFunc(out, func(a, b report.Entry) int {
		if a.Bytes != b.Bytes {
			return int(b.Bytes - a.Bytes)
		}
		return int(b.Packets - a.Packets)
	})
	return out
}

func (p *page) key() string {
	p.t.Helper()
	return eval[string](p, "document.querySelector('[data-testid=anonymize-key]').value")
}

// TestAnonymiseRoundTrip: what the page saves, given to it again, says the same of everything but addresses, and every address is
// what the key makes of it.
func TestAnonymiseRoundTrip(t *testing.T) {
	t.Parallel()
	captures := func(names ...string) (files []string) {
		for _, name := range names {
			files = append(files, convert(t, filepath.Join(filepath.Dir(tracetest.Captures()[0]), name))...)
		}
		return files
	}
	p := open(t, staticHost(t), desktop)
	for _, c := range []struct {
		name  string
		files []string
	}{
		{"sample", sampleFiles(t, t.TempDir())},
		{"one hour", captures("android-first120.pcap")},
		{"IPv6 and tunnels", captures("6in6tunnel.pcap", "4in4tunnel.pcap", "ipv6_in_gtp.pcap", "doq.pcapng", "pim.pcap", "BGP_Cisco_hdlc_slarp.pcap")},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := p.ready(c.files...)
			sameReport(t, want, native(t, c.files...))
			key := p.key()
			out := p.download("anonymize-run")
			rewritten(t, c.files, unpacked(t, out), key)
			got := p.ready(out)
			sameButForAddresses(t, got, want)
			if len(got.Input.Files) != len(c.files) || len(got.Input.Skipped) > 0 {
				t.Errorf("read again: %+v", got.Input)
			}
		})
	}
}

// TestAnonymiseWithAKey: a pasted key, the same result every time, nothing of the original in it.
func TestAnonymiseWithAKey(t *testing.T) {
	t.Parallel()
	const key = "000102030405060708090A0B0C0D0E0F101112131415161718191a1b1c1d1e1f"
	files := sampleFiles(t, t.TempDir())[:3]
	p := open(t, staticHost(t), desktop)
	p.ready(files...)
	shown := p.key()
	p.fill("anonymize-key", "\n "+key+" \n")
	first := p.download("anonymize-run")
	saved := unpacked(t, first)
	before, after := rewritten(t, files, saved, key)
	for a := range before {
		if after[a] {
			t.Errorf("the address %v is in the result", a)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d addresses became %d", len(before), len(after))
	}
	if said := p.outcome("anonymize-result"); !strings.Contains(said, filepath.Base(first)) {
		t.Errorf("the page says %q", said)
	}
	b, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	os.Remove(first)

	// The same again, in a page opened anew, whose own key is another.
	p.run(reload())
	p.ready(files...)
	if again := p.key(); again == shown || len(again) != 64 {
		t.Errorf("the page shows the key %q, before it was %q", again, shown)
	}
	p.fill("anonymize-key", key)
	second, err := os.ReadFile(p.download("anonymize-run"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, second) {
		t.Error("the same key gave another result")
	}
}

// TestAnonymiseRefuses: without a usable key nothing is written, and the page says so; of what might hold addresses elsewhere no more than
// the columns that are known.
func TestAnonymiseRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := open(t, staticHost(t), desktop)
	p.ready(write(t, dir, "1483873200.csv", header+"0.000000001,192.0.2.1,1,,192.0.2.2,2,,60,,\nnothing 192.0.2.77\n0.1,192.0.2.1,,,192.0.2.2,,,60,,\n0.2,x,1,,192.0.2.2,2,,60,,\n"))
	for _, key := range []string{"", "1234", strings.Repeat("g", 64), strings.Repeat("0", 63), strings.Repeat("0", 65), "<img src=x onerror=alert(1)>"} {
		p.fill("anonymize-key", key)
		if key == "" {
			p.run(emptied("anonymize-key"))
		}
		p.click("anonymize-run")
		p.until("document.querySelector('[data-testid=anonymize-result]')?.innerText.includes('64 hexadecimal digits')")
	}
	if name := filepath.Base(p.download("report-json")); name != "report.json" {
		t.Errorf("with a bad key %s was saved", name)
	}
	p.fill("anonymize-key", strings.Repeat("0", 63)+"1")
	out := unpacked(t, p.download("anonymize-run"))
	if lines := strings.Count(string(out["1483873200.csv"]), "\n"); lines != 3 {
		t.Errorf("%d lines: %s", lines, out["1483873200.csv"])
	}
	p.until("document.querySelector('[data-testid=anonymize-result]')?.innerText.includes('2 lines')")

	// A column that nobody knows could hold an address: it is not in the copy, and neither is a name that says who.
	p.ready(write(t, dir, "office of 192.0.2.4.csv", "frame.time_relative,frame.len,ip.src,ip.dst,dns.a\n0.1,60,192.0.2.1,192.0.2.2,192.0.2.3\n"))
	out = unpacked(t, p.download("anonymize-run"))
	lines := strings.Split(string(out["trace-1.csv"]), "\n")
	if len(out) != 1 || len(lines) != 3 || lines[0]+"\n" != header || !strings.HasPrefix(lines[1], "0.100000000,") || strings.Contains(lines[1], "192.0.2.") {
		t.Errorf("of a file with unknown columns this was saved: %q", out)
	}
}

// TestPublishedVectors puts published vectors through the page: of Crypto-PAn those of sample_trace in the authors' reference distribution,
// which Yawning/cryptopan, node-cryptopan and others test with too, and those in yacryptopan's documentation; of ipcrypt-pfx the draft's.
func TestPublishedVectors(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	const pfxKey = "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301"
	for key, vectors := range map[string][][2]string{
		"1522178d33a4cf80130a5b1649907d10d8988f837979652762574c2d2a842202": {
			{"128.11.68.132", "135.242.180.132"}, {"129.118.74.4", "134.136.186.123"}, {"130.132.252.244", "133.68.164.234"},
			{"141.223.7.43", "141.167.8.160"}, {"141.233.145.108", "141.129.237.235"}, {"152.163.225.39", "151.140.114.167"},
			{"156.29.3.236", "147.225.12.42"}, {"165.247.96.84", "162.9.99.234"}, {"166.107.77.190", "160.132.178.185"},
			{"192.102.249.13", "252.138.62.131"},
		},
		"33322d636861722d7374722d666f722d4145532d6b65792d616e642d7061642e": { // 32-char-str-for-AES-key-and-pad.
			{"192.0.2.1", "192.0.125.244"}, {"2001:db8::1", "27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd"},
		},
		pfxKey: {{"192.0.2.1", "100.115.72.131"}, {"2001:db8::1", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f88"}, {"2001:db8::2", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f8a"}},
	} {
		row := func(i int, address string) string {
			second := string(rune('0'+i)) + ".000000000"
			if strings.Contains(address, ":") {
				return second + ",,1,,,2,,60," + address + "," + address + "\n"
			}
			return second + "," + address + ",1,,,2,,60,,\n"
		}
		file, want := header, header
		for i, v := range vectors {
			file, want = file+row(i, v[0]), want+row(i, v[1])
		}
		p.ready(write(t, t.TempDir(), "1483873200.csv", file))
		p.scheme(map[bool]string{true: "ipcrypt-pfx", false: "cryptopan"}[key == pfxKey])
		p.fill("anonymize-key", key)
		if got := string(unpacked(t, p.download("anonymize-run"))["1483873200.csv"]); got != want {
			t.Errorf("key %s:\n%swant\n%s", key, got, want)
		}
	}
}
