package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/selection"
	hourfile "tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// Two hours of packets, of which every filter below holds for others.
func small(t *testing.T) *trace {
	t.Helper()
	tr := &trace{dir: t.TempDir(), Names: []string{"3600.csv", "7200.csv"}}
	for i, rows := range []string{
		"0.500000000,192.0.2.1,40000,,192.0.2.2,443,,100,,\n59.999999999,192.0.2.2,443,,192.0.2.1,40000,,1514,,\n60.000000000,,,,,,,42,,\n",
		"0.000000001,192.0.2.1,,40001,198.18.3.4,,443,1000,,\n3599.999999999,198.18.3.4,,,192.0.2.1,,,98,,\n",
	} {
		if err := os.WriteFile(filepath.Join(tr.dir, tr.Names[i]), []byte(tracecsv.Header+"\n"+rows), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return tr
}

func TestRecount(t *testing.T) {
	one := netip.MustParseAddr("192.0.2.1")
	port := func(f selection.Family) selection.Filter {
		return selection.Filter{Field: selection.Port, Port: 443, Family: f}
	}
	typed := func(text string) selection.Selection {
		where, err := selection.ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		return selection.Selection{Where: where}
	}
	cases := []struct {
		sel  selection.Selection
		want volume
	}{
		{only(), volume{5, 2754}},
		{selection.Selection{FromNS: 3659_999_999_999, ToNS: 7200_000_000_001}, volume{2, 1556}},
		{selection.Selection{FromNS: 3600_500_000_000, ToNS: 3659_999_999_999}, volume{1, 100}},
		{only(host(selection.Source, one)), volume{2, 1100}},
		{only(host(selection.Destination, one)), volume{2, 1612}},
		{only(host(selection.Either, one)), volume{4, 2712}},
		{only(selection.Filter{Field: selection.Source, Address: netip.MustParsePrefix("198.18.0.0/16")}), volume{1, 98}},
		{only(selection.Filter{Field: selection.Either, Address: netip.MustParsePrefix("0.0.0.0/0")}), volume{4, 2712}},
		{only(port(selection.AnyFamily)), volume{3, 2614}},
		{only(port(selection.TCP)), volume{2, 1614}},
		{only(port(selection.UDP)), volume{1, 1000}},
		{selection.Selection{Where: only(port(selection.AnyFamily)).Where.Negated()}, volume{2, 140}},
		{typed("port:40000..50000 && !(len:<1000 or tcp)"), volume{1, 1000}},
		{typed("src:192.0.2.2 or len:98"), volume{2, 1612}},
		{only(selection.Filter{Field: selection.Protocol, Protocol: hourfile.TCP}), volume{2, 1614}},
		{only(selection.Filter{Field: selection.Protocol, Protocol: hourfile.UDP}), volume{1, 1000}},
		{only(selection.Filter{Field: selection.Length, Min: 42, Max: 100}), volume{3, 240}},
		{only(host(selection.Source, one), selection.Filter{Field: selection.Length, Min: 1000, Max: 2000}), volume{1, 1000}},
	}
	c := new(check)
	for _, one := range cases {
		c.add(one.sel, one.want)
	}
	if err := c.run(small(t)); err != nil {
		t.Error(err)
	}
	c.got[3].bytes++
	if err := c.run(small(t)); err == nil || !strings.Contains(err.Error(), "ip.src == 192.0.2.1") {
		t.Errorf("a wrong answer gives %v", err)
	}
}

func TestLinesThatAreNoRows(t *testing.T) {
	for _, line := range []string{"", "1.0,,,,,,,42,,", "1.000000000,,,,,,,,,", "x.000000000,,,,,,,42,,", "1.000000000,192.0.2,,,,,,42,,", "1.000000000,,,,,,,42,::1,::2", "1.000000000,,1,1,,,,42,,", "1.000000000,,,,,,,42,"} {
		if r, ok := parse(3600, []byte(line)); ok {
			t.Errorf("%q was read as %+v", line, r)
		}
	}
}

// Every question is one that the engine takes, some of each kind are checked, and a second run asks the same.
func TestQuestions(t *testing.T) {
	whole := &report.Report{Start: 3600e9, End: 10_800e9, Top: report.Top{Source: []report.Entry{{Key: "192.0.2.1"}, {Key: "198.18.3.4"}}, Destination: []report.Entry{{Key: "192.0.2.1"}}}}
	codes := func() (codes []string) {
		s, err := subjectOf(small(t), whole)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range kinds {
			sels := k.questions(s)
			checked := 0
			for i := range sels {
				if err := sels[i].Check(); err != nil || sels[i].Everything() {
					t.Errorf("%s: %q: %v", k.name, sels[i].Code(), err)
				}
				if sels[i].Ranged() && (sels[i].FromNS < s.firstNS || sels[i].ToNS > s.lastNS) {
					t.Errorf("%s: %q leaves the trace", k.name, sels[i].Code())
				}
				if k.checked(i) {
					checked++
				}
				codes = append(codes, sels[i].Code())
			}
			if len(sels) < 100 || checked < 5 || checked > perRound {
				t.Errorf("%s: %d questions, %d checked", k.name, len(sels), checked)
			}
		}
		return codes
	}
	if first, second := strings.Join(codes(), ","), strings.Join(codes(), ","); first != second {
		t.Error("the questions are not the same twice")
	}
}

func TestRarest(t *testing.T) {
	hosts, ports, err := rarest(filepath.Join(small(t).dir, "7200.csv"), 1)
	if err != nil || len(hosts) != 1 || hosts[0] != netip.MustParseAddr("192.0.2.1") || len(ports) != 1 || ports[0] != 40001 {
		t.Errorf("%v, %v, %v", hosts, ports, err)
	}
}

func TestSession(t *testing.T) {
	s := &session{Packets: 10_000_000, Bytes: 590e6, Files: 5, LoadMS: 4321, Loaded: held{Counters: 218e6, Grown: 300e6}, Asked: held{Counters: 300e6}, Checked: 24, WarmUp: warmUp}
	for _, k := range kinds {
		list := askedFor{Kind: k.name, LimitMS: k.limits[s.Packets]}
		for i := range 120 {
			ms := 1000.0 // the first ones are slow
			if i >= warmUp {
				ms = float64(i-warmUp+1) / 5
			}
			list.Answers = append(list.Answers, oneAnswer{MS: ms})
		}
		s.Kinds = append(s.Kinds, list)
	}
	s.Kinds[2].LimitMS = 0
	const want = `Questions to 10 000 000 packets, 590 MB, 5 hour files; loaded in 4.3 s (engine only: figures counted, nothing drawn)

| | n | median | p95 | max | p95 is to be at most |
|---|---|---|---|---|---|
| time brush | 100 | 10 ms | 19 ms | 20 ms | 16 ms, missed |
| brush being dragged | 100 | 10 ms | 19 ms | 20 ms | 16 ms, missed |
| any filter | 100 | 10 ms | 19 ms | 20 ms | – |

From the question's leaving the page to the answer's arrival, one at a time; the first 20 questions of each kind are warm-up and not counted. 24 answers were counted again by a plain loop: all are right.

Memory after the load: 218 MB, 22 bytes a packet (WebAssembly memory of the counters); 300 MB, 30 bytes a packet (what the renderer's resident memory grew by); after the questions: 300 MB, 30 bytes a packet (WebAssembly memory of the counters)
`
	if got := s.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := percentile([]float64{3, 1, 2}, 95); got != 3 {
		t.Errorf("the 95th percentile of three is %v", got)
	}
}
