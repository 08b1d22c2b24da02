package selection

import (
	"net/netip"
	"reflect"
	"testing"

	"tracelens/shared/trace"
)

func TestText(t *testing.T) {
	s := Selection{Filters: []Filter{
		{Field: Source, Address: netip.MustParsePrefix("192.0.2.1/32")},
		{Field: Destination, Address: netip.MustParsePrefix("10.0.0.0/8"), Not: true},
		{Field: Either, Address: netip.MustParsePrefix("2001:db8::1/128")},
		{Field: Port, Port: 443, Not: true},
		{Field: Port, Port: 53, Family: UDP},
		{Field: Protocol, Protocol: trace.OtherIP},
		{Field: Protocol, Protocol: trace.NotIP, Not: true},
		{Field: Length, Min: 60, Max: 100},
	}}
	want := "ip.src == 192.0.2.1 && !(ip.dst == 10.0.0.0/8) && ipv6.addr == 2001:db8::1 && !(tcp.port == 443 || udp.port == 443) && udp.port == 53" +
		" && ((ip || ipv6) && !tcp && !udp) && !(!(ip || ipv6 || tcp || udp)) && (frame.len >= 60 && frame.len <= 100)"
	if got := s.Text(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.FromNS, s.ToNS = -5, 1483873200_123456789
	back, err := Parse(s.Code())
	if err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("%q became %+v, %v", s.Code(), back, err)
	}
}

func TestParseRejects(t *testing.T) {
	for _, code := range []string{"", "1", "x 2", "5 5", "0 0\n", "0 0\n- 0 0 0 0 0 0 0", "0 0\n- 5 0 0 0 0 2 1", "0 0\n1.2.3.4 0 0 0 0 0 0 0", "0 0\n- 3 0 65536 0 0 0 0"} {
		if s, err := Parse(code); err == nil {
			t.Errorf("%q became %+v", code, s)
		}
	}
	if s, err := Parse("0 0"); err != nil || !s.Everything() {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestCheck(t *testing.T) {
	nine := Selection{Filters: make([]Filter, 9)}
	for i := range nine.Filters {
		nine.Filters[i] = Filter{Field: Length}
	}
	for _, s := range []Selection{
		nine,
		{FromNS: 5, ToNS: 5},
		{Filters: []Filter{{Field: Source}}},
		{Filters: []Filter{{Field: Length, Min: 2, Max: 1}}},
		{Filters: []Filter{{Field: fields}}},
		{Filters: []Filter{{Field: Protocol, Protocol: trace.Protocol(trace.Protocols)}}},
	} {
		if s.Check() == nil {
			t.Errorf("%+v passes", s)
		}
	}
	if all := (Selection{}); !all.Everything() || all.Check() != nil || all.Text() != "" {
		t.Error("the zero selection is not everything")
	}
}

// Whatever Check lets through fits the store's bits.
func TestPortFiltersFit(t *testing.T) {
	s := Selection{}
	for range MaxPortFilters + 1 {
		s.Filters = append(s.Filters, Filter{Field: Port})
	}
	if s.Check() == nil {
		t.Error("more filters on ports than there are bits for")
	}
}
