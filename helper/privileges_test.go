//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"tracelens/helper/internal/isolate"

	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// threads are the lines of /proc/PID/task/*/status that tell what each thread of a process may do, without repetitions.
func threads(t *testing.T, pid int) (different []string, n int) {
	t.Helper()
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	seen := map[string]bool{}
	for _, path := range paths {
		status, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		n++
		var rights []string
		for line := range strings.Lines(string(status)) {
			switch name, value, _ := strings.Cut(strings.TrimSpace(line), ":"); name {
			case "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs":
				rights = append(rights, name+" "+strings.Join(strings.Fields(value), " "))
			}
		}
		if text := strings.Join(rights, ", "); !seen[text] {
			seen[text] = true
			different = append(different, text)
		}
	}
	return different, n
}

// TestRights looks at every thread of a helper that captures: as root, by sudo, and as a user whose program has CAP_NET_RAW. The process that looks for
// programs has other rights, and no file open but its ways to the helper and what tells of connections.
func TestRights(t *testing.T) {
	isolate.NeedRoot(t)
	const nobody = 65534
	withCapability := filepath.Join(filepath.Dir(program), "tracelens-with-capability")
	if out, err := exec.Command("cp", program, withCapability).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	set := cap.NewSet()
	set.SetFlag(cap.Permitted, true, cap.NET_RAW)
	set.SetFlag(cap.Effective, true, cap.NET_RAW)
	if err := set.SetFile(withCapability); err != nil {
		t.Fatal(err)
	}
	const onlyLooks = "CapInh 0000000000000000, CapPrm 0000000000080004, CapEff 0000000000080004, CapAmb 0000000000000000, NoNewPrivs 1" // DAC_READ_SEARCH, SYS_PTRACE
	const none = "CapInh 0000000000000000, CapPrm 0000000000000000, CapEff 0000000000000000, CapAmb 0000000000000000, NoNewPrivs 1"
	const onlyRaw = "CapInh 0000000000000000, CapPrm 0000000000002000, CapEff 0000000000002000, CapAmb 0000000000000000, NoNewPrivs 1"
	for _, c := range []struct {
		name    string
		prepare func(*exec.Cmd)
		uid     uint32
		aside   string // of the process that looks for programs
	}{
		{"root", nil, nobody, onlyLooks},
		{"sudo", func(c *exec.Cmd) { c.Env = append(os.Environ(), "SUDO_UID=1234", "SUDO_GID=1234") }, 1234, onlyLooks},
		{"setcap", func(c *exec.Cmd) {
			c.Path = withCapability
			c.Dir = folderOf(t, nobody)
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		}, nobody, none},
	} {
		t.Run(c.name, func(t *testing.T) {
			send, filter := traffic(t)
			r := launch(t, c.prepare, "-i", "lo", "-f", filter, "-w", "rows")
			conn := r.connect()
			send(10)
			if got, _ := rows(t, conn, 10); len(got) != 10 {
				t.Errorf("%d rows", len(got))
			}
			got, n := threads(t, r.Process.Pid)
			want := fmt.Sprintf("Uid %[1]d %[1]d %[1]d %[1]d, Gid %[1]d %[1]d %[1]d %[1]d, Groups , %[2]s", c.uid, onlyRaw)
			if len(got) != 1 || got[0] != want || n < 4 {
				t.Errorf("%d threads have\n%s\nwant\n%s", n, strings.Join(got, "\n"), want)
			}
			children := childrenOf(t, r.Process.Pid)
			if len(children) != 1 {
				t.Fatalf("%v are children", children)
			}
			got, _ = threads(t, children[0])
			if want = fmt.Sprintf("Uid %[1]d %[1]d %[1]d %[1]d, Gid %[1]d %[1]d %[1]d %[1]d, Groups , %[2]s", c.uid, c.aside); len(got) != 1 || got[0] != want {
				t.Errorf("who looks for programs has\n%s\nwant\n%s", strings.Join(got, "\n"), want)
			}
			if out, code := r.interrupt(); code != 0 || !strings.Contains(out, "10 rows written") {
				t.Errorf("exit code %d: %s", code, out)
			}
			for path, mode := range map[string]os.FileMode{filepath.Join(r.Dir, "rows"): 0o700, glob(t, filepath.Join(r.Dir, "rows"))[0]: 0o600} {
				info, err := os.Stat(path)
				if err != nil || info.Mode().Perm() != mode || info.Sys().(*syscall.Stat_t).Uid != c.uid {
					t.Errorf("%s: %v, %v", path, info, err)
				}
			}
		})
	}
}

// childrenOf are the processes that a process has started and that run.
func childrenOf(t *testing.T, pid int) (list []int) {
	t.Helper()
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range strings.Fields(string(b)) {
			child, err := strconv.Atoi(n)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, child)
		}
	}
	return list
}

// folderOf makes a folder that belongs to a user, and can be reached by it.
func folderOf(t *testing.T, uid int) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tracelens-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chown(dir, uid, uid); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestSystemdUnit has systemd itself judge what the unit leaves open.
func TestSystemdUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	out, err := exec.Command(analyze, "security", "--offline=true", "--no-pager", "--threshold=20", "tracelens.service").CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if t.Log(lines[len(lines)-1]); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
