// Package fmt stands in for fmt in the workers that are loaded at once, which print nothing. golang.org/x/net/publicsuffix has a function that they
// do not call and that words an error.
//
// It takes the place of fmt when these workers are built, by go build's -overlay; see app/cmd/overlay.
package fmt

import "errors"

// Errorf is an error of the format alone.
func Errorf(format string, _ ...any) error { return errors.New(format) }
