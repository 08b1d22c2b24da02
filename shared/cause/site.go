package cause

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// SiteOf is the site that a host with a name belongs to: the domain that somebody registered, as far as the Mozilla foundation's list of public
// suffixes says it, such as example.co.uk of www.example.co.uk; "" for a name that is no more than such a suffix, or has no dot. listed says whether
// the name is of the public DNS, as far as that list knows it, and not of somebody's network at home.
func SiteOf(name string) (site string, listed bool) {
	suffix, icann := publicsuffix.PublicSuffix(name)
	if len(name) <= len(suffix) {
		return "", false
	}
	rest := name[:len(name)-len(suffix)-1]
	return name[strings.LastIndexByte(rest, '.')+1:], icann || strings.Contains(suffix, ".")
}
