package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	hourfile "tracelens/shared/trace"
	"tracelens/shared/tracegen"
)

// A trace is hour files, and what is to be found in them.
type trace struct {
	Spec  tracegen.Spec `json:"spec"`
	Names []string      `json:"names"`
	Sizes []int64       `json:"sizes"`
	Bytes int64         `json:"bytes"` // of the files
	Want  figures       `json:"want"`
	dir   string
}

// perHour is the number of packets of a busy hour: more of them take more hours.
const perHour = 2_000_000

// specOf is IPv4 only. A household's share of IPv6 would need other columns for it in every peer, and change little.
func specOf(rows int) tracegen.Spec {
	return tracegen.Spec{Start: tracegen.Sample.Start, Hours: (rows + perHour - 1) / perHour, Rows: rows, Seed: 1}
}

// traceOf is the trace of so many packets: the one in the folder, or one that is now made and kept there.
func traceOf(folder string, rows int) (*trace, error) {
	dir := filepath.Join(folder, fmt.Sprint(rows))
	if t, err := readTrace(dir); err == nil && reflect.DeepEqual(t.Spec, specOf(rows)) {
		return t, nil
	}
	fmt.Fprintf(os.Stderr, "making a trace of %d packets in %s\n", rows, dir)
	t, err := makeTrace(dir, specOf(rows))
	if err != nil {
		return nil, fmt.Errorf("making a trace: %w", err)
	}
	return t, nil
}

// truth is the file that is written last, so a folder with it is whole.
const truth = "truth.json"

func readTrace(dir string) (*trace, error) {
	text, err := os.ReadFile(filepath.Join(dir, truth))
	if err != nil {
		return nil, err
	}
	t := &trace{dir: dir}
	if err := json.Unmarshal(text, t); err != nil {
		return nil, err
	}
	for i, name := range t.Names {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() != t.Sizes[i] {
			return nil, fmt.Errorf("%s is not what was made", name)
		}
	}
	return t, nil
}

func makeTrace(dir string, spec tracegen.Spec) (*trace, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(dir, truth)); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	t, c := &trace{Spec: spec, dir: dir}, newCounter()
	for hour, file := range spec.Each {
		name := hourfile.HourFileName(hour)
		if err := os.WriteFile(filepath.Join(dir, name), file, 0o644); err != nil {
			return nil, err
		}
		if err := c.count(hour, file); err != nil {
			return nil, err
		}
		t.Names, t.Sizes, t.Bytes = append(t.Names, name), append(t.Sizes, int64(len(file))), t.Bytes+int64(len(file))
	}
	t.Want = c.figures()
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return nil, err
	}
	return t, os.WriteFile(filepath.Join(dir, truth), append(text, '\n'), 0o644)
}

// paths are the files with their folder, in full: a browser has another idea of the folder it is in.
func (t *trace) paths() (paths []string, err error) {
	for _, name := range t.Names {
		path, err := filepath.Abs(filepath.Join(t.dir, name))
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}
