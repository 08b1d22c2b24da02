package programs

import (
	"bytes"
	"encoding/binary"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// procfs reads /proc, with buffers that are used again. It is open for one look at most.
type procfs struct {
	fd      int // of /proc, -1 if it is not open
	entries []byte
	text    []byte
}

func (f *procfs) open() (err error) {
	if f.entries == nil {
		f.entries, f.text = make([]byte, 16<<10), make([]byte, 4<<10)
	}
	f.fd, err = openat(unix.AT_FDCWD, "/proc", unix.O_DIRECTORY)
	return err
}

func (f *procfs) close() {
	if f.fd >= 0 {
		unix.Close(f.fd)
	}
	f.fd = -1
}

// numbers calls each with the names in a folder that are numbers, until it returns false. Each must not read another folder.
func (f *procfs) numbers(dir int, each func(n int32) bool) error {
	for {
		var n int
		if err := retry(func() (err error) { n, err = unix.ReadDirent(dir, f.entries); return err }); err != nil || n <= 0 {
			return err
		}
		const sizeAt, nameAt = 16, 19 // in struct linux_dirent64
		for b := f.entries[:n]; len(b) >= nameAt; {
			size := int(binary.NativeEndian.Uint16(b[sizeAt:]))
			if size < nameAt || size > len(b) {
				break
			}
			name, _, _ := bytes.Cut(b[nameAt:size], []byte{0})
			b = b[size:]
			if number, ok := digits(name); ok && !each(number) {
				return nil
			}
		}
	}
}

// processes appends the processes there are.
func (f *procfs) processes(list []int32) ([]int32, error) {
	dir, err := openat(f.fd, ".", unix.O_DIRECTORY) // another, since one has a place in the folder
	if err != nil {
		return list, err
	}
	defer unix.Close(dir)
	err = f.numbers(dir, func(pid int32) bool { list = append(list, pid); return true })
	return list, err
}

// inodes calls each with the sockets that a process has, until it returns false.
func (f *procfs) inodes(pid int32, each func(inode uint32) bool) error {
	dir, err := openat(f.fd, strconv.Itoa(int(pid))+"/fd", unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	var link [64]byte
	return f.numbers(dir, func(fd int32) bool {
		n, err := unix.Readlinkat(dir, strconv.Itoa(int(fd)), link[:])
		if err != nil {
			return true // closed meanwhile
		}
		rest, is := bytes.CutPrefix(link[:n], []byte("socket:["))
		if !is {
			return true
		}
		inode, err := strconv.ParseUint(string(bytes.TrimSuffix(rest, []byte("]"))), 10, 32)
		return err != nil || each(uint32(inode))
	})
}

// user is the user that a process runs as. Root's is also one whose memory may not be looked at: nor may its sockets, but by root.
func (f *procfs) user(pid int32) (uid uint32, err error) {
	var s unix.Stat_t
	err = unix.Fstatat(f.fd, strconv.Itoa(int(pid)), &s, 0)
	return s.Uid, err
}

// A status is what is wanted of a process.
type status struct {
	name   []byte // valid until the next one is read
	parent int32
	start  uint64 // in ticks since the machine's
}

// status reads /proc/pid/stat. The name is in brackets, and may have some too, and spaces, and line ends.
func (f *procfs) status(pid int32) (s status, ok bool) {
	fd, err := openat(f.fd, strconv.Itoa(int(pid))+"/stat", 0)
	if err != nil {
		return s, false
	}
	defer unix.Close(fd)
	var n int
	if err := retry(func() (err error) { n, err = unix.Read(fd, f.text); return err }); err != nil || n <= 0 {
		return s, false
	}
	return parseStatus(f.text[:n])
}

func parseStatus(b []byte) (s status, ok bool) {
	begin, end := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
	if begin < 0 || end < begin {
		return s, false
	}
	s.name = b[begin+1 : end]
	const parentAt, startAt = 4 - 3, 22 - 3 // as proc(5) counts them, of which the third is next
	field := 0
	for text := range bytes.FieldsSeq(b[end+1:]) {
		switch field {
		case parentAt:
			parent, known := digits(text)
			if !known {
				return s, false
			}
			s.parent = parent
		case startAt:
			start, err := strconv.ParseUint(string(text), 10, 64)
			s.start = start
			return s, err == nil
		}
		field++
	}
	return s, false
}

// name is what a process is called. The kernel keeps 15 bytes of it; where that is all of a longer name of the file that runs, it is that one.
// (Of a script the kernel's is the script, and the file is what interprets it.)
func (f *procfs) name(pid int32, comm []byte) string {
	const kept = 15
	if len(comm) == kept {
		link := make([]byte, unix.PathMax)
		if n, err := unix.Readlinkat(f.fd, strconv.Itoa(int(pid))+"/exe", link); err == nil {
			if file := path.Base(strings.TrimSuffix(string(link[:n]), " (deleted)")); strings.HasPrefix(file, string(comm)) {
				return Clean(file)
			}
		}
	}
	return Clean(string(comm))
}

// digits is a number that is not negative.
func digits(text []byte) (n int32, ok bool) {
	if len(text) == 0 || len(text) > 9 {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int32(c-'0')
	}
	return n, true
}

func openat(dir int, name string, flags int) (fd int, err error) {
	err = retry(func() error { fd, err = unix.Openat(dir, name, unix.O_RDONLY|unix.O_CLOEXEC|flags, 0); return err })
	return fd, err
}
