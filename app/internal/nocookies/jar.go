// Package cookiejar stands in for net/http/cookiejar in what the page is made of. golang.org/x/net/publicsuffix, which knows where a site's name
// begins, says that its list is one for cookies, and so brings all of net/http along, which workers have no use for. Here is the name that it
// needs.
//
// It takes the place of net/http/cookiejar when the page is built, by go build's -overlay; see app/cmd/overlay.
package cookiejar

// A PublicSuffixList is a list of public suffixes.
type PublicSuffixList interface {
	PublicSuffix(domain string) string
	String() string
}
