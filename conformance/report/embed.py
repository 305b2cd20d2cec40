#!/usr/bin/env python3
"""Writes C++ that holds files, each as a PageAsset: embed.py NAME=FILE... > page_assets.cc"""

import base64
import hashlib
import sys

# Compilers bound the length of one literal, and not of several side by side.
CHUNK = 2000


def literals(content):
    for start in range(0, len(content), CHUNK):
        # Octal escapes have three digits at most, so that a digit that follows is no part of one.
        yield '    "%s"' % "".join(
            chr(b) if 32 <= b < 127 and b not in b'"\\?' else "\\%03o" % b
            for b in content[start:start + CHUNK])


def main():
    print('#include "conformance/report/page_assets.h"\n')
    print("namespace computesdk::conformance {\n")
    for argument in sys.argv[1:]:
        name, path = argument.split("=", 1)
        with open(path, "rb") as f:
            content = f.read()
        # A page ends the element at the first of these, wherever it stands.
        for end in (b"</style", b"</script", b"<!--"):
            if end in content.lower():
                sys.exit("%s: must not hold %s" % (path, end.decode()))
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        print("const PageAsset %s = {\n%s,\n    \"sha256-%s\"};\n" %
              (name, "\n".join(literals(content)), digest))
    print("}  // namespace computesdk::conformance")


if __name__ == "__main__":
    main()
