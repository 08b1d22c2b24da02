//go:build js

package lead

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/tracecsv"
)

// change makes a new trace of the files of the open one, of which one is to be read otherwise, or not at all. What the page wants to know
// of it stays.
func (w *lead) change(m browser.Message, each func(*given) (keep bool)) {
	old := w.open
	if old == nil {
		return
	}
	id := m.Int("id")
	list := old.givens(func(g *given) bool { return g.id != id || each(g) })
	w.begin(m, func(j *job) {
		j.inherit(old)
		j.add(list)
	})
}

// inherit takes over what the page has asked for and told of the trace before. The list that it wishes for it says itself, as of any trace.
func (j *job) inherit(old *job) {
	for _, v := range old.order {
		if v.name != wholeTrace {
			next := *v
			next.stale = true
			j.views[v.name] = &next
			j.order = append(j.order, &next)
		}
	}
	if old.mine.told {
		j.mine = old.mine
		j.trace.SetMine(old.mine.prefixes)
	}
}

// maxPreview bounds what the page shows of a file.
const (
	previewLines = 12
	previewBytes = 16 << 10
)

// preview posts the first lines of a file as a format divides them.
func (j *job) preview(m browser.Message) {
	answer := browser.NewMessage("preview").SetInt("number", m.Int("number"))
	defer func() { j.post(answer) }()
	var s *source
	for _, o := range j.sources {
		if o.id == m.Int("id") {
			s = o
		}
	}
	if s == nil {
		answer.SetText("error", "This file is not part of the trace any more.")
		return
	}
	answer.SetText("words", s.input.Format)
	if s.started {
		answer.SetText("start", itoa(s.start))
	}
	if s.base != "" {
		return
	}
	head, err := s.head, error(nil)
	if s.task == nil {
		head = make([]byte, min(s.size, headBytes))
		var n int
		n, err = s.all().ReadAt(head, 0)
		head = head[:n]
	}
	code := m.Text("format")
	var f tracecsv.Format
	if code == "" && s.ready {
		code = s.code
	}
	if code == "" {
		f, _, err = tracecsv.Detect(head)
	} else {
		f, _, err = tracecsv.DetectAs(head, code)
	}
	if err != nil {
		answer.SetText("error", err.Error())
	}
	var cells []string
	for _, line := range tracecsv.Preview(head[:min(len(head), previewBytes)], f, previewLines) {
		cells = append(append(cells, strconv.Itoa(len(line))), line...)
	}
	answer.SetText("format", f.Code()).SetTexts("cells", cells)
	if err == nil {
		answer.SetText("words", f.Words())
	}
}
