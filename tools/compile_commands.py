#!/usr/bin/env python3
"""Writes compile_commands.json for clang-tidy and clangd from Bazel's action graph."""

import json
import os
import re
import subprocess
import sys

# What clang does not know.
GCC_ONLY = {"-fno-canonical-system-headers", "-Wno-maybe-uninitialized", "-Wno-restrict",
            "--param=ggc-min-expand=1000", "--param=ggc-min-heapsize=1000000"}


def sources_of(path, compiled):
    """What is compiled there: a source, or those that a unit of a joined_library includes."""
    if ".joined/" not in compiled:
        return [compiled]
    with open(path) as unit:
        return re.findall(r'#include "(.*)"', unit.read())


def main():
    patterns = sys.argv[1:] or ["//..."]
    query = 'mnemonic("CppCompile", set(%s))' % " ".join(patterns)
    out = subprocess.run(
        ["bazel", "aquery", query, "--output=jsonproto", "--include_artifacts=false", "--noshow_progress"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    execroot = subprocess.check_output(
        ["bazel", "info", "execution_root"], stderr=subprocess.DEVNULL, text=True).strip()
    commands = {}
    for action in json.loads(out).get("actions", []):
        arguments = [a for a in action["arguments"] if a not in GCC_ONLY]
        compiled = arguments[arguments.index("-c") + 1]
        if compiled.startswith("external/"):
            continue
        # Bazel links a folder into its execution root only while it builds it.
        arguments += ["-iquote", os.getcwd()]
        for source in sources_of(os.path.join(execroot, compiled), compiled):
            path = os.path.abspath(source)
            commands[source] = {
                "directory": execroot,
                "file": path,
                "arguments": [path if a == compiled else a for a in arguments],
            }
    with open("compile_commands.json", "w") as f:
        json.dump([commands[s] for s in sorted(commands)], f, indent=1)
    print("%d files" % len(commands))


if __name__ == "__main__":
    main()
