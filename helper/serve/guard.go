package serve

import (
	"net/http"

	"tracelens/web/csp"
)

// guard stands before every route: a request whose Host is not exactly ours came by a name that somebody else controls.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", csp.Header)
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if !s.hosts[r.Host] {
			refuse(w, http.StatusForbidden, "tracelens does not answer to this name; open the link that it printed")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse answers whoever may not be here, and ends the connection: it would keep the place of another until it is idle for too long.
func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Connection", "close")
	http.Error(w, text, status)
}

// originAllowed wants exactly one Origin, one of ours or of those that the user named. A browser always sends one with a
// websocket; what has none is no page, and "null" is a page that hides where it is from.
func (s *Server) originAllowed(r *http.Request) bool {
	origin := r.Header["Origin"]
	return len(origin) == 1 && s.origins[origin[0]]
}
