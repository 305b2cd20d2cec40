#!/usr/bin/env python3
"""Offline stand-in for Bazel's CoverageOutputGenerator: gcov JSON and lcov in, lcov out.

Bazel 4 downloads that tool for every cc_test, coverage or not. This one is enough for
C++ with gcov 9 or later, for clang's lcov export, and for --combined_report=lcov.
"""

import argparse
import collections
import glob
import gzip
import json
import os
import re
import sys


class SourceFile:
    def __init__(self):
        self.lines = collections.Counter()
        self.functions = {}
        self.calls = collections.Counter()


def read_gcov_json(path, sources):
    with gzip.open(path, "rt") as f:
        data = json.load(f)
    for entry in data["files"]:
        source = sources[entry["file"]]
        for line in entry["lines"]:
            source.lines[line["line_number"]] += line["count"]
        for function in entry["functions"]:
            source.functions[function["name"]] = function["start_line"]
            source.calls[function["name"]] += function["execution_count"]


def read_lcov(path, sources):
    source = None
    with open(path) as f:
        for record in f:
            key, _, value = record.rstrip("\n").partition(":")
            if key == "SF":
                source = sources[value]
            elif key == "DA":
                number, count = value.split(",")[:2]
                source.lines[int(number)] += int(count)
            elif key == "FN":
                number, name = value.split(",", 1)
                source.functions[name] = int(number)
            elif key == "FNDA":
                count, name = value.split(",", 1)
                source.calls[name] += int(count)


def write_lcov(path, sources, filters):
    with open(path, "w") as f:
        for name in sorted(sources):
            if any(re.fullmatch(pattern, name) for pattern in filters):
                continue
            source = sources[name]
            f.write(f"SF:{name}\n")
            for function, line in sorted(source.functions.items(), key=lambda item: item[1]):
                f.write(f"FN:{line},{function}\n")
            for function in sorted(source.functions):
                f.write(f"FNDA:{source.calls[function]},{function}\n")
            f.write(f"FNF:{len(source.functions)}\nFNH:{sum(source.calls[n] > 0 for n in source.functions)}\n")
            for line, count in sorted(source.lines.items()):
                f.write(f"DA:{line},{count}\n")
            f.write(f"LH:{sum(c > 0 for c in source.lines.values())}\nLF:{len(source.lines)}\nend_of_record\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--coverage_dir")
    parser.add_argument("--reports_file")
    parser.add_argument("--output_file", required=True)
    parser.add_argument("--filter_sources", action="append", default=[])
    args, _ = parser.parse_known_args()

    sources = collections.defaultdict(SourceFile)
    if args.coverage_dir:
        for path in glob.glob(os.path.join(args.coverage_dir, "**", "*.gcov.json.gz"), recursive=True):
            read_gcov_json(path, sources)
        for path in glob.glob(os.path.join(args.coverage_dir, "**", "_cc_coverage.dat"), recursive=True):
            read_lcov(path, sources)
    if args.reports_file:
        with open(args.reports_file) as f:
            for path in f.read().split():
                if os.path.exists(path) and path.endswith(".dat"):
                    read_lcov(path, sources)
    write_lcov(args.output_file, sources, args.filter_sources)
    return 0


if __name__ == "__main__":
    sys.exit(main())
