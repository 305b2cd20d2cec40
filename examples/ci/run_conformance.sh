#!/usr/bin/env bash
# Runs the conformance suite as a step of a CI job, and leaves the reports in a folder.
#
#   run_conformance.sh [--provider NAME | --adapter "COMMAND ARG…"] [further options of `run`]
#
# Variables, each with a default:
#   CONFORMANCE   the program                        (conformance, from PATH)
#   REPORTS       the folder for the reports         (conformance-reports)
#   EXPECTATIONS  the known failures, if there is such a file (known_failures.txt)
#
# The exit status is that of `conformance run`: 0 conformant, 1 not, 2 it could not be run,
# 3 interrupted.
set -euo pipefail

conformance=${CONFORMANCE:-conformance}
reports=${REPORTS:-conformance-reports}
expectations=${EXPECTATIONS:-known_failures.txt}

mkdir -p "$reports"
rm -f "$reports"/results.json
options=(--json "$reports/results.json" --junit "$reports/junit.xml" --html "$reports/conformance.html")
[[ ! -e $expectations ]] || options+=(--expectations "$expectations")

# What a job that was killed left behind, where the folder outlives a job.
if [[ -e $reports/ledger ]]; then
  "$conformance" cleanup --ledger "$reports/ledger" || echo "not all could be destroyed" >&2
fi

status=0
"$conformance" run "${options[@]}" --ledger "$reports/ledger" "$@" || status=$?
# Without results there is nothing to report: the run could not be done.
if [[ -s $reports/results.json ]]; then
  "$conformance" report "$reports/results.json" \
    --markdown "$reports/summary.md" --badge "$reports/badge.svg"
fi
exit "$status"
