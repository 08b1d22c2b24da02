package main

import (
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"tracelens/shared/called"
)

// maxHosts is how much of the system's file of hosts is read. Some have tens of thousands of lines, to block what they name; those lead nowhere,
// and are not names of anybody.
const maxHosts = 1 << 20

// hostsFile is where the system has names that it looks nowhere else for.
func hostsFile() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(os.Getenv("SystemRoot"), "System32", "drivers", "etc", "hosts")
	}
	return "/etc/hosts"
}

// hosts reads names from a file of hosts: of each address the first. It returns none if there is no such file.
func hosts(path string) (list []called.Name) {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxHosts))
	if err != nil {
		return nil
	}
	known := map[netip.Addr]bool{}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		a, err := netip.ParseAddr(fields[0])
		if err != nil || a.Zone() != "" || a.IsUnspecified() || a.IsLoopback() || a.IsMulticast() || known[a.Unmap()] {
			continue
		}
		if name, ok := called.Clean([]byte(fields[1]), called.Hosts); ok {
			known[a.Unmap()] = true
			list = append(list, called.Name{Address: a.Unmap(), Kind: called.Hosts, Text: name})
		}
	}
	return list
}
