package privileges

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// prSetNoNewPrivs is PR_SET_NO_NEW_PRIVS.
const prSetNoNewPrivs = 38

// What the folder of the hour files is used for.
const folderAccess = ll.AccessFSReadFile | ll.AccessFSReadDir | ll.AccessFSWriteFile | ll.AccessFSMakeReg | ll.AccessFSRemoveFile | ll.AccessFSTruncate

// Drop gives up what n does not name. as is the user that the process runs as from now on, if that has changed.
func Drop(n Needs) (as string, err error) {
	uid, gid := os.Geteuid(), os.Getegid()
	if uid == 0 {
		if uid, gid, err = successor(n.Folder); err != nil {
			return "", err
		}
		if err := handOver(n.Folder, uid, gid); err != nil {
			return "", fmt.Errorf("cannot hand %s over to user %d: %w", n.Folder, uid, err)
		}
		as = nameOf(uid)
	}
	if err := forbidNew(); err != nil {
		return "", err
	}
	if err := confine(n); err != nil {
		return "", fmt.Errorf("cannot confine the process by Landlock: %w", err)
	}
	if as != "" {
		if err := become(uid, gid); err != nil {
			return "", err
		}
	}
	if n.Capture {
		return as, keepOnly(cap.NET_RAW)
	}
	return as, keepOnly()
}

// become makes the process another user's. It keeps its capabilities.
func become(uid, gid int) error {
	if err := cap.SetGroups(gid); err != nil {
		return fmt.Errorf("cannot become group %d: %w", gid, err)
	}
	if err := cap.SetUID(uid); err != nil {
		return fmt.Errorf("cannot become user %d: %w", uid, err)
	}
	return nil
}

// successor is whom root becomes.
func successor(folder string) (uid, gid int, err error) {
	uid, uidErr := strconv.Atoi(os.Getenv("SUDO_UID"))
	gid, gidErr := strconv.Atoi(os.Getenv("SUDO_GID"))
	if uidErr == nil && gidErr == nil && uid > 0 && gid > 0 {
		return uid, gid, nil
	}
	var s syscall.Stat_t
	if err := syscall.Stat(folder, &s); err != nil {
		return 0, 0, fmt.Errorf("cannot tell whose %s is: %w", folder, err)
	}
	if s.Uid != 0 {
		return int(s.Uid), int(s.Gid), nil
	}
	if nobody, err := user.Lookup("nobody"); err == nil {
		uid, uidErr = strconv.Atoi(nobody.Uid)
		gid, gidErr = strconv.Atoi(nobody.Gid)
		if uidErr == nil && gidErr == nil && uid > 0 {
			return uid, gid, nil
		}
	}
	return 65534, 65534, nil
}

// handOver gives the folder and the files in it to a user, if they are root's. Where others may write they may have put something there
// for root to give away, so there nothing is.
func handOver(folder string, uid, gid int) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	var s syscall.Stat_t
	if err := syscall.Fstat(int(dir.Fd()), &s); err != nil {
		return err
	}
	if s.Uid != 0 || s.Mode&0o022 != 0 {
		return nil
	}
	entries, err := dir.ReadDir(-1)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			if err := root.Lchown(e.Name(), uid, gid); err != nil {
				return err
			}
		}
	}
	return dir.Chown(uid, gid)
}

// confine leaves of the file system what is needed.
func confine(n Needs) error {
	rules := []landlock.Rule{
		landlock.PathAccess(folderAccess, n.Folder),
		landlock.ROFiles("/proc/locks").IgnoreIfMissing(),
	}
	if n.Capture {
		rules = append(rules, landlock.RODirs("/proc/self/net", "/sys/class/net", "/sys/devices").IgnoreIfMissing())
	}
	if n.Temporary {
		rules = append(rules, landlock.PathAccess(ll.AccessFSRemoveDir, filepath.Dir(n.Folder)))
	}
	return landlock.V6.BestEffort().Restrict(rules...)
}

// forbidNew has no program that the process could start have more rights than it has.
func forbidNew() error {
	if _, err := cap.Prctlw(prSetNoNewPrivs, 1, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("cannot forbid new privileges: %w", err)
	}
	return nil
}

// keepOnly gives up every capability but those, as far as it has them.
func keepOnly(capabilities ...cap.Value) error {
	left, now := cap.NewSet(), cap.GetProc()
	for _, c := range capabilities {
		if may, err := now.GetFlag(cap.Permitted, c); err != nil || !may {
			continue
		}
		for _, flag := range []cap.Flag{cap.Permitted, cap.Effective} {
			if err := left.SetFlag(flag, true, c); err != nil {
				return err
			}
		}
	}
	if err := left.SetProc(); err != nil {
		return fmt.Errorf("cannot give up capabilities: %w", err)
	}
	return nil
}

func nameOf(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "user " + strconv.Itoa(uid)
}
