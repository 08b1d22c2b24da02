package ui

import (
	"slices"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// failures are the files that could not be read.
func failures(in report.Input) (bad []report.File) {
	for _, f := range in.Files {
		if f.Error != "" {
			bad = append(bad, f)
		}
	}
	return bad
}

// unread is how far a file that has an error was read.
func unread(f report.File) string {
	if f.Rows > 0 {
		return "not read to its end"
	}
	return "not opened"
}

// inputCard accounts for every line that was read.
func (p *Page) inputCard() app.UI {
	in := p.whole.Report.Input
	return app.Section().Class("card").ID("input").Body(
		app.H2().Body(app.Text("What was read "), app.Small().Text(label.Count(in.Rows)+" rows · "+skippedInWords(in.Skipped))),
		app.Table().Class("files").DataSet("testid", "input").Body(
			app.THead().Body(app.Tr().Body(
				app.Th().Scope("col").Text("File"), app.Th().Scope("col").Class("n size").Text("Size"), app.Th().Scope("col").Class("n").Text("Rows"), app.Th().Scope("col").Text("Skipped"),
			)),
			app.TBody().Body(app.Range(in.Files).Slice(func(i int) app.UI {
				f := in.Files[i]
				remark := "–"
				if len(f.Skipped) > 0 {
					remark = skippedInWords(f.Skipped)
				}
				if f.Error != "" {
					remark = unread(f) + ": " + f.Error
				}
				return app.Tr().Body(app.Td().Class("key").Text(f.Name), app.Td().Class("n size").Text(bytes(f.Bytes)),
					app.Td().Class("n").Text(label.Count(f.Rows)), app.Td().Text(remark))
			})),
		),
	)
}

func skippedInWords(skipped map[string]int64) string {
	if len(skipped) == 0 {
		return "nothing skipped"
	}
	reasons := make([]string, 0, len(skipped))
	for reason := range skipped {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	text := ""
	for i, reason := range reasons {
		if i > 0 {
			text += ", "
		}
		text += label.Count(skipped[reason]) + " skipped: " + reason
	}
	return text
}
