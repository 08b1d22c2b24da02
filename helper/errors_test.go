package main

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/trace"
)

// TestMistakes wants every mistake of a user to give one clear line, and the right exit code.
func TestMistakes(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { busy.Close() }) // after the subtests, which run in parallel
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, []byte("no capture at all"), 0o600)
	pcap := captureFile(t, "vxlan-first60.pcap")
	used := t.TempDir()
	foreign := t.TempDir()
	if _, _, code := finish(t, nil, "-r", pcap, "-w", used); code != 0 {
		t.Fatal("cannot convert")
	}
	for _, path := range glob(t, used) {
		os.WriteFile(filepath.Join(foreign, filepath.Base(path)), []byte("something else\n"), 0o600)
	}
	for _, c := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"unknown flag", []string{"-z"}, 2, "flag provided but not defined: -z"},
		{"no flag", []string{"x.pcap"}, 2, `"x.pcap" is not a flag; files are read with -r`},
		{"autostop", []string{"-a", "filesize:3"}, 2, "give duration:N or packets:N"},
		{"autostop of nothing", []string{"-a", "packets:0"}, 2, "N at least 1"},
		{"count", []string{"-c", "many"}, 2, "packets:N"},
		{"ring buffer", []string{"-b", "hours:3"}, 2, "give files:N or size:N"},
		{"snaplen", []string{"-s", "-1"}, 2, "-s -1: give a number of bytes"},
		{"snaplen is no number", []string{"-s", "x"}, 2, `invalid value "x" for flag -s`},
		{"file and interface", []string{"-r", pcap, "-i", "lo"}, 2, "-r reads a file"},
		{"empty file name", []string{"-r", ""}, 2, "-r is given without a value"},
		{"origin", []string{"-allow-origin", "*"}, 2, `"*" is not an origin`},

		{"all addresses", []string{"-listen", "0.0.0.0:0"}, 1, "tracelens serves this machine only"},
		{"no port", []string{"-listen", "127.0.0.1"}, 1, "give an address and a port"},
		{"busy port", []string{"-r", pcap, "-listen", busy.Addr().String()}, 1, "is in use already"},
		{"missing file", []string{"-r", file + "x", "-w", t.TempDir()}, 1, "no such file"},
		{"folder as file", []string{"-r", used, "-w", t.TempDir()}, 1, "is a folder, not a capture file"},
		{"no capture", []string{"-r", file, "-w", t.TempDir()}, 1, "file is neither a pcap nor a pcapng capture"},
		{"no capture, to be shown", []string{"-r", file, "-listen", "127.0.0.1:0"}, 1, "file is neither a pcap nor a pcapng capture"},
		{"nothing on standard input", []string{"-r", "-", "-w", t.TempDir()}, 1, "standard input is neither a pcap nor a pcapng capture"},
		{"folder is a file", []string{"-r", pcap, "-w", file}, 1, "there is a file of that name"},
		{"folder cannot be made", []string{"-r", pcap, "-w", file + "/x"}, 1, "cannot make the folder"},
		{"hour file exists", []string{"-r", pcap, "-w", used}, 1, "exists already; choose an empty folder with -w"},
		{"foreign file", []string{"-r", pcap, "-w", foreign, "-listen", "127.0.0.1:0"}, 1, "is not an hour file of tracelens"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.name == "foreign file" {
				r := launch(t, nil, c.args[:4]...)
				eventually(t, "the error", func() bool { return strings.Contains(r.output(), c.want) })
				if out, code := r.interrupt(); code != c.code {
					t.Errorf("exit code %d: %s", code, out)
				}
				return
			}
			_, stderr, code := finish(t, strings.NewReader(""), c.args...)
			lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
			if code == 2 && len(lines) == 2 && lines[1] == "tracelens -h shows what there is" {
				lines = lines[:1]
			}
			if code != c.code || len(lines) != 1 || !strings.HasPrefix(lines[0], "tracelens: ") || !strings.Contains(lines[0], c.want) {
				t.Errorf("exit code %d, and %q", code, stderr)
			}
		})
	}
}

// glob is what is in a folder, but for names.
func glob(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	paths = slices.DeleteFunc(paths, func(path string) bool {
		_, names := trace.NamesOf(filepath.Base(path))
		return names
	})
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s is empty: %v", dir, err)
	}
	return paths
}

func TestHelpVersionAndList(t *testing.T) {
	out, _, code := finish(t, nil, "-h")
	if code != 0 || !strings.HasPrefix(out, "Usage: tracelens") {
		t.Errorf("-h: %d %q", code, out)
	}
	for line := range strings.Lines(out) {
		if len(line) > 81 {
			t.Errorf("-h has a line of %d characters", len(line))
		}
	}
	if out, _, code := finish(t, nil, "-v"); code != 0 || !strings.HasPrefix(out, "tracelens") {
		t.Errorf("-v: %d %q", code, out)
	}
	if out, _, code := finish(t, nil, "-D"); code != 0 || !strings.HasPrefix(out, "1. ") {
		t.Errorf("-D: %d %q", code, out)
	}
}
