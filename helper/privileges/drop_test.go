//go:build linux

package privileges

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"tracelens/helper/internal/isolate"

	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// TestMain lets the test be the process that gives up its rights: the one that tests cannot have them back.
func TestMain(m *testing.M) {
	if folder := os.Getenv("DROP_FOLDER"); folder != "" {
		attempt(Needs{Folder: folder, Capture: os.Getenv("DROP_CAPTURE") == "1"})
		return
	}
	os.Exit(m.Run())
}

// attempt drops, then has several threads, older and newer than that, try what they should not be able to do. It prints what they can.
func attempt(n Needs) {
	dir, err := os.OpenRoot(n.Folder)
	if err != nil {
		panic(err)
	}
	var ready, over sync.WaitGroup
	dropped := make(chan struct{})
	var mu sync.Mutex
	can := map[string]int{}
	for range 8 {
		ready.Add(1)
		over.Go(func() {
			runtime.LockOSThread()
			ready.Done()
			<-dropped
			for what, try := range attempts(dir) {
				if err := try(); err == nil {
					mu.Lock()
					can[what]++
					mu.Unlock()
				}
			}
		})
	}
	ready.Wait()
	as, err := Drop(n)
	if err != nil {
		panic(err)
	}
	close(dropped)
	over.Wait()
	over.Go(func() {
		runtime.LockOSThread()
		for what, try := range attempts(dir) {
			if try() == nil {
				can[what]++
			}
		}
	})
	over.Wait()
	fmt.Println("as", as, "can", can)
}

var number sync.Mutex

func attempts(dir *os.Root) map[string]func() error {
	return map[string]func() error{
		"become root":                  func() error { return setresuid(0) },
		"become another user":          func() error { return setresuid(2) },
		"have a capability":            func() error { return raise(cap.SYS_ADMIN) },
		"have another capability":      func() error { return raise(cap.DAC_OVERRIDE) },
		"read the passwords":           func() error { _, err := os.ReadFile("/etc/shadow"); return err },
		"read what everybody may":      func() error { _, err := os.ReadFile("/etc/passwd"); return err },
		"list a folder":                func() error { _, err := os.ReadDir("/etc"); return err },
		"write elsewhere":              func() error { return os.WriteFile(fmt.Sprintf("/tmp/escape-%d", os.Getpid()), nil, 0o600) },
		"write beside the folder":      func() error { return os.WriteFile(dir.Name()+"/../escape", nil, 0o600) },
		"make a folder in the folder":  func() error { return dir.Mkdir(fmt.Sprint("d", syscall.Gettid()), 0o700) },
		"connect":                      connect,
		"bind":                         bind,
		"open a packet socket":         func() error { return socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0) },
		"write into the folder":        func() error { return write(dir) },
		"read what was there":          func() error { _, err := dir.ReadFile("3600.csv"); return err },
		"read the counters of a card":  func() error { _, err := os.ReadFile("/sys/class/net/lo/ifindex"); return err },
		"look at the interface by net": func() error { _, err := net.InterfaceByName("lo"); return err },
	}
}

func setresuid(uid int) error {
	if _, _, e := syscall.RawSyscall(syscall.SYS_SETRESUID, uintptr(uid), uintptr(uid), uintptr(uid)); e != 0 {
		return e
	}
	return nil
}

func raise(v cap.Value) error {
	set := cap.GetProc()
	if err := set.SetFlag(cap.Permitted, true, v); err != nil {
		return err
	}
	return set.SetProc()
}

// connect reaches nobody if it may; not being allowed is another error.
func connect() error {
	conn, err := net.Dial("tcp4", "127.0.0.1:1")
	if err == nil {
		conn.Close()
	} else if !strings.Contains(err.Error(), "permission denied") {
		return nil
	}
	return err
}

// bind does not use net.Listen: that makes sockets for several paths (MPTCP), of which Landlock does not know yet.
func bind() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, syscall.IPPROTO_TCP)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	return syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
}

func socket(family, kind, protocol int) error {
	fd, err := syscall.Socket(family, kind, protocol)
	if err == nil {
		syscall.Close(fd)
	}
	return err
}

func write(dir *os.Root) error {
	number.Lock()
	defer number.Unlock()
	f, err := dir.OpenFile("7200.csv", os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err = f.Write([]byte("x\n")); err != nil {
		return err
	}
	return f.Truncate(2)
}

func TestNothingCanBeRegained(t *testing.T) {
	isolate.NeedRoot(t)
	abi, _ := ll.LandlockGetABIVersion()
	t.Logf("Landlock: version %d", abi)
	for _, c := range []struct {
		name    string
		env     []string
		owner   int // of the folder
		capture bool
		as      string
		want    []string // in the order of the alphabet
	}{
		{"root", nil, 0, true, "nobody", []string{"look at the interface by net", "open a packet socket", "read the counters of a card", "read what was there", "write into the folder"}},
		{"sudo", []string{"SUDO_UID=1234", "SUDO_GID=1234"}, 0, true, "user 1234", []string{"look at the interface by net", "open a packet socket", "read the counters of a card", "read what was there", "write into the folder"}},
		{"the folder's owner", nil, 1235, true, "user 1235", []string{"look at the interface by net", "open a packet socket", "read the counters of a card", "read what was there", "write into the folder"}},
		{"conversion", nil, 0, false, "nobody", []string{"look at the interface by net", "read what was there", "write into the folder"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "traces")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			os.WriteFile(filepath.Join(dir, "3600.csv"), []byte("x"), 0o600)
			if c.owner != 0 {
				os.Chown(dir, c.owner, c.owner)
				os.Chown(filepath.Join(dir, "3600.csv"), c.owner, c.owner)
			}
			out := runDrop(t, dir, c.capture, c.env)
			var can []string
			for _, what := range c.want {
				can = append(can, what+":9")
			}
			if want := fmt.Sprintf("as %s can map[%s]\n", c.as, strings.Join(can, " ")); out != want {
				t.Errorf("%sinstead of %s", out, want)
			}
			left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "*"))
			if err != nil || len(left) != 1 {
				t.Errorf("%v, %v", left, err)
			}
			info, err := os.Stat(filepath.Join(dir, "7200.csv"))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v %v", info, err)
			}
			if ownerOf(t, filepath.Join(dir, "3600.csv")) != ownerOf(t, filepath.Join(dir, "7200.csv")) {
				t.Error("the files of before were not handed over")
			}
		})
	}
}

// TestNothingIsGivenAway where somebody else may have put it.
func TestNothingIsGivenAway(t *testing.T) {
	isolate.NeedRoot(t)
	secret := filepath.Join(t.TempDir(), "secret")
	os.WriteFile(secret, nil, 0o600)
	open := filepath.Join(t.TempDir(), "open")
	os.Mkdir(open, 0o700)
	os.Chmod(open, 0o777)
	os.Link(secret, filepath.Join(open, "3600.csv"))
	own := filepath.Join(t.TempDir(), "own")
	os.Mkdir(own, 0o700)
	os.Symlink(secret, filepath.Join(own, "3600.csv"))
	for _, dir := range []string{open, own} {
		runDrop(t, dir, true, nil)
		if ownerOf(t, secret) != 0 {
			t.Errorf("what was in %s was given away", dir)
		}
	}
}

func ownerOf(t *testing.T, path string) uint32 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Uid
}

func runDrop(t *testing.T, dir string, capture bool, env []string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(env, "DROP_FOLDER="+dir)...)
	if capture {
		cmd.Env = append(cmd.Env, "DROP_CAPTURE=1")
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	return string(out)
}
