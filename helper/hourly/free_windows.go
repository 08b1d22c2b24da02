package hourly

import "golang.org/x/sys/windows"

// FreeBytes is how much may still be written to the folder's disk.
func (f *Folder) FreeBytes() (int64, error) {
	path, err := windows.UTF16PtrFromString(f.Name())
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(path, &free, nil, nil); err != nil {
		return 0, err
	}
	return int64(free), nil
}
