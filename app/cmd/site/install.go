package main

import (
	"encoding/json"
	"os"
	"strings"
)

// install adds to the manifest that go-app wrote what lets the system open captures and hour files with the page, once that is installed as a
// program: by the right button, or by default.
func install(path, base string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var manifest map[string]any
	if err := json.Unmarshal(b, &manifest); err != nil {
		return err
	}
	page := strings.TrimSuffix(base, "/") + "/"
	manifest["id"], manifest["start_url"], manifest["scope"] = page, page, page
	manifest["file_handlers"] = []map[string]any{{
		"action": page,
		"accept": map[string][]string{
			"text/csv":                     {".csv", ".tsv"},
			"application/vnd.tcpdump.pcap": {".pcap", ".cap"},
			"application/x-pcapng":         {".pcapng"},
		},
	}}
	if b, err = json.MarshalIndent(manifest, "", "  "); err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}
