package hourly

import "strconv"

// A lockedError says that another process writes to the folder.
type lockedError struct {
	pid int // 0 if the system does not tell
}

func (e *lockedError) Error() string {
	if e.pid == 0 {
		return "another tracelens"
	}
	return "another tracelens (process " + strconv.Itoa(e.pid) + ")"
}
