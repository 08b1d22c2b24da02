// Package e2e tests the built page in a real Chromium, with the real helper behind it or none: what a person would click, drop
// and read, and the figures against the oracle's.
package e2e
