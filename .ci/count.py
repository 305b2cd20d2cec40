#!/usr/bin/env python3
"""Counts the test cases in a folder of reports (JUnit XML, TAP): "N passed, N failed[, N skipped]".

A step that failed without a failed case (a build error, say) counts as one failure.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def count_xml(path):
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("result") == "skipped":
            skipped += 1
        elif case.get("status", "run") == "run":
            passed += 1
    return passed, failed, skipped


def count_tap(path):
    text = path.read_text()
    number = lambda word: int((re.search(rf"^# {word} (\d+)$", text, re.M) or [0, 0])[1])
    return number("pass"), number("fail"), number("skipped")


def main():
    folder, failed_steps = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    counts = [count_xml(path) for path in folder.rglob("*.xml")] + [count_tap(path) for path in folder.rglob("*.tap")]
    passed, failed, skipped = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0)
    print(f"{passed} passed, {max(failed, failed_steps)} failed, {skipped} skipped")


if __name__ == "__main__":
    main()
