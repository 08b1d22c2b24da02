package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracelens/helper/hourly"
	"tracelens/shared/called"
	"tracelens/shared/names"
	"tracelens/shared/trace"
)

// namesIn are the names in a folder, each of which must be a line that can be read back, in the file of its hour, and once there.
func namesIn(t *testing.T, dir string) (list []names.Name) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.names.csv"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[names.Name]bool{}
	for _, path := range paths {
		hour, ok := trace.NamesOf(filepath.Base(path))
		if _, err := os.Stat(filepath.Join(dir, trace.HourFileName(hour))); !ok || err != nil {
			t.Errorf("%s lies beside no hour file: %v", path, err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines, ok := strings.CutPrefix(string(b), called.Header+"\n")
		if !ok {
			t.Fatalf("%s begins with %.40q", path, b)
		}
		for line := range strings.Lines(lines) {
			n, ok := called.ParseLine([]byte(line), hour)
			if !ok || !strings.HasSuffix(line, "\n") || n.TimeNS < hour*trace.Second || n.TimeNS >= hour*trace.Second+trace.Hour {
				t.Fatalf("%s has the line %q", path, line)
			}
			if again := string(called.AppendLine(nil, hour, n)); again != line {
				t.Errorf("%q was read as %q", line, again)
			}
			if seen[n] {
				t.Errorf("%s has %q twice", path, line)
			}
			seen[n] = true
			list = append(list, n)
		}
	}
	return list
}

// TestNames: the names in a capture lie beside its hour files, where an address is called what it was called last; with -no-names there are none,
// and the rows are the same.
func TestNames(t *testing.T) {
	with, without := t.TempDir(), t.TempDir()
	path := captureFile(t, "android-first120.pcap")
	finish(t, nil, "-q", "-r", path, "-w", with)
	finish(t, nil, "-q", "-no-names", "-r", path, "-w", without)
	list := namesIn(t, with)
	called := func(address, kind, text string) bool {
		return slices.ContainsFunc(list, func(n names.Name) bool {
			return n.Address.String() == address && n.Kind.String() == kind && n.Text == text
		})
	}
	// As tshark has them: dns.a, http.host and tls.handshake.extensions_server_name with ip.dst.
	for _, want := range [][3]string{
		{"17.253.53.201", "dns", "captive.apple.com"}, {"17.253.53.201", "http", "captive.apple.com"},
	} {
		if !called(want[0], want[1], want[2]) {
			t.Errorf("%s is not called %s by %s: %v", want[0], want[2], want[1], list)
		}
	}
	if len(list) < 10 {
		t.Errorf("only %d names", len(list))
	}
	sameContents(t, "without names", contents(t, without), contents(t, with))
	if left := namesIn(t, without); len(left) > 0 {
		t.Errorf("with -no-names there are %d", len(left))
	}

	// A copy to share has none of them, also where they are given with the hour files.
	copied := t.TempDir()
	given, err := filepath.Glob(filepath.Join(with, "*.csv"))
	if err != nil || len(given) != 2 {
		t.Fatal(given, err)
	}
	out, stderr, code := finish(t, nil, append([]string{"-anonymize", "numbers", "-key", keyFile(t), "-w", copied}, given...)...)
	if code != 0 || stderr != "" || !strings.Contains(out, "1 files of names are not in the copy") || len(namesIn(t, copied)) > 0 || len(contents(t, copied)) != 1 {
		t.Errorf("code %d, %q, %q, %d files", code, out, stderr, len(contents(t, copied)))
	}
	if _, _, code := finish(t, nil, "-q", "-r", path, "-anonymize", "truncate", "-w", filepath.Join(copied, "2")); code != 0 || len(namesIn(t, filepath.Join(copied, "2"))) > 0 {
		t.Errorf("of a capture: code %d", code)
	}
}

// TestHosts: of a file of hosts the names count that lead to somebody, of each address the first.
func TestHosts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hosts")
	text := "127.0.0.1 localhost\n::1 ip6-localhost\n\n# 192.0.2.1 no\n192.0.2.7\tNAS nas.home.example # the box\n192.0.2.7 other\n0.0.0.0 ads.example\n" +
		"ff02::1 ip6-allnodes\n2001:db8::9 printer.example\nfe80::1%eth0 router\n192.0.2.8 <b>\n192.0.2 x\n::ffff:192.0.2.9 mapped\n192.0.2.10"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range hosts(path) {
		got = append(got, n.Address.String()+" "+n.Kind.String()+" "+n.Text)
	}
	if want := []string{"192.0.2.7 hosts nas", "2001:db8::9 hosts printer.example", "192.0.2.9 hosts mapped"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if none := hosts(filepath.Join(t.TempDir(), "none")); none != nil {
		t.Errorf("of no file: %v", none)
	}

	// They stand in every hour that has packets, once, and what packets say later is newer.
	dir := t.TempDir()
	folder, err := hourly.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	files, err := hourly.Open(folder, hourly.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := (&worker{}).naming(files)
	n.hosts = hosts(path)
	for _, minute := range []int64{10, 20, 70, 50, 130} {
		p := trace.Packet{TimeNS: minute * trace.Minute, Len: 60, Has: trace.Len.Bit()}
		if err := files.Write([]trace.Packet{p}); err != nil {
			t.Fatal(err)
		}
		n.host(p.TimeNS)
		n.write([]names.Name{{TimeNS: p.TimeNS, Address: netip.MustParseAddr("192.0.2.7"), Kind: names.DNS, Text: "later.example"}})
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, n := range namesIn(t, dir) {
		said[n.Kind.String()+" "+n.Text]++
	}
	if said["hosts nas"] != 3 || said["hosts mapped"] != 3 || said["dns later.example"] != 3 || n.missing() != 0 {
		t.Errorf("in three hours: %v, %d missing", said, n.missing())
	}
}
