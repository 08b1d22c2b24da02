package trace

// A Cause is who is behind a packet, as far as it is known: the program that has the port of one of its ends, and the site of the other. Rows do not
// say it; what lies beside them does (package cause).
type Cause struct{ Program, Site string } // "" where nobody knows
