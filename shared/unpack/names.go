package unpack

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name, in characters.
const maxName = 255

// clean makes a name fit to be shown: no control characters, none that turn the direction of writing, and not too long.
func clean(name string) string {
	name = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == 0x200e || c == 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return utf8.RuneError
		}
		return c
	}, name)
	n := 0
	for i := range name {
		if n++; n == maxName && utf8.RuneCountInString(name[i:]) > 1 {
			return name[:i] + "…"
		}
	}
	return name
}

// split takes the path of something in an archive apart, into folders and a name. Where a path points does not matter: nothing is written
// there. reason is why it is no file that somebody put into the archive, or "".
func split(path string) (folder, name, reason string) {
	var kept []string
	for _, s := range strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' }) {
		switch {
		case s == "." || s == "..":
			continue
		case s == "__MACOSX" || s == "Thumbs.db" || s == "desktop.ini":
			reason = "made by the system for itself, no trace"
		case s[0] == '.' && reason == "":
			reason = "a hidden file"
		}
		kept = append(kept, s)
	}
	if len(kept) == 0 {
		return "", "unnamed", reason
	}
	last := len(kept) - 1
	return clean(strings.Join(kept[:last], "/")), clean(kept[last]), reason
}

func join(folder, rest string) string {
	if folder == "" || rest == "" {
		return folder + rest
	}
	return clean(folder + "/" + rest)
}

// suffixes are what names of compressed files end with, and what the name without the compression ends with instead.
var suffixes = []struct{ packed, bare string }{
	{".gz", ""}, {".gzip", ""}, {".zst", ""}, {".zstd", ""}, {".bz2", ""},
	{".tgz", ".tar"}, {".tzst", ".tar"}, {".tbz2", ".tar"}, {".tbz", ".tar"},
}

// uncompressed is a name without the ending of a compression.
func uncompressed(name string) string {
	for _, s := range suffixes {
		if at := len(name) - len(s.packed); at > 0 && strings.EqualFold(name[at:], s.packed) {
			return name[:at] + s.bare
		}
	}
	return name
}
