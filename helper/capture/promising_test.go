package capture

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/net/bpf"

	"tracelens/shared/capfile"
	"tracelens/shared/frame"
	"tracelens/shared/tracetest"
)

// accepted is how many bytes of a frame a program keeps, 0 if it refuses it.
func accepted(t *testing.T, program []bpf.RawInstruction, data []byte) int {
	t.Helper()
	var list []bpf.Instruction
	for _, raw := range program {
		list = append(list, raw.Disassemble())
	}
	vm, err := bpf.NewVM(list)
	if err != nil {
		t.Fatal(err)
	}
	n, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func assembled(t *testing.T, list ...bpf.Instruction) []bpf.RawInstruction {
	t.Helper()
	raw, err := bpf.Assemble(list)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestPromisingRefusesNothing: whatever the frame, whole, cut or damaged, and whatever the user's filter, what that accepts is accepted, with at
// least as many bytes, and what it refuses is refused.
func TestPromisingRefusesNothing(t *testing.T) {
	const snapLen = 256
	users := [][]bpf.RawInstruction{
		assembled(t, bpf.RetConstant{Val: 4096}),
		assembled(t, bpf.LoadAbsolute{Off: 23, Size: 1}, bpf.JumpIf{Cond: bpf.JumpEqual, Val: 6, SkipFalse: 1}, bpf.RetConstant{Val: 4096}, bpf.RetConstant{}), // tcp
		assembled(t, bpf.RetConstant{}),
	}
	r := rand.New(rand.NewPCG(5, 6))
	frames, more := 0, 0
	for _, path := range tracetest.Captures() {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		source := capfile.New(filepath.Base(path), file)
		var f frame.Frame
		for {
			if err := source.Next(&f); err == capfile.ErrIdle {
				continue
			} else if err != nil {
				break
			}
			for _, user := range users {
				program, err := withNames(f.Link, user, snapLen)
				if err != nil {
					t.Fatal(err)
				}
				if program == nil {
					continue
				}
				for try := range 4 {
					data := append([]byte{}, f.Data...)
					if try > 0 {
						data = data[:r.IntN(len(data)+1)]
						for range try - 1 {
							if len(data) > 0 {
								data[r.IntN(min(len(data), 60))] = byte(r.Uint32())
							}
						}
					}
					want, got := accepted(t, user, data), accepted(t, program, data)
					if want == 0 != (got == 0) || got != 0 && got != snapLen && got != nameBytes {
						t.Fatalf("%s: % x is accepted with %d bytes, the user's filter says %d", path, data, got, want)
					}
					frames++
					if got == nameBytes {
						more++
					}
				}
			}
		}
		source.Close()
	}
	if more < 200 || more > frames/2 {
		t.Errorf("%d of %d frames are promising", more, frames)
	}
}
