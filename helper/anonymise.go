package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"tracelens/helper/hourly"
	"tracelens/helper/privileges"
	"tracelens/shared/anon"
	"tracelens/shared/lineblock"
	"tracelens/shared/selection"
	"tracelens/shared/sieve"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// maxKeyFile is more than a file with a key has, of which somebody may have written more than one line.
const maxKeyFile = 4096

// newKey writes a new key to a file that is not there yet, for its owner only.
func newKey(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("no new key was made: %w", err)
	}
	_, err = fmt.Fprintln(f, anon.NewKey())
	return errors.Join(err, f.Close())
}

// anonymiser is what -anonymize and -key ask for.
func (o *options) anonymiser() (*anon.Anonymiser, error) {
	if !o.recipe.Keyed() {
		return anon.New(*o.recipe, anon.Key{})
	}
	f, err := os.Open(o.key)
	if err != nil {
		return nil, fmt.Errorf("the key cannot be read: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("the key cannot be read: %w", err)
	}
	key, err := anon.ParseKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.key, err)
	}
	return anon.New(*o.recipe, key)
}

// An anonymising copies the rows of files into hour files, with what names somebody replaced. Nothing is copied but what a row is made of.
type anonymising struct {
	*worker
	anon    *anon.Anonymiser
	folder  *hourly.Folder
	files   *hourly.Writer
	undated []*undatedFile
	rows    int64
	skips   int64 // lines that are no rows, and packets without a pseudonym
}

// An undatedFile has rows of which nobody knows when they were. Its name says nothing: the one that they came from may say who or where.
type undatedFile struct {
	name string
	disk *os.File
	*bufio.Writer
}

func (f *undatedFile) close() error { return errors.Join(f.Flush(), f.disk.Close()) }

// copyAnonymised is what the flag -anonymize does with CSV files.
func (w *worker) copyAnonymised(ctx context.Context) (err error) {
	a := &anonymising{worker: w}
	if a.anon, err = w.anonymiser(); err != nil {
		return err
	}
	var inputs []*os.File // opened while there are still the rights to
	named := 0
	for _, path := range w.inputs {
		if _, is := trace.NamesOf(filepath.Base(path)); is { // such as those that traces/*.csv means, too
			named++
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		inputs = append(inputs, f)
	}
	if a.folder, err = w.settle(privileges.Needs{}, nil); err != nil {
		return err
	}
	defer a.folder.Close()
	if a.files, err = hourly.Open(a.folder, w.fileOptions(true)); err != nil {
		return err
	}
	for _, f := range inputs {
		if err = ctx.Err(); err == nil {
			err = a.copy(ctx, f)
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", f.Name(), err)
			break
		}
	}
	if err != nil { // half a copy could be taken for a whole one
		a.undo()
		return errors.Join(err, a.files.Close())
	}
	for _, f := range a.undated {
		err = errors.Join(err, f.close())
	}
	if err = errors.Join(err, a.files.Close()); err != nil {
		return err
	}
	w.say("%d rows written to %d files in %s", a.rows, a.files.Files()+int64(len(a.undated)), w.dir)
	if named > 0 {
		w.say("%d files of names are not in the copy: they say who", named)
	}
	if a.skips > 0 {
		w.warn("%d lines are not in the copy: they are no rows, and could hold an address", a.skips)
	}
	return nil
}

// copy copies the rows of a file.
func (a *anonymising) copy(ctx context.Context, f *os.File) error {
	head := make([]byte, lineblock.MaxLine+2)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	format, skip, err := tracecsv.Detect(head[:n])
	if err != nil {
		return err
	}
	start, named := trace.StartOf(filepath.Base(f.Name()))
	dated := named || format.Absolute()
	s := sieve.New(format, start, &selection.Selection{})
	s.Alter(a.anon, dated)
	write := a.files.WriteRows
	if !dated {
		write = nil // until there is a row
	}
	lines, before := lineblock.NewReader(f), a.rows
	for {
		block, _, err := lines.Next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		cut := min(skip, len(block)) // the header is in the first block that has lines
		skip -= cut
		rows, leftOut, err := s.Copy(block[cut:], func(hour int64, rows []byte) (err error) {
			if write == nil {
				if write, err = a.begin(); err != nil {
					return err
				}
			}
			return write(hour, rows)
		})
		if err != nil {
			return err
		}
		a.rows, a.skips = a.rows+int64(rows), a.skips+int64(leftOut)
	}
	a.skips += s.Skipped() + lines.TooLong()
	if a.rows == before && named { // a file without packets says that there were none
		return a.files.Begin(a.anon.Hour(start))
	}
	return nil
}

// begin begins an undatedFile.
func (a *anonymising) begin() (write func(hour int64, rows []byte) error, err error) {
	f := &undatedFile{name: "trace-" + strconv.Itoa(len(a.undated)+1) + ".csv"}
	if f.disk, err = a.folder.Create(f.name); err != nil {
		return nil, err
	}
	f.Writer = bufio.NewWriterSize(f.disk, 256<<10)
	a.undated = append(a.undated, f)
	f.WriteString(tracecsv.Header + "\n") // what goes wrong is told by Flush
	return func(_ int64, rows []byte) error {
		_, err := f.Write(rows)
		return err
	}, nil
}

// undo removes what has been written.
func (a *anonymising) undo() {
	a.files.Undo()
	for _, f := range a.undated {
		f.disk.Close()
		a.folder.Remove(f.name)
	}
}
