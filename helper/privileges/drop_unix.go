//go:build unix && !linux

package privileges

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// Drop becomes the user who called sudo.
func Drop(n Needs) (as string, err error) {
	uid, uidErr := strconv.Atoi(os.Getenv("SUDO_UID"))
	gid, gidErr := strconv.Atoi(os.Getenv("SUDO_GID"))
	if os.Geteuid() != 0 || uidErr != nil || gidErr != nil || uid <= 0 {
		return "", nil
	}
	if info, err := os.Stat(n.Folder); err == nil && info.Mode().Perm()&0o022 == 0 {
		os.Lchown(n.Folder, uid, gid)
	}
	for _, step := range []func() error{
		func() error { return syscall.Setgroups([]int{gid}) },
		func() error { return syscall.Setgid(gid) },
		func() error { return syscall.Setuid(uid) },
	} {
		if err := step(); err != nil {
			return "", fmt.Errorf("cannot become user %d: %w", uid, err)
		}
	}
	return "user " + strconv.Itoa(uid), nil
}
