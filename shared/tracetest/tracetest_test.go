package tracetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// figures are the fields of the oracle's output that say whether it is one at all.
type figures struct {
	Packets int64 `json:"packets"`
	Hours   []struct {
		Packets int64 `json:"packets"`
	} `json:"hours"`
}

func readGolden(t *testing.T, name string) (f figures) {
	t.Helper()
	b, err := Golden(name)
	if err != nil {
		t.Error(err)
		return f
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	sum := int64(0)
	for _, h := range f.Hours {
		sum += h.Packets
	}
	if f.Packets == 0 || sum != f.Packets {
		t.Errorf("%s: %d packets, the hours have %d", name, f.Packets, sum)
	}
	return f
}

func TestEveryCaptureIsDescribedAndGolden(t *testing.T) {
	captures := Captures()
	if len(captures) < 24 {
		t.Errorf("only %d captures", len(captures))
	}
	readme, err := os.ReadFile(filepath.Join(testdata(), "captures", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, path := range captures {
		name := filepath.Base(path)
		if !strings.Contains(string(readme), "`"+name+"`") {
			t.Errorf("README.md says nothing of %s", name)
		}
		if f := readGolden(t, path); f.Packets < 2 {
			t.Errorf("%s has %d packets", name, f.Packets)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if total > 700_000 {
		t.Errorf("the captures are %d bytes: too much to clone", total)
	}
	golden, err := filepath.Glob(filepath.Join(testdata(), "golden", "*.json"))
	parts := 0 // of the sample
	for _, path := range golden {
		if name, is := strings.CutPrefix(filepath.Base(path), Sample+"-"); is {
			parts++
			if f := readGolden(t, Sample+"-"+strings.TrimSuffix(name, ".json")); f.Packets < 2 || f.Packets >= 200_000 {
				t.Errorf("%s of the sample has %d packets", name, f.Packets)
			}
		}
	}
	if err != nil || parts == 0 || len(golden) != len(captures)+1+parts {
		t.Errorf("%d golden files for %d captures, the sample and %d parts of it (%v)", len(golden), len(captures), parts, err)
	}
}

func TestGoldenSample(t *testing.T) {
	if f := readGolden(t, Sample); f.Packets != 200_000 || len(f.Hours) != 9 {
		t.Errorf("%d packets in %d hours", f.Packets, len(f.Hours))
	}
}
