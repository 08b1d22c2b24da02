package browser

import (
	"strconv"
	"strings"
)

// A Given is a file that the user chose or dropped. Within is the folder it was found in, with those around it up to the one that was
// given, "traces/monday"; it is empty for a file that was given by itself.
type Given struct {
	File   File
	Within string
}

// Bounds of what is taken of folders: somebody may drop a whole disk.
const (
	maxFound   = 100_000 // files, of what is given at once
	maxDepth   = 20      // folders within each other
	maxRefused = 100     // of what could not be taken so much is told one by one
)

// hidden reports whether a file or folder is one that systems keep for themselves among those of the user.
func hidden(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, ".") || name == "thumbs.db" || name == "desktop.ini"
}

// folderOf is the folder of a path, "traces/monday" of "traces/monday/1.csv", and how many folders that are. It is not to be taken if
// the file is hidden, or a folder around it is that lies in the one that was given.
func folderOf(path string) (within string, depth int, taken bool) {
	parts := strings.Split(path, "/")
	depth, taken = len(parts)-1, true
	for _, name := range parts[1:] {
		taken = taken && !hidden(name)
	}
	return strings.Join(parts[:depth], "/"), depth, taken
}

// refusals are what could not be taken, in words.
type refusals struct {
	told []string
	more int
}

func (r *refusals) add(text string) {
	if len(r.told) < maxRefused {
		r.told = append(r.told, text)
	} else {
		r.more++
	}
}

func (r *refusals) unread(path string, err error) {
	r.add(path + " was not read: " + strings.TrimSuffix(err.Error(), ".") + ".")
}

func (r *refusals) tooDeep(folder string) {
	r.add(folder + " was left out: it lies more than " + strconv.Itoa(maxDepth) + " folders deep. Give it by itself.")
}

func (r *refusals) tooMany(folder string) {
	r.add(folder + " was not read to its end: there are more than " + strconv.Itoa(maxFound) + " files. Give the folders in it one after the other.")
}

func (r *refusals) none(folder string) { r.add("There are no files in " + folder + ".") }

// all are the refusals, the last for those that are not told one by one.
func (r *refusals) all() []string {
	if r.more == 0 {
		return r.told
	}
	return append(r.told, "And "+strconv.Itoa(r.more)+" more could not be read.")
}
