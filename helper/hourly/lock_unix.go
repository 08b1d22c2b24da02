//go:build unix

package hourly

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// lockDir locks the folder itself, so no lock file can be left behind. The lock ends with the process at the latest.
func lockDir(folder *Folder) (*os.File, error) {
	f, err := folder.root.Open(".")
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	defer f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, &lockedError{holder(f)}
	}
	return nil, err
}

// holder is the process that has locked f, where the system lists locks (Linux), or 0.
func holder(f *os.File) int {
	var s syscall.Stat_t
	if syscall.Fstat(int(f.Fd()), &s) != nil {
		return 0
	}
	locks, _ := os.ReadFile("/proc/locks")
	for line := range strings.Lines(string(locks)) {
		// 1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF
		fields := strings.Fields(line)
		if len(fields) < 6 || fields[1] != "FLOCK" || !strings.HasSuffix(fields[5], fmt.Sprintf(":%d", s.Ino)) {
			continue
		}
		pid := 0
		if fmt.Sscan(fields[4], &pid); pid > 0 {
			return pid
		}
	}
	return 0
}
