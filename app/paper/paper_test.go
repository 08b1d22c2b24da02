package paper

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tracelens/shared/report"
	"tracelens/shared/reportjson"
)

// golden is a report of the sample's large datagrams, as a page saves it.
func golden(t *testing.T) *report.Report {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := reportjson.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var outside = regexp.MustCompile(`(?i)\b(src|href|action|background|poster|data)\s*=|url\(|@import|<(script|link|iframe|img|object|embed|form|base)\b|\son[a-z]+\s*=`)

// TestHTML: the file has every figure, asks for nothing, runs nothing, and is well-formed.
func TestHTML(t *testing.T) {
	r := golden(t)
	text := string(HTML(r, Options{Loc: time.FixedZone("Europe/Stockholm", 3600)}))
	if found := outside.FindString(text); found != "" {
		t.Errorf("it has %q", found)
	}
	if n := strings.Count(text, "<svg"); n != 4 {
		t.Errorf("%d pictures", n)
	}
	for _, e := range r.Top.Source {
		if !strings.Contains(text, "<td class=\"\">"+e.Key+"</td>") {
			t.Errorf("it lacks %s", e.Key)
		}
	}
	wellFormed(t, text)

	// An empty report has no pictures, and one that begins nowhere no dates.
	wellFormed(t, string(HTML(&report.Report{Schema: report.Schema}, Options{})))
	r.Relative = true
	wellFormed(t, string(HTML(r, Options{})))
}

// TestTextIsText: whatever stands in a report's texts stays text.
func TestTextIsText(t *testing.T) {
	const bad = "</td></table></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
	r := golden(t)
	r.Top.Source[0].Key, r.Top.Pair[0].Key[1], r.Top.Port[0].Key = bad, bad, bad
	r.Directions.Mine, r.Selection.Filter, r.Input.Files = []string{bad}, bad, []report.File{{Name: bad}}
	text := string(HTML(r, Options{Loc: time.FixedZone(bad, 60)}))
	if strings.Contains(text, "<script") || strings.Contains(text, "<img") {
		t.Error("a text has become markup")
	}
	wellFormed(t, text)
}

// wellFormed reads the file as XML reads it, but for what of HTML has no end.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	text = regexp.MustCompile(`<meta[^>]*>|<!doctype html>`).ReplaceAllString(text, "")
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
