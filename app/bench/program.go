package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
)

// program measures with a program that gets the files as arguments, times itself and prints a result.
func program(name string, command func(*bench) []string) func(context.Context, *bench, *trace) (*result, error) {
	return func(ctx context.Context, b *bench, t *trace) (*result, error) {
		paths, err := t.paths()
		if err != nil {
			return nil, err
		}
		out, err := b.command(ctx, append(command(b), paths...)...)
		if err != nil {
			return nil, err
		}
		r := new(result)
		if err := json.Unmarshal(out, r); err != nil {
			return nil, fmt.Errorf("it printed %q", out)
		}
		b.versions[name] = r.Version
		return r, nil
	}
}

// command runs a program and returns what it prints. What it prints as errors is told only if it fails.
func (b *bench) command(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", args[0], err, bytes.TrimSpace(said.Bytes()))
	}
	return out, nil
}
