package anon

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// Report replaces in a report what Packet replaces in packets, in place. What cannot be told any more is left out: the list of ports, where
// these are; seconds, where times are in minutes; what addresses are called, and who is behind the traffic; the words of a filter, which hold addresses; and names of files and folders that are no
// hours, which may say who or where. What truncation makes the same stays apart, as the rows of a list are only the largest.
func (a *Anonymiser) Report(r *report.Report) {
	r.Names, r.Causes = nil, nil // they say who
	t := &r.Top
	for _, list := range []*[]report.Entry{&t.Source, &t.Destination, &t.Either} {
		*list = slices.DeleteFunc(*list, func(e report.Entry) bool { return a.name(e.Key) == "" })
		for i := range *list {
			(*list)[i].Key = a.name((*list)[i].Key)
		}
		slices.SortStableFunc(*list, func(x, y report.Entry) int { return cmp.Or(cmp.Compare(y.Bytes, x.Bytes), cmp.Compare(x.Key, y.Key)) })
	}
	for _, list := range []*[]report.PairEntry{&t.Pair, &t.Conversation} {
		*list = slices.DeleteFunc(*list, func(e report.PairEntry) bool { return a.name(e.Key[0]) == "" || a.name(e.Key[1]) == "" })
		for i := range *list {
			key := &(*list)[i].Key
			key[0], key[1] = a.name(key[0]), a.name(key[1])
			if list == &t.Conversation && after(key[0], key[1]) {
				key[0], key[1] = key[1], key[0]
			}
		}
		slices.SortStableFunc(*list, func(x, y report.PairEntry) int {
			return cmp.Or(cmp.Compare(y.Bytes, x.Bytes), cmp.Compare(x.Key[0], y.Key[0]), cmp.Compare(x.Key[1], y.Key[1]))
		})
	}
	if a.recipe.Ports != PortsKept {
		t.Port = []report.Entry{}
	}
	mine := []string{}
	for _, text := range r.Directions.Mine {
		if p, err := netip.ParsePrefix(text); err == nil && a.recipe.Scheme.KeepsPrefixes() {
			if address := a.Addr(p.Addr()); address.IsValid() {
				mine = append(mine, netip.PrefixFrom(address, p.Bits()).Masked().String())
			}
		}
	}
	r.Directions.Mine = mine
	if r.Selection.Filter != "" {
		r.Selection.Filter = "a filter"
	}
	a.reportTimes(r)
	a.reportFiles(r)
}

// name is the pseudonym of an address as text, "" if there is none.
func (a *Anonymiser) name(text string) string {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return ""
	}
	if address = a.Addr(address); !address.IsValid() {
		return ""
	}
	return address.String()
}

// after reports whether address x comes after y, IPv4 before IPv6.
func after(x, y string) bool {
	a, _ := netip.ParseAddr(x)
	b, _ := netip.ParseAddr(y)
	return a.Compare(b) > 0
}

func (a *Anonymiser) reportTimes(r *report.Report) {
	step, shift := a.Time()
	if r.Relative {
		shift = 0
	}
	moved := func(times ...*report.Time) {
		for _, t := range times {
			*t = report.Time(trace.Floor(int64(*t), step) + shift)
		}
	}
	if r.Packets > 0 {
		moved(&r.Start, &r.End)
	}
	if r.Selection.To > r.Selection.From {
		moved(&r.Selection.From, &r.Selection.To)
	}
	for i := range r.Hours {
		r.Hours[i].Start += shift / trace.Second
	}
	for _, bins := range [][]report.Bin{r.Minutes, r.Seconds} {
		for i := range bins {
			bins[i].Start += shift / trace.Second
		}
	}
	if step > trace.Second {
		r.Seconds = []report.Bin{}
	}
	for i := range r.Input.Files {
		if f := &r.Input.Files[i]; f.Rows > 0 {
			moved(&f.Start, &f.End)
		}
	}
}

func (a *Anonymiser) reportFiles(r *report.Report) {
	unnamed := 0
	for i := range r.Input.Files {
		f := &r.Input.Files[i]
		if hour, is := trace.StartOf(f.Name); is {
			f.Name = trace.HourFileName(a.Hour(hour))
		} else {
			unnamed++
			f.Name = "trace-" + strconv.Itoa(unnamed)
		}
		f.Within, f.Format = "", ""
		if f.Error != "" {
			f.Error = "it could not be read to its end"
		}
		if f.Same != "" {
			f.Same = "another"
		}
	}
}
