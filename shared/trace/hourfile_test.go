package trace

import "testing"

func TestStartOf(t *testing.T) {
	for name, want := range map[string]int64{
		"1483873200.csv": 1483873200, "1483873205.CSV": 1483873205, "0.csv": 0, "9000000000.csv": MaxSecond,
		"1483873200 (1).csv": 1483873200, "1483873200(12).csv": 1483873200,
		"": -1, ".csv": -1, "1483873200": -1, "1483873200.csv.gz": -1, "office.csv": -1, "-5.csv": -1, "9000000001.csv": -1, "99999999999999999999.csv": -1,
		" (1).csv": -1, "(1).csv": -1, "1483873200 ().csv": -1, "1483873200 (1.csv": -1, "1483873200 (1) .csv": -1, "1483873200 (a).csv": -1, "1483873200  (1).csv": -1,
		"1483873200 1.csv": -1, "1483873200 (1) (2).csv": -1,
	} {
		start, ok := StartOf(name)
		if ok != (want >= 0) || ok && start != want {
			t.Errorf("%q: %d, %v, want %d", name, start, ok, want)
		}
	}
	if start, ok := StartOf(HourFileName(1483873200)); !ok || start != 1483873200 {
		t.Errorf("%d, %v", start, ok)
	}
}
