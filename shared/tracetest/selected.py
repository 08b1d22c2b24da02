"""Writes the rows of a selection of hour files: what somebody would do with pandas who wants the figures of a part of a trace.

usage: selected.py NAME DIR FILE.csv ...      (golden.sh runs it; --list prints the names)

The hour files of the selection's time are written to DIR, with the rows for which its filter holds. The filters stand here in pandas'
words, so that they judge the page's own.
"""
import os
import sys

import pandas as pd

EVENING = (1483902000, 1483909200)  # the two busiest hours of the sample, unix seconds


def net(s, prefix):
    return s.str.startswith(prefix)


# name: (times or None, what pandas says of the rows)
SELECTIONS = {
    "evening": (EVENING, lambda d: d.len >= 0),
    "https": (None, lambda d: (d["tcp.srcport"] == "443") | (d["tcp.dstport"] == "443")),
    "evening-https-long": (EVENING, lambda d: ((d["tcp.srcport"] == "443") | (d["tcp.dstport"] == "443")) & (d.len > 1000)),
    "source": (None, lambda d: d.src == "203.0.113.182"),
    "mixed": (None, lambda d: ((d.src == "192.168.1.23") | (d.dst == "192.168.1.23") | net(d.src, "2001:db8:") | net(d.dst, "2001:db8:"))
              & ~((d["udp.srcport"] == "443") | (d["udp.dstport"] == "443")) | (d.len < 100)),
    "lengths": (None, lambda d: (d.len >= 1000) & (d.len <= 1513)),
}


def main():
    if sys.argv[1] == "--list":
        print(" ".join(SELECTIONS))
        return
    (times, where), to = SELECTIONS[sys.argv[1]], sys.argv[2]
    for path in sys.argv[3:]:
        hour = int(os.path.basename(path).split(".")[0])
        if times and not times[0] <= hour < times[1]:
            continue
        d = pd.read_csv(path, dtype=str, keep_default_na=False)
        columns = list(d.columns)
        d["len"] = pd.to_numeric(d["frame.len"]).fillna(0).astype("int64")
        d["src"] = d["ip.src"].where(d["ip.src"] != "", d["ipv6.src"])
        d["dst"] = d["ip.dst"].where(d["ip.dst"] != "", d["ipv6.dst"])
        d[where(d)][columns].to_csv(os.path.join(to, os.path.basename(path)), index=False)


main()
