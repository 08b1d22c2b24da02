package selection

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"tracelens/shared/trace"
)

// causeTexts are texts, on programs and sites.
var causeTexts = map[string]string{
	"process:curl": `process == "curl"`, "process: curl": `process == "curl"`, "process curl": `process == "curl"`,
	`Process:"Web Content"`: `process == "Web Content"`, `process == "curl"`: `process == "curl"`, "process == curl": `process == "curl"`,
	`process "Web Content"`: `process == "Web Content"`, "PROGRAM eq Curl": `process == "Curl"`, "program:curl": `process == "curl"`,
	"process:curl,wget":         `process in {"curl", "wget"}`,
	`process:curl,"a b",none`:   `process in {"curl", "a b", none}`,
	`process:"a b" , "c d" tcp`: `process in {"a b", "c d"} && tcp`,
	`process == "a", b`:         `process in {"a", "b"}`,
	"process != curl":           `!(process == "curl")`, `!process:"curl"`: `!(process == "curl")`, "process != curl,wget": `!(process in {"curl", "wget"})`,
	`process in {"curl", "wget"}`: `process in {"curl", "wget"}`, `process in {curl wget "x"}`: `process in {"curl", "wget", "x"}`,
	`process not in {"curl", none}`: `!(process in {"curl", none})`, `process:{"curl"}`: `process == "curl"`,
	"process:none": "process == none", "process == None": "process == none", `process:"none"`: `process == "none"`, `process:"None"`: `process == "None"`,
	"process in {none}": "process == none", `process in {none, "none"}`: `process in {none, "none"}`, "process != none": "!(process == none)",
	`process:"say \"hi\" \\"`: `process == "say \"hi\" \\"`, `process:C:\a\b`: `process == "C:\\a\\b"`, "process:\"a\nb\t\"": "process == \"a\nb\t\"",
	`process:"a && b || !(c) {d}, == 'e'"`: `process == "a && b || !(c) {d}, == 'e'"`, `process:" "`: `process == " "`,
	"process:nginx:": `process == "nginx:"`, `process:"nginx: worker"`: `process == "nginx: worker"`, "process:c++": `process == "c++"`,
	"process:żółw": `process == "żółw"`, "process:80..90": `process == "80..90"`, "process:10.0.0.1": `process == "10.0.0.1"`, "process:and": `process == "and"`,
	`process == "and"`: `process == "and"`, "process:contains": `process == "contains"`, `process == contains`: `process == "contains"`, "process:tcp": `process == "tcp"`,
	"process:" + strings.Repeat("x", MaxProgram): `process == "` + strings.Repeat("x", MaxProgram) + `"`,
	"site:example.org":                           `site == "example.org"`, "site:Example.ORG.": `site == "example.org"`, `site == "EXAMPLE.org."`: `site == "example.org"`,
	"site != example.org": `!(site == "example.org")`, "site:example.org,example.net": `site in {"example.org", "example.net"}`,
	"site:xn--bcher-kva.example": `site == "xn--bcher-kva.example"`, "site:a_b.example": `site == "a_b.example"`, "site:local": `site == "local"`,
	"site:none": "site == none", `site:"none"`: `site == "none"`, "site:none.": `site == "none"`, `site not in {none "example.org"}`: `!(site in {none, "example.org"})`,
	"process:a or process:b":                        `process in {"a", "b"}`,
	"process:a or process:none or site:example.org": `process in {"a", none} || site == "example.org"`,
	"process:a site:example.org tcp":                `process == "a" && site == "example.org" && tcp`,
	"process:a || process:b && tcp":                 `process == "a" || (process == "b" && tcp)`,
	// Wireshark puts other values in quotes, too.
	`host:"192.0.2.1"`: "ip.addr == 192.0.2.1", `ip.addr == "10.0.0.0/8"`: "ip.addr == 10.0.0.0/8", `ip.addr in {"10.0.0.1", 10.0.0.2}`: "ip.addr in {10.0.0.1, 10.0.0.2}",
	`tcp.port == "443"`: "tcp.port == 443", `tcp.port in {"80" "8000..8100"}`: "tcp.port in {80, 8000..8100}", `len:>"1000"`: "frame.len >= 1001", `proto:"udp"`: "udp && !tcp",
}

// causeWrong is as wrong.
var causeWrong = map[string]string{
	"process:«»":                       `such as curl or "Web Content"`,
	"process ==«»":                     "expected a program",
	"process == «&&» tcp":              "expected a program",
	"process == «and»":                 "expected a program",
	"process:curl,«»":                  "expected a program",
	"process «>» curl":                 "process is compared by == or !=",
	"program «<=» curl":                "program is compared by == or !=",
	`process «contains» "cur"`:         "names are compared as a whole, such as process == curl",
	"site «matches» x":                 "such as site == example.org",
	"site «Contains»":                  "such as site == example.org",
	"process «~» cur":                  "write == or !=",
	"site «>=» example.org":            "such as site:example.org",
	"process in «curl»":                "in braces",
	`process in «{»"a", "b"`:           "not closed",
	`process in {"a" «&&» "b"}`:        "expected a comma",
	`process:«""»`:                     "process:none holds where nobody knows it",
	`site == «""»`:                     "site:none holds",
	`process:«"»Web Content`:           "quote is not closed",
	`process in {a, «"»b}`:             "quote is not closed",
	`process:«"»a\"`:                   "quote is not closed",
	`process:«"»\`:                     "quote is not closed",
	`tcp «"»`:                          "quote is not closed",
	`host == «"»10.0.0.1`:              "quote is not closed",
	`process == «"a\n"»`:               `\ stands only before " or another \`,
	`ip.addr «"a\n"»`:                  `\ stands only before`,
	`«"curl"»`:                         "comes after a field",
	`tcp && «"curl"» == 5`:             "comes after a field",
	`process:"a" «"b"»`:                "comes after a field",
	`process:cu«"rl"»`:                 "comes after a field",
	`host:«"example.org"»`:             "write site:example.org",
	`ip.addr == «"::1"»`:               "write ipv6.addr == ::1",
	`tcp.port == «"x"»`:                "is not a port",
	`proto:«"icmp"»`:                   "none of the protocols",
	`ip.addr «"10.0.0.1"»`:             "expected an operator",
	"process:Web «Content»":            `such as process:"Web Content"`,
	"process == nginx: «worker» && ip": `such as process:"nginx: worker"`,
	"process:curl «tpc»":               "did you mean tcp?",
	"process:curl «443»":               "by itself",
	"process:curl «hots»:10.0.0.1":     "did you mean host?",
	"process:curl «icmp»":              "proto:other",
	"process:curl tcp «word»":          "expected a condition",
	`process:"curl" «word»`:            "expected a condition",
	"process:«" + strings.Repeat("x", MaxProgram+1) + "»": "longer than 64 bytes",
	"process:«\xff\xfe»":                "not UTF-8",
	"process:«\"a\xff\"»":               "not UTF-8",
	"site:«exa$mple.org»":               "letters, digits, - and dots",
	"site:«https://www.example.org/?q»": "write site:example.org",
	"site:«*.example.org»":              "write site:example.org",
	"site:«example.org:443»":            "write site:example.org",
	"site:«example.org/a»":              "write site:example.org",
	"site:«192.0.2.1»":                  "write host:192.0.2.1",
	"site:«10.0.0.0/8»":                 "write host:10.0.0.0/8",
	"site:«2001:db8::1»":                "write host:2001:db8::1",
	"site:«fe80::1%\xff»":               "xn--", "process:curl «\xed»": "is not known",
	"process:curl «" + strings.Repeat("x", 500) + "»": "is not known",
	"site:«443»":                                     "such as example.org",
	"site:«bücher.example»":                          "xn--",
	"site:«\u212Aelvin.example»":                     "xn--",
	"site:«\xff»":                                    "xn--",
	"site:«.»":                                       "such as example.org",
	"site:«a..example»":                              "such as example.org",
	"site:«.example.org»":                            "such as example.org",
	"site:«example.org..»":                           "such as example.org",
	"site == «\"example .org\"»":                     "such as example.org",
	"site:«" + strings.Repeat("a.", 126) + "ab»":     "such as example.org",
	"site:«" + strings.Repeat("a", 64) + ".example»": "such as example.org",
	"host:«example.org»":                             "write site:example.org",
	"host:«www.example.org:443»":                     "write site:example.org",
	"host:«10.0.0.x»":                                "expected one such as 192.0.2.1",
	"host:«" + strings.Repeat("a.", 100) + "org»":    "expected one such as 192.0.2.1",
	"«example.org»":                                  "write site:example.org",
	"«www.Example.org»":                              "write site:example.org",
	"«example.org»:443":                              "write site:example.org",
	"tcp && «foo.bar» == 1":                          "write site:foo.bar",
	"«hostname» == x":                                "site:example.org",
	"«domain»:example.org":                           "site:example.org",
	"«tls.handshake.extensions_server_name» == \"example.org\"": "site:example.org",
	"«pid» == 1":          "process:curl",
	"«app»:curl":          "process:curl",
	"«proces»:curl":       "did you mean process?",
	"«sites»:example.org": "did you mean site?",
	"«process:a tcp || process:b udp || process:c ip || site:none ipv6 || site:a len:5»": "as one list, such as process:curl,wget",
}

func TestCauseTexts(t *testing.T) { testTexts(t, causeTexts) }

func TestCauseErrors(t *testing.T) { testWrong(t, causeWrong) }

// randomCause is one of few, with names that are not simple.
func randomCause(r *rand.Rand) trace.Cause {
	return trace.Cause{
		Program: []string{"", "curl", "Web Content", "none", `\"`, "and"}[r.IntN(6)],
		Site:    []string{"", "example.org", "none"}[r.IntN(3)],
	}
}

// TestCauseHolds: both fields, against who is behind a packet.
func TestCauseHolds(t *testing.T) {
	curl, nobody, none := trace.Cause{Program: "curl", Site: "example.org"}, trace.Cause{}, trace.Cause{Program: "none", Site: "none"}
	for text, want := range map[string][3]bool{
		"process:curl": {true}, "process:Curl": {}, "process != curl": {false, true, true}, "!process:curl": {false, true, true},
		"process:none": {false, true}, `process:"none"`: {2: true}, `process in {none, "none"}`: {false, true, true}, "process != none": {true, false, true},
		"site:EXAMPLE.org.": {true}, "site:www.example.org": {}, "site:none": {false, true}, `site:"none",example.org`: {true, false, true},
		"site not in {none, example.org}": {2: true}, "process:curl site:none": {}, "process:curl or site:none": {true, true}, "tcp": {},
	} {
		e, err := ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		s, p := Selection{Where: e}, &trace.Packet{}
		if got := [3]bool{s.Holds(p, curl), s.Holds(p, nobody), s.Holds(p, none)}; got != want {
			t.Errorf("%q holds for %v, want %v", text, got, want)
		}
	}
}

func TestOnCauses(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "tcp": false, "!port:443 || len:5": false, "process:none": true, "!site:example.org": true, "tcp && (udp || !(ip && process:curl))": true,
	} {
		if e, err := ParseFilter(text); err != nil || e.OnCauses() != want {
			t.Errorf("%q: not %v, %v", text, want, err)
		}
	}
}

// A program or a site that is clicked is one condition, and the same in the workers.
func TestCauseCode(t *testing.T) {
	for _, f := range []Filter{
		{Field: Process}, {Field: Process, Text: "none"}, {Field: Process, Text: " \"\\\n\u2028ż" + strings.Repeat(`"`, 40)}, {Field: Site}, {Field: Site, Text: "example.org"},
		{Field: Site, Text: strings.Repeat("a.", 125) + "org"},
	} {
		for _, e := range []*Expr{
			is(f), is(f).Negated(), All(is(f), is(f).Negated()), joined(Or, []*Expr{is(f), is(Filter{Field: f.Field})}),
			joined(Or, []*Expr{is(f), is(Filter{Field: Length})}),
		} {
			s := Selection{FromNS: 1, ToNS: 2, Where: e}
			if back, err := Parse(s.Code()); err != nil || !reflect.DeepEqual(back, s) {
				t.Errorf("%q became %+v, %v", s.Code(), back, err)
			}
		}
	}
}

func TestCauseCheck(t *testing.T) {
	program := func(i int) Filter { return Filter{Field: Process, Text: strings.Repeat("x", i+1)} }
	for words, e := range map[string]*Expr{
		"no program or site":                     is(Filter{Field: Process, Text: strings.Repeat("x", MaxProgram+1)}),
		"that no program or site":                is(Filter{Field: Process, Text: "\xff"}),
		"on a name that no program or site":      is(Filter{Field: Site, Text: "Example.org"}),
		"a name that no program or site":         is(Filter{Field: Site, Text: "example.org."}),
		"filter on a name that no program":       is(Filter{Field: Site, Text: "a b"}),
		"programs and sites in more than 4":      places(5, 2, program),
		"and sites in more than 4 places: write": All(places(4, 2, program), is(Filter{Field: Site})),
	} {
		if err := e.Check(); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want something of %s", err, words)
		}
	}
	three := places(3, 2, program)
	for _, e := range []*Expr{places(4, 10, program), places(1, 64, program), All(three, is(Filter{Field: Site})), joined(Or, []*Expr{is(Filter{Field: Site}), is(Filter{Field: Process})})} {
		if err := e.Check(); err != nil {
			t.Errorf("%s: %v", e.Text(), err)
		}
	}
}

// What was one list of alternatives is one question to a packet, and programs are another than sites.
func TestCauseTree(t *testing.T) {
	for text, want := range map[string]int{
		"process:a,b,none": 1, "process:a or tcp or program:b": 2, "process:a or site:b": 2, "!process:a && !process:b && process != c": 1, "process:a process:b": 2,
	} {
		e, err := ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		var lists, ranges [fields]int
		e.Tree().count(&lists, &ranges)
		if got := lists[Process] + lists[Site] + lists[Layer]; got != want {
			t.Errorf("%q is %d questions, want %d", text, got, want)
		}
	}
}

// The largest that passes Check can be read again: names at their longest, each with all the parentheses there may be.
func TestTextOfTheLargestNames(t *testing.T) {
	for _, f := range []Filter{{Field: Site, Text: strings.Repeat("a.", 125) + "org"}, {Field: Process, Text: strings.Repeat(`"`, MaxProgram)}} {
		one := is(f)
		for range MaxDepth - 2 {
			one = &Expr{Op: Not, Args: []*Expr{one}}
		}
		e := &Expr{Op: Or}
		for range MaxFilters {
			e.Args = append(e.Args, one)
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
}
