package selection

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// What is offered for a name means that name, wherever one can stand.
func TestValue(t *testing.T) {
	for name, want := range map[string]string{
		"curl": "curl", "": "none", "none": `"none"`, "None": `"None"`, "Web Content": `"Web Content"`, "nginx: worker": `"nginx: worker"`, "C:\\a": "C:\\a",
		"a,b": `"a,b"`, "a=b": `"a=b"`, `a"b`: `"a\"b"`, `"`: `"\""`, " a": `" a"`, "a ": `"a "`, "and": `"and"`, "In": `"In"`, "contains": `"contains"`, "host": "host",
		"!": `"!"`, "&&": `"&&"`, "żółw": "żółw", " ": `" "`, "10.0.0.1": "10.0.0.1", "tcp": "tcp", "a\nb": "\"a\nb\"", "example.org": "example.org",
	} {
		if got := Value(name); got != want {
			t.Errorf("%q is offered as %s, want %s", name, got, want)
		}
		for _, before := range []string{"process:", "process ", "process == ", "process != a || process in {x, ", "tcp process:a,"} {
			text, e := before+Value(name), is(Filter{Field: Process, Text: name})
			if strings.Contains(before, "{") {
				text += "}"
			}
			got, err := ParseFilter(text)
			if err != nil || !strings.Contains(got.Text(), e.Filter.value()) {
				t.Errorf("%s: %q, %v", text, got.Text(), err)
			}
		}
	}
	for prefix, want := range map[string]string{
		"": "", "cu": "cu", `"`: "", `"Web Co`: "Web Co", `"Web" Co`: "Web", `"say \"hi`: `say "hi`, `"a\`: "a", `"a\\`: `a\`, " a": " a", "&&": "&&",
	} {
		if got := Typed(prefix); got != want {
			t.Errorf("%q begins %q, want %q", prefix, got, want)
		}
	}
}

// FuzzValue: a name that Check passes comes back from its text, whether it was typed, clicked or offered; none that it refuses does.
func FuzzValue(f *testing.F) {
	for _, name := range []string{"curl", "", "none", "Web Content", `a\"b`, "a\nb", "Example.org", "example.org", "10.0.0.1", "\xff", "a.", "contains"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for field, word := range map[Field]string{Process: "process:", Site: "site:"} {
			want := Filter{Field: field, Text: name}
			passes := is(want).Check() == nil
			for _, text := range []string{is(want).Text(), word + Value(name), "0 0\n" + is(want).Text()} {
				e, err := ParseFilter(text)
				if code, isCode := strings.CutPrefix(text, "0 0\n"); isCode {
					var s Selection
					s, err = Parse("0 0\n" + code)
					e = s.Where
				}
				if got := err == nil && e.Op == Is && e.Filter == want; got != passes {
					t.Fatalf("%q, which passes: %v, became %q, %v", text, passes, e.Text(), err)
				}
			}
		}
		if got := Typed(quote(name)); got != name {
			t.Fatalf("%q was typed as %q", name, got)
		}
		if from, to, kind, prefix := Complete("process:"+quote(name)[:1+len(quote(name))/2], len("process:")+1); kind != ProgramName || from != 8 || to < 9 || prefix != `"` {
			t.Fatalf("%q: %d to %d, %d, %q", name, from, to, kind, prefix)
		}
		if utf8.ValidString(name) && len(name) > 0 && len(name) <= MaxProgram && is(Filter{Field: Process, Text: name}).Check() != nil {
			t.Fatalf("%q is refused", name)
		}
	})
}
