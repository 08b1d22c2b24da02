// Package embed stands in for embed in the workers that are loaded at once. golang.org/x/net/publicsuffix has its list embedded as text, for which
// it has to name the package and needs nothing of it; the real one brings os and time along.
//
// It takes the place of embed when these workers are built, by go build's -overlay; see app/cmd/overlay.
package embed
