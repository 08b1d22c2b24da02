//go:build unix

package hourly

import (
	"golang.org/x/sys/unix"
)

// FreeBytes is how much may still be written to the folder's disk.
func (f *Folder) FreeBytes() (int64, error) {
	dir, err := f.root.Open(".")
	if err != nil {
		return 0, err
	}
	defer dir.Close()
	var s unix.Statfs_t
	if err := unix.Fstatfs(int(dir.Fd()), &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
