package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tracelens/helper/capture"
	"tracelens/helper/serve"
	"tracelens/shared/anon"
)

const usage = `Usage: tracelens [flags]

Captures packets into hour files and serves the page that shows them. It prints
the link to open. Ctrl-C stops it.

What to capture
  -i NAME|NUMBER   interface (default: the first that is up and no loopback)
  -D               list the interfaces
  -f FILTER        capture filter, such as "tcp port 443"
  -s N             bytes kept of a packet while decoding (default 256, 0: all)
  -no-names        do not look for names in packets (of DNS, TLS, HTTP ...), nor
                   for the programs of this machine that have their ports; else
                   those of an hour lie beside it, in <hour>.names.csv
  -p               no promiscuous mode
  -I               monitor mode (Wi-Fi)

Instead of capturing
  -r FILE          read a pcap or pcapng file, - for standard input. With -w it
                   converts and exits; without, it shows the file until Ctrl-C

Hour files
  -w DIR           their folder (default traces)
  -b files:N       keep only the newest N files
  -b size:KB       keep only as many of the newest as fit in KB kilobytes
  -sync N          have the disk confirm rows every N seconds (default 5):
                   that much a power failure may cost; a killed process, nothing

To share
  -anonymize WHAT  with -w DIR and with -r FILE, or with hour files and other
                   CSV files after the flags: copies them into DIR with the
                   addresses replaced. WHAT is ipcrypt-pfx, cryptopan, numbers
                   or truncate:24:48, and, after commas, any of classes=kept,
                   private=kept, ports=bucketed, ports=dropped, times=seconds,
                   times=minutes, times=shifted
  -key FILE        the key for it: the same one gives the same names again
  -new-key FILE    write a new key to a file and exit

When to stop
  -a duration:S    after S seconds
  -a packets:N     after N packets, also -c N

The page
  -listen ADDR     default 127.0.0.1:8421; port 0 picks a free one
  -allow-origin URL  another page that may connect, such as
                   https://example.org (repeatable)
  -expose          with -listen and an address of this machine's network: who
                   can reach it and has the link can read the trace, and what
                   is sent is not encrypted. ssh -L is safer
  -link            write the link to the file "link" in the folder of the hour
                   files, for its owner only, instead of printing it: for a
                   service, whose output is kept in a log

  -q               print only the link and errors
  -v               print the version
  -h               print this
`

const (
	defaultDir    = "traces"
	defaultListen = "127.0.0.1:8421"
	defaultSync   = 5 * time.Second
)

// options are the flags, checked.
type options struct {
	list, help, version, quiet bool
	capture                    capture.Options
	read, dir, listen          string
	listenSet, expose, link    bool
	noNames                    bool
	origins                    []string
	packets                    int64
	duration                   time.Duration
	keepFiles                  int
	keepBytes                  int64
	syncEvery                  time.Duration
	recipe                     *anon.Recipe // nil without -anonymize
	key, newKey                string       // files
	inputs                     []string     // to be anonymised
}

func parseFlags(args []string) (o options, err error) {
	f := flag.NewFlagSet("tracelens", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	o.syncEvery = defaultSync
	f.BoolVar(&o.list, "D", false, "")
	f.BoolVar(&o.version, "v", false, "")
	f.BoolVar(&o.quiet, "q", false, "")
	f.StringVar(&o.capture.Interface, "i", "", "")
	f.StringVar(&o.capture.Filter, "f", "", "")
	f.IntVar(&o.capture.SnapLen, "s", 256, "")
	f.BoolVar(&o.capture.NoPromiscuous, "p", false, "")
	f.BoolVar(&o.noNames, "no-names", false, "")
	f.BoolVar(&o.capture.Monitor, "I", false, "")
	f.StringVar(&o.read, "r", "", "")
	f.StringVar(&o.dir, "w", "", "")
	f.Func("sync", "", o.syncSeconds)
	f.StringVar(&o.key, "key", "", "")
	f.StringVar(&o.newKey, "new-key", "", "")
	f.Func("anonymize", "", func(s string) error {
		recipe, err := anon.ParseRecipe(s)
		o.recipe = &recipe
		return err
	})
	f.StringVar(&o.listen, "listen", defaultListen, "")
	f.BoolVar(&o.expose, "expose", false, "")
	f.BoolVar(&o.link, "link", false, "")
	f.Func("c", "", func(s string) error { return o.stopAfter("packets:" + s) })
	f.Func("a", "", o.stopAfter)
	f.Func("b", "", o.keep)
	f.Func("allow-origin", "", func(s string) error {
		origin, err := serve.ParseOrigin(s)
		o.origins = append(o.origins, origin)
		return err
	})
	err = f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		o.help = true
		return o, nil
	}
	o.capture.Names = !o.noNames
	f.Visit(func(g *flag.Flag) {
		o.listenSet = o.listenSet || g.Name == "listen"
		if slices.Contains([]string{"r", "w", "i", "key", "new-key"}, g.Name) && g.Value.String() == "" && err == nil {
			err = fmt.Errorf("-%s is given without a value", g.Name)
		}
	})
	switch {
	case err != nil:
	case o.recipe != nil:
		o.inputs = f.Args()
		err = o.checkAnonymize()
	case o.key != "":
		err = errors.New("-key is for -anonymize")
	case f.NArg() > 0:
		err = fmt.Errorf("%q is not a flag; files are read with -r", f.Arg(0))
	case o.capture.SnapLen < 0 || o.capture.SnapLen > 256<<10:
		err = fmt.Errorf("-s %d: give a number of bytes from 0 to 262144", o.capture.SnapLen)
	case o.read != "" && (o.capture.Interface != "" || o.capture.Filter != "" || o.capture.Monitor):
		err = errors.New("-r reads a file, so -i, -f and -I do not go with it")
	}
	return o, err
}

// checkAnonymize looks whether what goes with -anonymize is there, and nothing else.
func (o *options) checkAnonymize() error {
	switch {
	case (o.read != "") == (len(o.inputs) > 0):
		return errors.New("-anonymize copies a capture given with -r, or the CSV files given after the flags")
	case o.dir == "":
		return errors.New("-anonymize needs a folder for the copy, -w DIR")
	case o.listenSet || o.capture.Interface != "" || o.capture.Filter != "" || o.capture.Monitor:
		return errors.New("-anonymize copies files, so -listen, -i, -f and -I do not go with it")
	case o.recipe.Keyed() && o.key == "":
		return errors.New("-anonymize needs a key, -key FILE; tracelens -new-key FILE makes one")
	}
	return nil
}

func (o *options) stopAfter(text string) error {
	what, n, err := limit(text, "duration", "packets")
	if err != nil {
		return err
	}
	if what == "packets" {
		o.packets = n
	} else if n > 1e9 {
		return errors.New("that is too long")
	} else {
		o.duration = time.Duration(n) * time.Second
	}
	return nil
}

func (o *options) syncSeconds(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 3600 {
		return errors.New("give a number of seconds from 1 to 3600")
	}
	o.syncEvery = time.Duration(n) * time.Second
	return nil
}

func (o *options) keep(text string) error {
	what, n, err := limit(text, "files", "size")
	if err != nil {
		return err
	}
	if what == "files" {
		o.keepFiles = int(n)
	} else {
		o.keepBytes = n * 1000
	}
	return nil
}

// limit reads "what:number", where what is one of two words.
func limit(text, first, second string) (what string, n int64, err error) {
	what, number, _ := strings.Cut(text, ":")
	n, err = strconv.ParseInt(number, 10, 50)
	if what != first && what != second || err != nil || n < 1 {
		return "", 0, fmt.Errorf("give %s:N or %s:N with N at least 1", first, second)
	}
	return what, n, nil
}
