package main

import (
	"context"
	"fmt"
	"os"

	"tracelens/app/internal/chromium"
)

// A session is a trace that was loaded and asked about.
type session struct {
	Packets int64      `json:"packets"`
	Bytes   int64      `json:"bytes"` // of the files
	Files   int        `json:"files"`
	LoadMS  float64    `json:"load_ms"`
	Loaded  held       `json:"loaded"` // after the load
	Asked   held       `json:"asked"`  // after all questions
	Checked int        `json:"checked"`
	WarmUp  int        `json:"warm_up"` // of each kind, the first ones that do not count
	Kinds   []askedFor `json:"kinds"`
}

// held is memory in bytes; what could not be found out is 0.
type held struct {
	Counters int64 `json:"counters"` // WebAssembly memory of the workers that hold the packets
	Grown    int64 `json:"grown"`    // by how much the renderer's resident memory is above that of the empty page
}

// askedFor is the answers to one kind of questions.
type askedFor struct {
	Kind    string      `json:"kind"`
	LimitMS float64     `json:"limit_ms,omitempty"` // of the 95th percentile
	Answers []oneAnswer `json:"answers"`
}

type oneAnswer struct {
	Selection string  `json:"selection"`
	MS        float64 `json:"ms"`
	LeadMS    float64 `json:"lead_ms"`
	Memory    int64   `json:"memory"` // of the counters
	Packets   int64   `json:"packets"`
}

// session loads a trace into an engine of its own and asks it everything. Answers are checked when the browser is gone.
func (b *bench) session(ctx context.Context, t *trace) (*session, error) {
	asking, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("no answers after %v", patience))
	defer cancel()
	s := &session{Packets: t.Want.Packets, Bytes: t.Bytes, Files: len(t.Names), WarmUp: warmUp}
	check, err := b.interview(asking, t, s)
	switch {
	case asking.Err() != nil:
		return nil, context.Cause(asking)
	case err != nil:
		return nil, err
	}
	s.Checked = len(check.asked)
	fmt.Fprintf(os.Stderr, "%d packets: counting again for %d of the answers\n", s.Packets, s.Checked)
	return s, check.run(t)
}

// interview fills in the session, and gives the answers that are to be checked.
func (b *bench) interview(ctx context.Context, t *trace, s *session) (*check, error) {
	tab, err := b.engine(ctx)
	if err != nil {
		return nil, err
	}
	defer tab.close()
	idle := chromium.Memory(tab.ctx)
	holds := func(counters int64) held {
		h := held{Counters: counters}
		if now := chromium.Memory(tab.ctx); idle > 0 {
			h.Grown = now - idle
		}
		return h
	}
	loaded, err := tab.load(t)
	if err != nil {
		return nil, fmt.Errorf("loading: %w", err)
	}
	s.LoadMS, s.Loaded = loaded.MS, holds(loaded.Memory)
	fmt.Fprintf(os.Stderr, "%d packets: loaded in %.0f ms\n", s.Packets, s.LoadMS)
	if err := tab.improved(); err != nil { // as it would be while somebody looks at the figures for a moment
		return nil, fmt.Errorf("after loading: %w", err)
	}
	about, err := subjectOf(t, loaded.of)
	if err != nil {
		return nil, err
	}
	c := new(check)
	for _, k := range kinds {
		sels := k.questions(about)
		answers, err := tab.ask(sels)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.name, err)
		}
		list := askedFor{Kind: k.name, LimitMS: k.limits[s.Packets]}
		for i, a := range answers {
			list.Answers = append(list.Answers, oneAnswer{words(&sels[i]), a.MS, a.Lead, a.Memory, a.of.Packets})
			if k.checked(i) {
				c.add(sels[i], volume{a.of.Packets, a.of.Bytes})
			}
		}
		s.Kinds = append(s.Kinds, list)
		s.Asked = holds(answers[len(answers)-1].Memory)
		fmt.Fprintf(os.Stderr, "%d packets: %s, p95 %.1f ms\n", s.Packets, k.name, percentile(list.counted(), 95))
	}
	return c, nil
}
