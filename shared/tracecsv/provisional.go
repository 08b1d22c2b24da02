package tracecsv

import "bytes"

func (f Format) Absolute() bool { return f.Epoch }
func (f Format) Code() string   { return string(f.line) }
func (f Format) Words() string  { return "" }

func ParseFormat(code string) (Format, error) {
	f, _, err := Detect([]byte(code))
	return f, err
}

func DetectAs(head []byte, code string) (Format, int, error) { return Detect(head) }

func Preview(head []byte, f Format, n int) (lines [][]string) { return nil }

func firstLine(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i+1]
	}
	return b
}
