//go:build unix

package hourly

import (
	"errors"
	"os"
	"syscall"
)

// noFollow makes opening a symbolic link fail: somebody else may have put it there.
const noFollow = syscall.O_NOFOLLOW

var errLocked = errors.New("folder is locked")

// lockDir locks the folder itself, so no lock file can be left behind. The lock ends with the process at the latest.
func lockDir(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errLocked
	}
	return nil, err
}
