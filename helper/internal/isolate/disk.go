//go:build linux

package isolate

import (
	"fmt"
	"syscall"
)

// Disk mounts a file system of so many kilobytes, in memory, at dir, for the test's goroutine and whatever it starts from now on.
func Disk(t T, dir string, kilobytes int) {
	t.Helper()
	own(t, syscall.CLONE_NEWNS)
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		t.Fatalf("cannot keep mounts to itself: %v", err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
		t.Fatalf("cannot mount a disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) }) // or the folder could not be removed
}
