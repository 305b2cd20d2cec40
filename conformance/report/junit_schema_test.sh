#!/usr/bin/env bash
# Holds the JUnit report to the schema: of a report with one result of each kind, with text that XML
# cannot hold, and with problems of the run. Arguments: the program, the schema, JSON reports.
set -uo pipefail
program=$1 schema=$2
shift 2
command -v xmllint >/dev/null || { echo "xmllint is missing: install libxml2-utils" >&2; exit 1; }
failures=0

# A schema that takes everything would prove nothing.
if xmllint --noout --schema "$schema" - 2>/dev/null <<<'<testsuites tests="one"/>'; then
  echo "the schema takes what is wrong" >&2
  failures=1
fi
for report in "$@"; do
  xml=$TEST_TMPDIR/$(basename "$report").xml
  "$program" report "$report" --junit "$xml" || failures=1
  xmllint --noout --schema "$schema" "$xml" || failures=1
  cases=$(xmllint --xpath 'count(//testcase[@classname!="run"])' "$xml")
  results=$(grep -c '"durationMs": .*,$' "$report")
  # The run's own durationMs is one of them.
  if ((cases != results - 1)); then
    echo "$report: $cases test cases for $((results - 1)) results" >&2
    failures=1
  fi
done
exit $failures
