package unpack

import (
	"compress/bzip2"
	"errors"
	"io"
	"strconv"

	"github.com/klauspost/compress/zstd"
)

// A problem is an error in words for the user.
type problem string

func (p problem) Error() string { return string(p) }

// A readError is the outermost file's own, and is told as it is.
type readError struct{ error }

func (e readError) Unwrap() error { return e.error }

func failedReading(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return readError{err}
}

// inWords says what a decoder's error means for what it decodes, as "the gzip data".
func inWords(what string, err error) error {
	var said problem
	var read readError
	var bad bzip2.StructuralError
	switch {
	case err == nil || err == io.EOF:
		return err
	case errors.As(err, &said):
		return said
	case errors.As(err, &read):
		return read
	case errors.Is(err, io.ErrUnexpectedEOF):
		return problem(what + " end too early: the file was not copied or written to its end. Get all of it, and choose it again")
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		return problem(what + " refer back by more than " + amount(maxWindow) + ": compress it without --long, or choose it unpacked")
	case errors.As(err, &bad):
		err = errors.New(string(bad))
	}
	return problem(what + " are damaged (" + err.Error() + "): get the file once more, and choose it again")
}

// amount is bytes in words.
func amount(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return strconv.FormatInt(n>>30, 10) + " GiB"
	case n >= 1<<20 && n%(1<<20) == 0:
		return strconv.FormatInt(n>>20, 10) + " MiB"
	}
	return strconv.FormatInt(n, 10) + " bytes"
}
