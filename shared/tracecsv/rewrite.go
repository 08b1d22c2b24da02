package tracecsv

import (
	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

type rewriter struct{}

func (f *Format) rewrittenRows(b []byte, startNS int64, batch *trace.Batch, flows *dict.Flows) (used int) { return 0 }
