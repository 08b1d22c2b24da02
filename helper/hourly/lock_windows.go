package hourly

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// lockDir holds a file of the folder open that nobody else can open meanwhile. Windows removes it when the process ends, however that
// happens.
func lockDir(folder *Folder) (*os.File, error) {
	const sharingViolation, deleteOnClose = syscall.Errno(32), 0x04000000
	name, err := syscall.UTF16PtrFromString(filepath.Join(folder.Name(), ".lock"))
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_HIDDEN|deleteOnClose, 0)
	if errors.Is(err, sharingViolation) {
		return nil, &lockedError{}
	} else if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), ".lock"), nil
}
