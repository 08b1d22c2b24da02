// Package csp says what the page may do, for whoever serves it: the helper sends it with every answer, and the built page carries it for
// hosts that send none.
//
// The page holds what others have written: names of files, cells, what a helper says. Should any of it ever be taken for a part of the
// page, it can do nothing: no script runs that did not come with the page, none can be made of text, nothing is loaded from elsewhere, and
// there is nowhere to send anything to but the page's own host and a helper on this machine.
package csp

// Page is the policy that a page can carry by itself. Trusted Types leave it one policy, "default" in web/static/page.js, which lets
// the scripts be started by their address that a page has to start that way: its workers' and its service worker's.
//
// Workers begin as a blob, since only then does what a page carries bind them too: see page.js.
//
// Attributes named style are allowed, which is how go-app sets an element's size and place; elements are not. A loopback websocket is
// that of a helper, whatever port it listens on. There is no [::1]: addresses in brackets are none of this language.
const Page = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self'; " +
	"worker-src 'self' blob:; manifest-src 'self'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; base-uri 'none'; form-action 'none'; " +
	"require-trusted-types-for 'script'; trusted-types default"

// Header is Page and what only a header can say: that no other page may frame this one.
const Header = Page + "; frame-ancestors 'none'"
