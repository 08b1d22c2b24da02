package unpack

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
)

// headBytes is how much of something tells what it is.
const headBytes = 4096

// form is what bytes are, by their beginning.
type form uint8

const (
	unknown form = iota
	text
	utf16Little
	utf16Big
	capture
	gzipped
	zstandard
	bzipped
	zipped
	tarred
)

func formOf(head []byte) form {
	switch {
	case begins(head, "\x1f\x8b"):
		return gzipped
	case begins(head, "PK\x03\x04"), begins(head, "PK\x05\x06"), begins(head, "PK\x07\x08PK"):
		return zipped
	case begins(head, "BZh") && len(head) >= 10 && head[3] >= '1' && head[3] <= '9' &&
		(begins(head[4:], "1AY&SY") || begins(head[4:], "\x17\x72\x45\x38\x50\x90")): // a block, or the end
		return bzipped
	}
	if len(head) >= 4 {
		switch n := binary.LittleEndian.Uint32(head); {
		case n == 0xfd2fb528, n&^0xf == 0x184d2a50: // a frame, or one to be passed over
			return zstandard
		}
		switch binary.LittleEndian.Uint32(head) {
		case 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1, 0x0a0d0d0a:
			return capture
		}
	}
	switch {
	case refusal(head) != nil:
		return unknown
	case isTar(head):
		return tarred
	case begins(head, "\xff\xfe") && !begins(head, "\xff\xfe\x00\x00"): // which would be UTF-32
		return utf16Little
	case begins(head, "\xfe\xff"):
		return utf16Big
	case bytes.IndexByte(head, 0) < 0:
		return text
	}
	return unknown
}

func begins(b []byte, with string) bool { return len(b) >= len(with) && string(b[:len(with)]) == with }

// isTar reports whether head is the first header of a tar archive: the one sum of it that all its dialects have is right.
func isTar(head []byte) bool {
	const size, sumAt, sumEnd = 512, 148, 156
	if len(head) < size || head[0] == 0 {
		return false
	}
	said, err := strconv.ParseInt(strings.Trim(string(head[sumAt:sumEnd]), " \x00"), 8, 64)
	if err != nil {
		return false
	}
	sum := int64(' ' * (sumEnd - sumAt))
	for i, b := range head[:size] {
		if i < sumAt || i >= sumEnd {
			sum += int64(b)
		}
	}
	return sum == said
}

// A refused is a kind of file that is not read.
type refused struct {
	magic, reason string
	trace         bool // it may hold one, so that it is worth a word even if nobody chose it
}

const unpackIt = ": unpack it, and choose what was in it"

var kinds = []refused{
	{"\xfd7zXZ\x00", "compressed by xz, which is not read here" + unpackIt, true},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive, which is not read here" + unpackIt, true},
	{"Rar!\x1a\x07", "a RAR archive, which is not read here" + unpackIt, true},
	{"\x04\x22\x4d\x18", "compressed by lz4, which is not read here" + unpackIt, true},
	{"\x02\x21\x4c\x18", "compressed by lz4, which is not read here" + unpackIt, true},
	{"snoop\x00\x00\x00", "a snoop capture, which is not read here: save it as pcapng by Wireshark or editcap", true},
	{"GMBU", "a Network Monitor capture, which is not read here: save it as pcapng by Wireshark or editcap", true},
	{"RTSS", "a Network Monitor capture, which is not read here: save it as pcapng by Wireshark or editcap", true},
	{"%PDF-", "a PDF document, no trace", false},
	{"\x89PNG\r\n\x1a\n", "a picture (PNG), no trace", false},
	{"\xff\xd8\xff", "a picture (JPEG), no trace", false},
	{"\x7fELF", "a program (ELF), no trace", false},
	{"SQLite format 3\x00", "an SQLite database: export its table as CSV", false},
	{"PAR1", "a Parquet table: export it as CSV", false},
}

var otherBinary = refused{reason: "not a text file, nor a capture"}

// refusal is why a file that begins so is not read, or nil.
func refusal(head []byte) *refused {
	for i := range kinds {
		if begins(head, kinds[i].magic) {
			return &kinds[i]
		}
	}
	return nil
}
