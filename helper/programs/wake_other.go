//go:build !linux

package programs

import "errors"

// A Wake tells of each connection that begins on this machine. There is none here.
type Wake struct{}

// OpenWake returns an error.
func OpenWake() (*Wake, error) { return nil, errors.ErrUnsupported }

// Run does nothing.
func (*Wake) Run(func()) {}

// Close does nothing.
func (*Wake) Close() error { return nil }
