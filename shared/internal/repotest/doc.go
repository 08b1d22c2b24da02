// Package repotest tests the tree itself: that every package says what it is, that imports point the way they should, that the
// worker stays light, and that nothing strays into the repository. It has tests only.
package repotest
