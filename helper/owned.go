package main

import (
	"tracelens/helper/hourly"
	"tracelens/helper/programs"
	"tracelens/shared/called"
	"tracelens/shared/trace"
)

// touch notes a packet of an end, and appends what that makes known.
func (o *owners) touch(list []called.Name, w *owned, timeNS int64) []called.Name {
	before := w.lastNS
	w.lastNS = max(w.lastNS, timeNS)
	if w.gone && before > 0 && timeNS-before > int64(linger) {
		w.program, w.gone, w.unknownNS = "", false, 0
		if w.hour != noHour {
			list = w.line(list, timeNS) // nobody's, for all that is known
		}
	}
	switch {
	case w.program == "" && w.unknownNS == 0:
		w.unknownNS = timeNS
		h, known := o.holder(w.end)
		if !known || h.goneNS != 0 && timeNS-h.goneNS > int64(linger) {
			w.askedNS = timeNS
			o.soon()
			return list
		}
		return o.found(list, w, h)
	case w.program == "":
		return list
	case w.gone && timeNS-w.askedNS > int64(askAgain):
		w.askedNS = timeNS
		o.soon()
	}
	if w.hour != hourly.HourOf(timeNS) {
		list = w.line(list, timeNS) // each hour's file stands for itself
	}
	return list
}

// found gives an end to who has it now, and appends that if packets of it have come.
func (o *owners) found(list []called.Name, w *owned, h holding) []called.Name {
	from, first := h.sinceNS, w.unknownNS // 0 if somebody had it
	from = max(from, first)
	w.program, w.gone, w.unknownNS = h.program, h.goneNS != 0, 0
	if w.lastNS < from {
		w.hour = noHour // the next packet is the first
		return list
	}
	if last := hourly.HourOf(w.lastNS); hourly.HourOf(from) != last {
		if from == first { // of other hours there may be no file
			list = w.line(list, from)
		}
		from = last * trace.Second
	}
	return w.line(list, from)
}

// hear takes what was told meanwhile, and appends what that makes known of packets that have come.
func (o *owners) hear(list []called.Name) []called.Name {
	o.fresh.Store(false)
	o.mu.Lock()
	news, local := o.news, o.local
	o.news, o.local = nil, nil
	o.mu.Unlock()
	if local != nil {
		o.mine = local
		o.forget()
	}
	for _, n := range news {
		list = o.apply(list, n)
	}
	return list
}

// apply takes one of the news.
func (o *owners) apply(list []called.Name, n programs.Owner) []called.Name {
	bound := end{n.Address.As16(), portOf{n.Port, !n.TCP}}
	h := holding{n.Program, n.SinceNS, 0}
	if n.Program == "" {
		h = o.have[bound]
		h.goneNS = n.TimeNS
	}
	if h.program != "" {
		o.have[bound] = h
	}
	if len(o.have) > o.most {
		o.sweep(n.TimeNS)
	}
	for _, w := range o.byPort[bound.portOf] {
		switch h, known := o.holder(w.end); {
		case !known:
		case h.program == w.program:
			w.gone = h.goneNS != 0
		case h.goneNS == 0:
			list = o.found(list, w, h)
		}
	}
	return list
}
