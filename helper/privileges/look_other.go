//go:build !linux

package privileges

// OnlyLook does what Drop does.
func OnlyLook(folder string) error {
	_, err := Drop(Needs{Folder: folder})
	return err
}

// SeesAll reports whether OnlyLook would leave the right to look at the processes of other users.
func SeesAll() bool { return false }
