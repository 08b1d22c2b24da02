package called

import "tracelens/shared/report"

// Name notes in a report what the addresses in its lists were called last, within its range of time if it has one.
func (b *Book) Name(r *report.Report) {
	r.Names = nil
	if len(b.hosts) == 0 {
		return
	}
	before := int64(Always)
	if s := r.Selection; s.To > s.From {
		before = int64(s.To)
	}
	note := func(address string) {
		if name := b.Of(address, before); name != "" {
			if r.Names == nil {
				r.Names = map[string]string{}
			}
			r.Names[address] = name
		}
	}
	for _, list := range [][]report.Entry{r.Top.Source, r.Top.Destination, r.Top.Either} {
		for _, e := range list {
			note(e.Key)
		}
	}
	for _, list := range [][]report.PairEntry{r.Top.Pair, r.Top.Conversation} {
		for _, e := range list {
			note(e.Key[0])
			note(e.Key[1])
		}
	}
	if r.Listing != nil {
		for _, row := range r.Listing.Rows {
			note(row.Key) // of a port there is none
			note(row.Other)
		}
	}
}
