package browser

// A Given is a file that the user chose or dropped. Within is the folder it was found in, with those around it up to the one that was
// given, "traces/monday"; it is empty for a file that was given by itself.
type Given struct {
	File   File
	Within string
}
