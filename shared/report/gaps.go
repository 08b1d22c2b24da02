package report

// MaxListedHours bounds the list of hours, 114 years: a clock that stood at 1970 is listed in full, one packet with a time beyond
// reason does not make millions of empty hours. Beyond it, hours that were not captured are left out.
const MaxListedHours = 1_000_000

// FillGaps lists every hour from the first to the last: those that are missing between hours, which are in order, were not
// captured.
func FillGaps(hours []Hour) []Hour {
	if len(hours) == 0 {
		return hours
	}
	span := (hours[len(hours)-1].Start-hours[0].Start)/3600 + 1
	if span == int64(len(hours)) || span > MaxListedHours {
		return hours
	}
	full := make([]Hour, 0, span)
	for i, h := range hours {
		if i > 0 {
			for gap := hours[i-1].Start + 3600; gap < h.Start; gap += 3600 {
				full = append(full, Hour{Start: gap})
			}
		}
		full = append(full, h)
	}
	return full
}

// DropGaps is the inverse of FillGaps: only the hours that were captured. It is how a report crosses from the worker to the page,
// since a gap of years is as long as a line.
func DropGaps(hours []Hour) []Hour {
	captured := make([]Hour, 0, len(hours))
	for _, h := range hours {
		if h.Captured {
			captured = append(captured, h)
		}
	}
	return captured
}
