package selection

import (
	"reflect"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		text, prefix string // the cursor is at the |
		rest         string // of what would be replaced
		kind         Kind
	}{
		{"|", "", "", Word}, {"ip.a|", "ip.a", "", Word}, {"ip.|adr == 5", "ip.", "adr", Word}, {"tcp && fr|", "fr", "", Word}, {"(|", "",
			"", Word}, {"!ud|", "ud", "", Word},
		{"not |", "", "", Word}, {"tcp or |", "", "", Word}, {"tcp |", "", "", Connective}, {"tcp a|", "a", "", Connective}, {"tcp po|",
			"po", "", Word}, {"tcp |&", "", "", Connective},
		{"tcp &|", "&", "", Connective}, {"tcp &&|", "", "", Word}, {"(tcp) |", "", "", Connective},
		{"ip.addr |", "", "", Operator}, {"ip.addr e|", "e", "", Operator}, {"ip.addr !|", "!", "", Operator}, {"ip.addr i|", "i", "", Operator},
		{"ip.addr == |", "", "", AddressV4}, {"ip.addr == 10.|0", "10.", "0", AddressV4}, {"ip.addr==1|", "1", "", AddressV4},
		{"ipv6.src eq 2001:d|", "2001:d", "", AddressV6},
		{"ip.addr in {10.0.0.1, 1|", "1", "", AddressV4}, {"ip.addr in {10.0.0.1} |", "", "", Connective}, {"tcp.port in {|", "",
			"", PortNumber}, {"tcp.port not in {4|", "4", "", PortNumber},
		{"host:|", "", "", Address}, {"host:2001:|", "2001:", "", Address}, {"src:10.0.0.1,1|", "1", "", Address}, {"tcp host:1|0 udp",
			"1", "0", Address}, {"host 1|", "1", "", Address},
		{"10.|", "10.", "", Address}, {"tcp 2001:db8:|", "2001:db8:", "", Address}, {"port:4|", "4", "", PortNumber}, {"port:>|", "",
			"", PortNumber}, {"udp.dstport == 5|", "5", "", PortNumber},
		{"len:>10|", "10", "", Number}, {"frame.len |", "", "", Operator}, {"frame.len > |", "", "", Number}, {"proto:u|", "u",
			"", ProtocolName}, {"proto:udp,|", "", "", ProtocolName},
		{"proto:udp |", "", "", Connective}, {"x == |", "", "", Word},
		{"proc|", "proc", "", Word}, {"process |", "", "", Operator}, {"process:|", "", "", ProgramName}, {"process:cu|", "cu", "", ProgramName},
		{"process:C:|\\a", "C:", "\\a", ProgramName}, {"process cu|", "cu", "", ProgramName}, {"process == |", "", "", ProgramName},
		{"program:a,b|", "b", "", ProgramName}, {"process in {a, b|", "b", "", ProgramName}, {"process != cu|rl tcp", "cu", "rl", ProgramName},
		{`process:"|`, `"`, "", ProgramName}, {`process:"Web Co|`, `"Web Co`, "", ProgramName}, {`process:"Web |Content"`, `"Web `, `Content"`, ProgramName},
		{`process "Web Co|`, `"Web Co`, "", ProgramName}, {`tcp && process == "say \"|`, `"say \"`, "", ProgramName},
		{`process:a,"We|`, `"We`, "", ProgramName}, {`process in {"a b", "We|`, `"We`, "", ProgramName}, {`process in {"a b"|`, "", "", ProgramName},
		{`process:"a && b|`, `"a && b`, "", ProgramName}, {`process == "&&|"`, `"&&`, `"`, ProgramName}, {`process:"a\n|"`, `"a\n`, `"`, ProgramName},
		{`process:"a b"|`, "", "", Connective}, {`process:"a b" |`, "", "", Connective}, {`process:"a b" a|`, "a", "", Connective},
		{`process == "a" && |`, "", "", Word}, {`process:"a b" , |`, "", "", ProgramName}, {`process:"a b" 10.|`, "10.", "", Address},
		{`process "a b" t|`, "t", "", Word}, {`process in {"a"} |`, "", "", Connective}, {`"a|`, `"a`, "", Word},
		{"site:|", "", "", SiteName}, {"site:ex|", "ex", "", SiteName}, {`site == "ex|"`, `"ex`, `"`, SiteName}, {"site in {a.example, |", "", "", SiteName},
		{`host:"19|`, `"19`, "", Address}, {`ip.addr == "19|`, `"19`, "", AddressV4},
	} {
		before, after, _ := strings.Cut(c.text, "|")
		from, to, kind, prefix := Complete(before+after, len(before))
		if prefix != c.prefix || kind != c.kind || from != len(before)-len(c.prefix) || to != len(before)+len(c.rest) {
			t.Errorf("%s: %d to %d, kind %d, %q", c.text, from, to, kind, prefix)
		}
	}
}

func TestWords(t *testing.T) {
	of := func(list []Suggestion) (texts []string) {
		for _, s := range list {
			if s.What == "" {
				t.Errorf("%s: no explanation", s.Text)
			}
			texts = append(texts, s.Text)
		}
		return texts
	}
	for _, c := range []struct{ got, want []string }{
		{of(Words("tcp.S")), []string{"tcp.srcport"}}, {of(Words("p")), []string{"port:", "proto:", "process:", "program:"}},
		{of(Words("tcp")), []string{"tcp.port", "tcp.srcport", "tcp.dstport", "tcp"}}, {of(Words("x")), nil},
		{of(Operators("")), []string{"==", "!=", ">", "<", ">=", "<=", "in"}}, {of(Operators(">")), []string{">", ">="}},
		{of(Connectives("A")), []string{"and"}}, {of(Connectives("")), []string{"&&", "||", "and", "or"}},
		{of(ProtocolNames("t")), []string{"tcp", "tcp+udp"}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	// Every word is one that the parser knows: alone, or with the value of its example.
	for i := range fieldWords {
		f := &fieldWords[i]
		if e, err := ParseFilter(f.example()); !strings.HasPrefix(f.example(), f.word) || err != nil || e.Op == Not {
			t.Errorf("%s: %v", f.example(), err)
		}
		if _, err := ParseFilter(f.word + " in {" + f.exampleValue() + "}"); err != nil {
			t.Errorf("%s: %v", f.word, err)
		}
	}
	for _, w := range ProtocolNames("") {
		if _, err := ParseFilter("proto:" + w.Text); err != nil {
			t.Error(err)
		}
	}
	for _, s := range services {
		if _, err := ParseFilter(s.ask); err != nil {
			t.Error(err)
		}
	}
}
