package selection

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// texts are what people type, and what it is in Wireshark's words.
var texts = map[string]string{
	"": "", " \t\n": "",
	"ip.addr==10.0.0.1": "ip.addr == 10.0.0.1", "ip.src eq 10.0.0.1": "ip.src == 10.0.0.1", "IP.DST EQ 10.0.0.1": "ip.dst == 10.0.0.1",
	"ip.addr = 10.0.0.1": "ip.addr == 10.0.0.1", "ip.addr != 10.0.0.1": "!(ip.addr == 10.0.0.1)",
	"ip.addr ne 10.0.0.1":   "!(ip.addr == 10.0.0.1)",
	"ip.addr == 10.1.2.3/8": "ip.addr == 10.0.0.0/8", "ip.src == 0.0.0.0/0": "ip.src == 0.0.0.0/0", "ip.addr == 0.0.0.0/0": "ip",
	"ip.addr in {10.0.0.0/8, 192.0.2.1}":    "ip.addr in {10.0.0.0/8, 192.0.2.1}",
	"ip.addr not in {10.0.0.0/8 192.0.2.1}": "!(ip.addr in {10.0.0.0/8, 192.0.2.1})",
	"ipv6.addr == 2001:DB8::1":              "ipv6.addr == 2001:db8::1", "ipv6.src==2001:db8:1::/32": "ipv6.src == 2001:db8::/32",
	"ipv6.dst == ::":              "ipv6.dst == ::",
	"ipv6.addr == ::ffff:1.2.3.4": "ipv6.addr == ::ffff:1.2.3.4", "ipv6.addr == ::/0": "ipv6",
	"tcp.port == 443": "tcp.port == 443", "tcp.srcport==0x50": "tcp.srcport == 80", "udp.dstport ne 53": "!(udp.dstport == 53)",
	"tcp.port in {80, 443, 8000..8100}": "tcp.port in {80, 443, 8000..8100}",
	"tcp.port in {80 443,8000 .. 8100}": "tcp.port in {80, 443, 8000..8100}",
	"tcp.port > 1023":                   "tcp.port >= 1024", "tcp.port lt 1024": "tcp.port <= 1023",
	"udp.port >= 1 && udp.port <= 5": "udp.port >= 1 && udp.port <= 5",
	"tcp.port in {80}":               "tcp.port == 80", "tcp.port in {80..80}": "tcp.port == 80", "tcp.port == 0": "tcp.port == 0",
	"tcp.port<=0":    "tcp.port == 0",
	"frame.len>1000": "frame.len >= 1001", "frame.len le 60": "frame.len <= 60", "frame.len in {60, 1000-1514}": "frame.len in {60, 1000..1514}",
	"frame.len ge 0": "frame.len >= 0", "frame.len != 60": "!(frame.len == 60)", "frame.len == 4294967295": "frame.len == 4294967295",
	"tcp": "tcp", "not UDP": "!udp", "ip and ipv6": "ip && ipv6", "!tcp": "!tcp", "!!tcp": "tcp", "!(tcp)": "!tcp", "not not not tcp": "!tcp",
	"host:10.0.0.1": "ip.addr == 10.0.0.1", "host:2001:db8::1": "ipv6.addr == 2001:db8::1", "SRC:10/8": "ip.src == 10.0.0.0/8",
	"net:192.168.7/16": "ip.addr == 192.168.0.0/16",
	"dst: 10.0.0.1":    "ip.dst == 10.0.0.1", "host 10.0.0.1": "ip.addr == 10.0.0.1", "host == ::1": "ipv6.addr == ::1",
	"host:10.0.0.1,::1":         "ip.addr == 10.0.0.1 || ipv6.addr == ::1",
	"host:10.0.0.0/8,192.0.2.1": "ip.addr in {10.0.0.0/8, 192.0.2.1}", "ip.src:10.0.0.1": "ip.src == 10.0.0.1",
	"host != 10.0.0.1": "!(ip.addr == 10.0.0.1)",
	"port:443":         "tcp.port == 443 || udp.port == 443", "port:80,443": "tcp.port in {80, 443} || udp.port in {80, 443}",
	"port:8000..8100": "tcp.port in {8000..8100} || udp.port in {8000..8100}",
	"port:{80,443}":   "tcp.port in {80, 443} || udp.port in {80, 443}", "port in {80}": "tcp.port == 80 || udp.port == 80",
	"port:>1023": "tcp.port >= 1024 || udp.port >= 1024",
	"sport:53":   "tcp.srcport == 53 || udp.srcport == 53", "dport:53 udp": "(tcp.dstport == 53 || udp.dstport == 53) && udp",
	"len:>1000": "frame.len >= 1001", "len:>=1000": "frame.len >= 1000", "len > 1000": "frame.len >= 1001",
	"len:60..100": "frame.len in {60..100}", "len:60-100": "frame.len in {60..100}",
	"len:60,1514": "frame.len in {60, 1514}", "len:=60": "frame.len == 60", "len:<60": "frame.len <= 59", "len:0..60": "frame.len <= 60",
	"proto:udp": "udp && !tcp", "proto:tcp": "tcp && !udp", "proto:TCP+UDP": "tcp && udp",
	"proto:other": "(ip || ipv6) && !tcp && !udp", "proto:none": "!(ip || ipv6 || tcp || udp)",
	"proto:udp,none": "(udp && !tcp) || !(ip || ipv6 || tcp || udp)", "!proto:none": "!(!(ip || ipv6 || tcp || udp))",
	"proto != udp": "!(udp && !tcp)",
	"10.0.0.1":     "ip.addr == 10.0.0.1", "10.0.0.0/8": "ip.addr == 10.0.0.0/8", "::1": "ipv6.addr == ::1",
	"fe80::/10": "ipv6.addr == fe80::/10", "dead:beef::1": "ipv6.addr == dead:beef::1",
	"src:10.0.0.1 port:443":                      "ip.src == 10.0.0.1 && (tcp.port == 443 || udp.port == 443)",
	"tcp port 443":                               "tcp && (tcp.port == 443 || udp.port == 443)",
	"tcp.port==443&&ip.src==10.0.0.1||len>5":     "(tcp.port == 443 && ip.src == 10.0.0.1) || frame.len >= 6",
	"udp or tcp and ip":                          "udp || (tcp && ip)",
	"(udp or tcp) and ip":                        "(udp || tcp) && ip",
	"udp || tcp ip":                              "udp || (tcp && ip)",
	"!udp ip":                                    "!udp && ip",
	"not (tcp.port == 80 or 10.0.0.1)":           "!(tcp.port == 80 || ip.addr == 10.0.0.1)",
	"((tcp) && ((udp && ip)))":                   "tcp && udp && ip",
	"tcp && !udp && ip":                          "tcp && !udp && ip",
	"(tcp && !udp) && ip":                        "(tcp && !udp) && ip",
	"tcp.port == 80 || tcp.port == 81":           "tcp.port in {80, 81}",
	"tcp.port == 80 || udp.port == 80":           "tcp.port == 80 || udp.port == 80",
	"tcp.port == 80 || udp.port == 80 || len:60": "tcp.port == 80 || udp.port == 80 || frame.len == 60",
	"port:80 || len:60":                          "(tcp.port == 80 || udp.port == 80) || frame.len == 60",
	"src:10.0.0.1 or dst:10.0.0.1":               "ip.src == 10.0.0.1 || ip.dst == 10.0.0.1",
	"port not in {80,443}":                       "!(tcp.port in {80, 443} || udp.port in {80, 443})",
}

func TestParseFilter(t *testing.T) { testTexts(t, texts) }

func testTexts(t *testing.T, texts map[string]string) {
	t.Helper()
	for text, want := range texts {
		e, err := ParseFilter(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := e.Text(); got != want || (e == nil) != (want == "") {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		if again, err := ParseFilter(want); err != nil || again.Text() != want {
			t.Errorf("%q is %q, %v", want, again.Text(), err)
		}
	}
}

// One click is one condition, also after its text has been read again.
func TestFiltersStayOne(t *testing.T) {
	long := is(Filter{Field: Length})
	for _, text := range []string{
		"port:80", "port:8000..8100", "sport:80", "dport:80", "proto:tcp", "proto:udp", "proto:tcp+udp", "proto:other", "proto:none",
		"len:60..100", "10.0.0.0/8", "tcp", "ip",
	} {
		e, err := ParseFilter(text)
		if err != nil || e.Op != Is {
			t.Fatalf("%q: %+v, %v", text, e, err)
		}
		for _, around := range []*Expr{
			e, e.Negated(), All(e, long), All(long, e.Negated()), joined(Or, []*Expr{e, long}), joined(Or, []*Expr{long, e}),
		} {
			if back, err := ParseFilter(around.Text()); err != nil || !reflect.DeepEqual(back, around) {
				t.Errorf("%q became %+v, %v", around.Text(), back, err)
			}
		}
	}
}

// wrong are texts with what is wrong in them between marks, and some words of what is said of it.
var wrong = map[string]string{
	"«ip.adr» == 10.0.0.1":                  "did you mean ip.addr?",
	"tcp && «tpc»":                          "did you mean tcp?",
	"«udp.prot» == 5":                       "did you mean udp.port?",
	"«hots»:10.0.0.1":                       "did you mean host?",
	"«frame.lenn» > 5":                      "did you mean frame.len?",
	"«http»":                                "tcp.port == 80 comes nearest",
	"«http.host» == \"a\"":                  "site:example.org",
	"«dns.qry.name» contains x":             "site:example.org",
	"«dns.flags» == 1":                      "port:53",
	"«icmp»":                                "proto:other",
	"«arp» && tcp":                          "proto:none",
	"«eth.addr» == 00:11:22:33:44:55":       "host:192.0.2.1",
	"«frame.time» > 5":                      "dragging",
	"«tcp.flags.syn» == 1":                  "they have addresses",
	"«tcp.len» > 0":                         "frame.len",
	"«ipv4»":                                "write ip ",
	"«word»":                                "expected a condition",
	"«tcp»:443":                             "port:443",
	"tcp «==» 5":                            "needs a field before it",
	"ip.addr == «10.0.0»":                   "four numbers",
	"ip.addr == «10.0.0.256»":               "four numbers",
	"ip.addr == «10.0.0.1:443»":             "port:443",
	"ip.addr == «example.com»":              "names are not looked up",
	"ip.addr == «2001:db8::1»":              "write ipv6.addr == 2001:db8::1",
	"ipv6.src == «10.0.0.0/8»":              "write ip.src == 10.0.0.0/8",
	"host:«fe80::1%eth0»":                   "zone",
	"host:«10.0.0.0/33»":                    "how many bits",
	"host:«::1/129»":                        "how many bits",
	"host:«1:2:3»":                          "not an IPv6 address",
	"«10.0.0.0/8/8»":                        "how many bits",
	"«10.0»":                                "four numbers",
	"ip.addr «>» 10.0.0.1":                  "compares numbers",
	"ip.addr «===» 10.0.0.1":                "write == or !=",
	"ip.addr «10.0.0.1»":                    "expected an operator",
	"ip.addr «contains» a":                  "no contents",
	"ip.addr ==«»":                          "expected an address",
	"ip.addr == «&&» tcp":                   "expected an address",
	"tcp.port == «65536»":                   "the highest is 65535",
	"tcp.port == «99999999999999999999999»": "the highest is 65535",
	"tcp.port == «http»":                    "is mostly 80",
	"tcp.port == «x»":                       "is not a port",
	"tcp.port == «080»":                     "base eight",
	"tcp.port > «65535»":                    "nothing is above",
	"len:< «0»":                             "nothing is above",
	"len:>«»":                               "expected a length",
	"len:«5..»":                             "expected a number",
	"len:«9..5»":                            "end is below",
	"len:«4294967296»":                      "the highest is 4294967295",
	"len:«-5»":                              "expected a number",
	"port:«»":                               "expected a port",
	"port:80,«»":                            "expected a port",
	"tcp.port == 80«,» 443":                 "a list comes after a field",
	"tcp.port in «80»":                      "in braces",
	"tcp.port in «{»80, 443":                "not closed",
	"tcp.port in «{»":                       "not closed",
	"tcp.port in {«}»":                      "expected a port",
	"tcp.port in {80,«}»":                   "expected a port",
	"tcp.port in {80 «&&» 443}":             "expected a comma",
	"proto:«icmp»":                          "other and none",
	"«443»":                                 "by itself",
	"tcp.port == 80 «443»":                  "by itself",
	"«(»tcp":                                "not closed",
	"tcp«)»":                                "a ) where none can be",
	"(«)»":                                  "a ) where none can be",
	"tcp &&«»":                              "ends too soon",
	"!«»":                                   "ends too soon",
	"«&&» tcp":                              "missing before &&",
	"tcp || «or» udp":                       "missing before or",
	"tcp «&» udp":                           "written &&",
	"tcp «|» udp":                           "written ||",
	"tcp «^^» udp":                          "(a && !b)",
	"tcp «xor» udp":                         "(a && !b)",
	"«==» 5":                                "needs a field",
	"tcp«[»0:2] == 5":                       "no bytes",
	"«{»80}":                                "a list comes after",
	"tcp «~» udp":                           "not understood",
	"tcp && «żółw»":                         "is not known",
	"«\xff\xfe»":                            "is not known",
}

func TestSyntaxErrors(t *testing.T) { testWrong(t, wrong) }

func testWrong(t *testing.T, wrong map[string]string) {
	t.Helper()
	for marked, words := range wrong {
		before, rest, _ := strings.Cut(marked, "«")
		what, after, ok := strings.Cut(rest, "»")
		if !ok {
			t.Fatal(marked)
		}
		e, err := ParseFilter(before + what + after)
		s, ok := err.(*SyntaxError)
		if !ok || e != nil {
			t.Errorf("%s: %v, %v", marked, e.Text(), err)
			continue
		}
		if s.At != len(before) || s.End != len(before+what) || !strings.Contains(s.Text, words) || len(s.Text) > 300 || !utf8.ValidString(s.Text) {
			t.Errorf("%s: %d to %d, %s\nwant %d to %d, %s", marked, s.At, s.End, s.Text, len(before), len(before+what), words)
		}
	}
}

// Whatever somebody pastes, it is answered, and soon.
func TestHugeTexts(t *testing.T) {
	for text, words := range map[string]string{
		strings.Repeat("(", MaxText):                     "inside each other",
		strings.Repeat("!", MaxText):                     "inside each other",
		strings.Repeat("not ", 1000) + "tcp":             "inside each other",
		strings.Repeat(" ", MaxText+1):                   "longer than",
		strings.Repeat("tcp ", MaxFilters+1):             "255 comparisons",
		strings.Repeat("x", MaxText):                     "...",
		"port:" + strings.Repeat("1,", MaxText/2-4):      "expected a port",
		strings.Repeat("(tcp || udp ", 20):               "not closed",
		"port:" + strings.Repeat("1,", MaxFilters) + "1": "255 comparisons",
	} {
		if _, err := ParseFilter(text); err == nil || !strings.Contains(err.Error(), words) || len(err.Error()) > 300 {
			t.Errorf("%.20q: %v, want %s", text, err, words)
		}
	}
	if _, err := ParseFilter(strings.Repeat("(", maxNesting) + "tcp" + strings.Repeat(")", maxNesting)); err != nil {
		t.Error(err)
	}
}

// TestTextOfTheLargest: what passes Check has a text that is read again.
func TestTextOfTheLargest(t *testing.T) {
	port := is(Filter{Field: SourcePort, Port: 10000, LastPort: 20000})
	for range MaxDepth - 2 {
		port = &Expr{Op: Not, Args: []*Expr{port}}
	}
	e := &Expr{Op: Or}
	for range MaxFilters {
		e.Args = append(e.Args, port)
	}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	if text := e.Text(); len(text) > MaxText {
		t.Errorf("a text of %d bytes", len(text))
	} else if _, err := ParseFilter(text); err != nil {
		t.Error(err)
	}
}

// TestTextMeansTheSame: the text of any expression is read as one that holds for the same packets.
func TestTextMeansTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	holds := 0
	for range 5000 {
		e := randomExpr(r, 4)
		for e.Check() != nil { // too many causes
			e = randomExpr(r, 4)
		}
		text := e.Text()
		back, err := ParseFilter(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for range 30 {
			p, c := randomPacket(r), randomCause(r)
			if e.Holds(p, c) != back.Holds(p, c) {
				t.Fatalf("%s became %s: %+v, %v", text, back.Text(), *p, c)
			}
			holds += boolInt(e.Holds(p, c))
		}
		canonical(t, back)
	}
	if holds < 20_000 || holds > 130_000 {
		t.Errorf("%d of 150000 hold: too few or too many to say anything", holds)
	}
}

// canonical fails if the text of what was read is read as something else.
func canonical(t *testing.T, e *Expr) {
	t.Helper()
	text := e.Text()
	if again, err := ParseFilter(text); err != nil || again.Text() != text {
		t.Fatalf("%q became %q, %v", text, again.Text(), err)
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, list := range []map[string]string{texts, causeTexts} {
		for text := range list {
			f.Add(text)
		}
	}
	for _, list := range []map[string]string{wrong, causeWrong} {
		for text := range list {
			f.Add(strings.NewReplacer("«", "", "»", "").Replace(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseFilter(text)
		if err == nil {
			if err := e.Check(); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			canonical(t, e)
		} else if s, ok := err.(*SyntaxError); !ok || e != nil || s.At < 0 || s.At > s.End || s.End > len(text) || s.Text == "" ||
			!utf8.ValidString(s.Text) {
			t.Fatalf("%q: %#v", text, err)
		}
		for _, cursor := range []int{0, len(text) / 2, len(text)} {
			from, to, kind, prefix := Complete(text, cursor)
			if from < 0 || from > cursor || to < cursor || to > len(text) || text[from:cursor] != prefix || kind > SiteName {
				t.Fatalf("%q at %d: %d to %d, %d, %q", text, cursor, from, to, kind, prefix)
			}
		}
	})
}
