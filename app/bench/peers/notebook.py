#!/usr/bin/env python3
"""The pandas notebook: as written, with a function for every row, and as pandas is meant to be used.

usage: notebook.py as-written|vectorised HOUR.csv ...      (Debian: apt-get install python3-pandas python3-scipy)

Prints its time, without that of starting Python and importing, and the figures as JSON.
"""
import json
import os
import sys
import time

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals
from scipy import stats


def hour_of(path):
    return int(os.path.basename(path).split(".")[0])


def as_written(paths):
    text = ["ip.src", "tcp.srcport", "udp.srcport", "ip.dst", "tcp.dstport", "udp.dstport"]
    kinds = {"frame.time_relative": float, "frame.len": float, **{c: str for c in text}}
    parts = []
    for path in paths:
        df = pd.read_csv(path, usecols=list(kinds), dtype=kinds)
        hour = hour_of(path)
        df["time"] = df["frame.time_relative"].apply(lambda t: "%.6f" % (t + hour))
        parts.append(df)
    df = pd.concat(parts, ignore_index=True)
    begin = hour_of(paths[0])
    length = df["frame.len"]
    hours = length.groupby(df["time"].apply(lambda t: int((float(t) - begin) // 3600))).sum()
    minutes = length.groupby(df["time"].apply(lambda t: int((float(t) - begin) // 60))).sum()
    quartiles = length.quantile([0.25, 0.5, 0.75])
    np.histogram(length, bins=50, density=True)
    sources = df.groupby("ip.src")["frame.len"].sum().sort_values(ascending=False)[:20]
    pairs = df.groupby(["ip.src", "ip.dst"])["frame.len"].sum().sort_values(ascending=False)[:20]
    total = sum(df.fillna(0)["frame.len"])
    stats.gaussian_kde(length)(np.linspace(0, 1600, 200))
    return figures(len(df), total, hours, minutes, length.value_counts(), quartiles, sources, pairs)


def vectorised(paths):
    kinds = {"frame.time_relative": float, "ip.src": "category", "ip.dst": "category", "frame.len": np.int64}
    parts = []
    for path in paths:
        df = pd.read_csv(path, usecols=list(kinds), dtype=kinds)
        df["hour"] = hour_of(path)
        df["minute"] = df["hour"] + 60 * (df["frame.time_relative"] // 60).astype(np.int64)
        parts.append(df)
    df = join(parts)
    length = df["frame.len"]
    hours = length.groupby(df["hour"]).sum()
    minutes = length.groupby(df["minute"]).sum()
    quartiles = length.quantile([0.25, 0.5, 0.75])
    sources = length.groupby(df["ip.src"], observed=True).sum().nlargest(20)
    pairs = length.groupby([df["ip.src"], df["ip.dst"]], observed=True).sum().nlargest(20)
    return figures(len(df), length.sum(), hours, minutes, length.value_counts(), quartiles, sources, pairs)


def join(parts):
    """Joins tables whose categories differ: pandas alone would turn them into text, which is slower to group by."""
    if len(parts) == 1:
        return parts[0]
    for c in ("ip.src", "ip.dst"):
        union, at = union_categoricals([p[c] for p in parts]), 0
        for p in parts:
            p[c] = pd.Categorical.from_codes(union.codes[at:at + len(p)], dtype=union.dtype)
            at += len(p)
    return pd.concat(parts, ignore_index=True)


def figures(packets, total, hours, minutes, lengths, quartiles, sources, pairs):
    return {"packets": packets, "bytes": int(total), "hours": len(hours), "minutes": len(minutes), "lengths": len(lengths),
            "quartiles": [float(q) for q in quartiles], "source": int(sources.iloc[0]), "pair": int(pairs.iloc[0])}


if __name__ == "__main__":
    way, files = sys.argv[1], sys.argv[2:]
    began = time.perf_counter()
    found = {"as-written": as_written, "vectorised": vectorised}[way](files)
    ms = 1000 * (time.perf_counter() - began)
    print(json.dumps({"ms": ms, "version": pd.__version__, "figures": found}))
