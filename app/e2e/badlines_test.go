package e2e

import (
	"strings"

	"tracelens/shared/tracecsv"
)

// badLines are lines that are no row of an hour file, one for each reason.
func badLines() map[tracecsv.Reason]string {
	return map[tracecsv.Reason]string{
		tracecsv.BadFields:      "1.0,192.0.2.1,1",
		tracecsv.BadTime:        "yesterday,192.0.2.1,1,,192.0.2.2,2,,60,,",
		tracecsv.BadAddress:     "1.0,192.0.2.256,1,,192.0.2.2,2,,60,,",
		tracecsv.BadPort:        "1.0,192.0.2.1,65536,,192.0.2.2,2,,60,,",
		tracecsv.BadLength:      "1.0,192.0.2.1,1,,192.0.2.2,2,,sixty,,",
		tracecsv.RepeatedHeader: tracecsv.Header,
		tracecsv.EmptyLine:      "",
		tracecsv.LongLine:       "1.0," + strings.Repeat("9", 70_000),
		tracecsv.BeforeHeader:   `Running as user "root" and group "root". This could be dangerous.`,
		tracecsv.Ambiguous:      "1.0,192.0.2.1,10.0.0.1,1,2,3,192.0.2.2,10.0.0.2,4,5,6,60,,",
	}
}
