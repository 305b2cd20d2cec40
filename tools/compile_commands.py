#!/usr/bin/env python3
"""Writes compile_commands.json for clang-tidy and clangd from Bazel's action graph."""

import json
import os
import subprocess
import sys

# What clang does not know.
GCC_ONLY = {"-fno-canonical-system-headers", "-Wno-maybe-uninitialized", "-Wno-restrict"}


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
        source = arguments[arguments.index("-c") + 1]
        if not source.startswith("external/"):
            path = os.path.abspath(source)
            arguments = [path if a == source else a for a in arguments]
            # Bazel links a folder into its execution root only while it builds it.
            arguments += ["-iquote", os.getcwd()]
            commands[source] = {"directory": execroot, "file": path, "arguments": arguments}
    with open("compile_commands.json", "w") as f:
        json.dump([commands[s] for s in sorted(commands)], f, indent=1)
    print("%d files" % len(commands))


if __name__ == "__main__":
    main()
