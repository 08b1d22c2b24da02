//go:build js

package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"

	"tracelens/app/internal/browser"
	"tracelens/shared/anon"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// anonymize writes every source again with its addresses replaced, and hands the page one file, or an archive of several.
// Lines that are no rows, and rows whose addresses are not understood, are left out and counted: what is not understood could
// hold an address.
func (j *job) anonymize(keyText string) {
	key, err := anon.ParseKey(keyText)
	if err != nil {
		post(browser.NewMessage("download").SetText("error", err.Error()))
		return
	}
	cipher := anon.New(key)
	p := newProgress(j.trace.sources)
	var out []browser.File
	leftOut, unnamed := int64(0), 0
	for _, s := range j.trace.sources {
		if s.input.Error != "" {
			continue
		}
		name := s.name
		if !s.known { // a free name may say who or where
			unnamed++
			name = "trace-" + itoa(int64(unnamed)) + ".csv"
		}
		f, refused, err := s.anonymized(name, cipher, p)
		if err != nil {
			post(browser.NewMessage("download").SetText("error", s.name+" was not anonymised: "+err.Error()))
			return
		}
		leftOut += refused
		out = append(out, f)
	}
	if len(out) > 1 {
		f, err := archived("tracelens-anonymised.zip", out)
		if err != nil {
			post(browser.NewMessage("download").SetText("error", "the archive could not be written: "+err.Error()))
			return
		}
		out = []browser.File{f}
	}
	post(browser.NewMessage("download").SetFiles("files", out).SetInt("left out", leftOut))
}

// outPart is how much is collected before it is handed to the browser's storage.
const outPart = 8 << 20

func (s *source) anonymized(name string, cipher *anon.CryptoPAn, p *progress) (f browser.File, leftOut int64, err error) {
	if !s.format.KnownColumns() {
		return f, 0, errors.New("it has columns that are not known to be free of addresses")
	}
	r, err := s.open()
	if err != nil {
		return f, 0, err
	}
	rewriter := anon.NewRewriter(cipher, s.format.AddressColumns(), ',')
	lines := lineReader{r: r}
	var parts []browser.File
	var out []byte
	var row [1]trace.Packet
	var skips tracecsv.Skips
	skip := s.skip
	for {
		block, n, err := lines.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return f, 0, err
		}
		p.bytes += int64(n)
		p.post(false)
		if skip > 0 && len(block) > 0 {
			skip = min(skip, len(block))
			out = append(out, block[:skip]...)
			block, skip = block[skip:], 0
		}
		for len(block) > 0 {
			line := block
			if end := bytes.IndexByte(block, '\n'); end >= 0 {
				line = block[:end+1]
			}
			block = block[len(line):]
			text := bytes.TrimSuffix(line, []byte("\n"))
			rows, _ := s.format.Parse(line, s.start, row[:], &skips)
			ok := false
			if rows == 1 {
				out, ok = rewriter.Append(out, text)
			}
			if !ok {
				leftOut++
				continue
			}
			out = append(out, line[len(text):]...)
		}
		if len(out) >= outPart {
			parts, out = append(parts, browser.NewFile("", out)), out[:0]
		}
	}
	return browser.Join(name, append(parts, browser.NewFile("", out))), leftOut, nil
}

// archived packs files into a zip archive, uncompressed: they stay with the browser, only headers pass through here twice.
func archived(name string, files []browser.File) (browser.File, error) {
	var parts []browser.File
	sink := &partWriter{parts: &parts}
	z := zip.NewWriter(sink)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name(), Method: zip.Deflate})
		if err != nil {
			return browser.File{}, err
		}
		if _, err := io.CopyBuffer(w, browser.NewReader(f), make([]byte, block)); err != nil {
			return browser.File{}, err
		}
	}
	if err := z.Close(); err != nil {
		return browser.File{}, err
	}
	sink.flush()
	return browser.Join(name, parts), nil
}

// A partWriter collects what is written into files of the browser.
type partWriter struct {
	parts *[]browser.File
	buf   []byte
}

func (w *partWriter) Write(b []byte) (int, error) {
	if w.buf = append(w.buf, b...); len(w.buf) >= outPart {
		w.flush()
	}
	return len(b), nil
}

func (w *partWriter) flush() {
	*w.parts = append(*w.parts, browser.NewFile("", w.buf))
	w.buf = w.buf[:0]
}
