// Command tracelens captures packets, keeps them as hourly CSV files, and serves the page that reads them to the browsers of this
// machine.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"tracelens/helper/capture"
	"tracelens/web"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 2 && args[0] == lookCommand {
		return look(args[1], stdout, stderr)
	}
	o, err := parseFlags(args)
	if err != nil {
		fmt.Fprintf(stderr, "tracelens: %v\ntracelens -h shows what there is\n", err)
		return exitUsage
	}
	switch {
	case o.help:
		fmt.Fprint(stdout, usage)
		return exitOK
	case o.version:
		fmt.Fprintf(stdout, "tracelens, page %s\n", web.Build())
		return exitOK
	case o.list:
		err = listInterfaces(stdout)
	case o.newKey != "":
		err = newKey(o.newKey)
	default:
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
		err = work(ctx, o, stdout, stderr)
	}
	if err != nil {
		if err = unreported(err); err != nil {
			fmt.Fprintf(stderr, "tracelens: %v\n", err)
		}
		return exitError
	}
	return exitOK
}

// unreported is err without what the user has been told of.
func unreported(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	switch {
	case err == errReported:
		return nil
	case !ok:
		return err
	}
	var left []error
	for _, e := range joined.Unwrap() {
		left = append(left, unreported(e))
	}
	return errors.Join(left...)
}

func work(ctx context.Context, o options, stdout, stderr io.Writer) error {
	w := &worker{options: o, stdout: stdout, stderr: stderr}
	if o.read != "" && o.dir != "" && !o.listenSet {
		return w.convert(ctx)
	}
	if o.recipe != nil {
		return w.copyAnonymised(ctx)
	}
	return w.serve(ctx)
}

// listInterfaces prints the numbers that -i takes, as tshark -D does.
func listInterfaces(out io.Writer) error {
	all, err := capture.Interfaces()
	if err != nil {
		return err
	}
	for n, i := range all {
		fmt.Fprintf(out, "%d. %s", n+1, i.Name)
		if i.Description != "" {
			fmt.Fprintf(out, " (%s)", i.Description)
		}
		fmt.Fprintln(out)
	}
	return nil
}
