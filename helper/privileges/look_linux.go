package privileges

import (
	"os"

	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// OnlyLook gives up all but the right to look at the processes of other users, if the process has that. It is for the process that looks whose
// sockets are, which reads nothing from strangers, and which Landlock would keep from looking at all. folder is as in Needs.
func OnlyLook(folder string) error {
	if os.Geteuid() == 0 {
		uid, gid, err := successor(folder)
		if err != nil {
			return err
		}
		if err := become(uid, gid); err != nil {
			return err
		}
	}
	if err := forbidNew(); err != nil {
		return err
	}
	return keepOnly(looking...)
}

// looking are the capabilities that it takes to see whose sockets are.
var looking = []cap.Value{cap.DAC_READ_SEARCH, cap.SYS_PTRACE}

// SeesAll reports whether OnlyLook would leave the right to look at the processes of other users.
func SeesAll() bool {
	now := cap.GetProc()
	for _, c := range looking {
		if may, err := now.GetFlag(cap.Permitted, c); err != nil || !may {
			return false
		}
	}
	return true
}
