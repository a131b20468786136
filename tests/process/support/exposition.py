#!/usr/bin/env python3
"""Reads metrics in Prometheus' text format (0.0.4) from standard input as a strict reader does, and fails on the first
mistake. Prints each sample as NAME{LABELS} VALUE with its labels in order, for tests to look at."""

import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)$")
PARTS = {"histogram": ("_bucket", "_sum", "_count")}


def fail(number, line, why):
    sys.exit(f"line {number}: {why}: {line}")


def family_of(name, families):
    for family, kind in families.items():
        if name == family or any(name == family + part for part in PARTS.get(kind, ())):
            return family
    return None


def read(lines):
    families, helped, samples, current = {}, set(), {}, None
    for number, line in enumerate(lines, 1):
        if line.startswith("# HELP "):
            name, _, text = line[7:].partition(" ")
            if not re.fullmatch(NAME, name) or not text or name in helped:
                fail(number, line, "HELP without a text, or twice")
            helped.add(name)
        elif line.startswith("# TYPE "):
            name, _, kind = line[7:].partition(" ")
            if name in families or name not in helped or kind not in ("counter", "gauge", "histogram"):
                fail(number, line, "TYPE twice, without HELP, or of no kind")
            if (kind == "counter") != name.endswith("_total"):
                fail(number, line, "counters, and only they, end in _total")
            families[name], current = kind, name
        else:
            match = SAMPLE.fullmatch(line)
            if not match:
                fail(number, line, "not a sample")
            name = match.group(1)
            labels = tuple(sorted((label[0], label[1]) for label in re.findall(LABEL, match.group(2) or "")))
            if family_of(name, families) != current or current is None:
                fail(number, line, "outside of its family")
            if len({label[0] for label in labels}) != len(labels) or (name, labels) in samples:
                fail(number, line, "a label or a series twice")
            samples[name, labels] = float(match.group(match.lastindex))
    return families, samples


def check_histogram(family, samples):
    series = {}
    for (name, labels), value in samples.items():
        if name == family + "_bucket":
            rest = tuple(label for label in labels if label[0] != "le")
            series.setdefault(rest, []).append((float(dict(labels)["le"]), value))
    for rest, buckets in series.items():
        buckets.sort()
        counts = [count for _, count in buckets]
        if counts != sorted(counts) or buckets[-1][0] != float("inf"):
            sys.exit(f"{family}{rest}: buckets do not grow, or lack +Inf")
        if samples.get((family + "_count", rest)) != counts[-1] or (family + "_sum", rest) not in samples:
            sys.exit(f"{family}{rest}: _count is not the last bucket, or there is no _sum")


text = sys.stdin.read()
if not text.endswith("\n") or "\n\n" in text:
    sys.exit("the text does not end with a line, or has empty ones")
kinds, found = read(text.split("\n")[:-1])
for name, kind in kinds.items():
    if kind == "histogram":
        check_histogram(name, found)
for (name, labels), value in found.items():
    print(name + "{" + ",".join(f'{key}="{text}"' for key, text in labels) + "}", f"{value:g}")
