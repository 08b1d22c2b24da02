package selection

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// isDomain reports whether a word may well be meant as a site, and is short enough to be told. No top-level domain is a single letter.
func isDomain(word string) bool {
	dot := strings.LastIndexByte(word, '.')
	return dot > 0 && dot+2 < len(word) && len(word) <= 40 && isSite(word)
}

// asSite is how one asks for the site of a domain, as far as that can be told without a list of those under which sites are registered.
func asSite(domain string) string {
	return "site:" + strings.TrimPrefix(strings.ToLower(domain), "www.")
}

// notKnownSite says of a word what to write if it is meant as a site.
func notKnownSite(word string) string {
	return quoted(word) + " is not known: if it is a site, write " + asSite(word)
}

// siteProblem says what is wrong with what should be a site.
func siteProblem(text string) string {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return " is an address, not a site: write host:" + a.String()
	}
	if p, err := netip.ParsePrefix(text); err == nil {
		return " is a prefix, not a site: write host:" + p.String()
	}
	_, domain, isURL := strings.Cut(text, "://")
	if !isURL {
		domain = text
	}
	domain = strings.TrimPrefix(domain, "*.")
	if end := strings.IndexAny(domain, "/:?#"); end >= 0 {
		domain = domain[:end]
	}
	switch {
	case domain != text && isDomain(domain):
		return " is more than a site, which has no parts before or after the domain: write " + asSite(domain)
	case strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0:
		return " is not a site as DNS writes them: expected letters from a to z, digits, - and dots; what has other letters begins with xn-- there"
	}
	return " is not a site: expected a domain of letters, digits, - and dots, such as example.org"
}
