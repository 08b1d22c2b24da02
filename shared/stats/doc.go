// Package stats adds up what stores have counted, and derives every figure from the sum.
//
// A trace is divided among stores, one in each worker, each with dictionaries of its own. A Trace learns them (Part.Learn), knows every
// address and every two that have to do with each other by one number, and where each store's conversations count; Totals add the stores'
// Partials of one query under those numbers; Report is the only way out. Counting is integer arithmetic, so the figures are the same
// however the input was cut, in whatever order it came and by however many stores.
package stats
