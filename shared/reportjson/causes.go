package reportjson

import (
	"tracelens/shared/called"
	"tracelens/shared/report"
)

// maxCauseBins is more than stats.CauseWidth makes.
const maxCauseBins = 1000

// wrongCauses is wrong for who is behind the traffic.
func wrongCauses(r *report.Report) string {
	c := r.Causes
	if c == nil {
		return ""
	}
	for _, of := range []struct {
		list       []report.Entry
		many       int64
		rest, none report.Volume
		is         func(name string) bool
	}{
		{c.Program, c.Programs, c.OtherProgram, c.NoProgram, called.IsProgram},
		{c.Site, c.Sites, c.OtherSite, c.NoSite, isSite},
	} {
		bytes, packets := of.rest.Bytes+of.none.Bytes, of.rest.Packets+of.none.Packets
		if len(of.list) > report.MaxRows || of.many < int64(len(of.list)) || !sane(of.many, of.rest.Bytes, of.rest.Packets, of.none.Bytes, of.none.Packets) {
			return "a list of programs or sites makes no sense"
		}
		for i, e := range of.list {
			if !of.is(e.Key) || !sane(e.Bytes, e.Packets) || i > 0 && e.Bytes > of.list[i-1].Bytes {
				return "a list of programs or sites is not in order"
			}
			bytes, packets = bytes+e.Bytes, packets+e.Packets
		}
		if bytes != r.Bytes || packets != r.Packets {
			return "its programs or sites do not add up to its total"
		}
	}
	bytes, packets := int64(0), int64(0)
	for _, l := range c.Links {
		if l.Program < report.NoCause || l.Program >= len(c.Program) || l.Site < report.NoCause || l.Site >= len(c.Site) || !sane(l.Bytes, l.Packets) {
			return "it links programs and sites that there are not"
		}
		bytes, packets = bytes+l.Bytes, packets+l.Packets
	}
	if bytes != r.Bytes || packets != r.Packets {
		return "what it links does not add up to its total"
	}
	if len(c.Times) > maxCauseBins || c.WidthS <= 0 || c.WidthS > maxLength {
		return "its times of programs and sites make no sense"
	}
	bins := make([]report.Bin, len(c.Times))
	for i, b := range c.Times {
		if bins[i].Start = b.Start; len(b.Program) != len(c.Program)+2 || len(b.Site) != len(c.Site)+2 || !sane(b.Program...) || !sane(b.Site...) {
			return "its times of programs and sites make no sense"
		}
	}
	if !ascending(bins, c.WidthS) {
		return "its times of programs and sites are not in order"
	}
	return ""
}

func isSite(name string) bool {
	text, ok := called.Clean([]byte(name), called.MDNS)
	return ok && text == name
}
