"""Repository rules that expose installed Debian packages under their BCR repository names."""

def _require(rctx, path):
    p = rctx.path(path)
    if not p.exists:
        fail("%s is missing; run: apt-get install %s" % (path, rctx.attr.package))
    return p

def _library(rctx, name):
    for folder in ["/usr/lib/x86_64-linux-gnu/", "/usr/lib/aarch64-linux-gnu/"]:
        if rctx.path(folder + name).exists:
            return folder + name
    fail("%s is missing; run: apt-get install %s" % (name, rctx.attr.package))

def _debian_source_repository_impl(rctx):
    for entry in _require(rctx, rctx.attr.path).readdir():
        rctx.symlink(entry, entry.basename)
    rctx.symlink(rctx.attr.build_file, "BUILD.bazel")

debian_source_repository = repository_rule(
    implementation = _debian_source_repository_impl,
    attrs = {
        "path": attr.string(mandatory = True),
        "package": attr.string(mandatory = True),
        "build_file": attr.label(mandatory = True, allow_single_file = True),
    },
    local = True,
    doc = "A source tree that a Debian package installs, with a BUILD file of ours.",
)

def _debian_header_repository_impl(rctx):
    for header in rctx.attr.headers:
        rctx.symlink(_require(rctx, "/usr/include/" + header), "include/" + header)
    for lib in rctx.attr.libs:
        rctx.symlink(_library(rctx, lib), "lib/" + lib)
    rctx.symlink(rctx.attr.build_file, "BUILD.bazel")

debian_header_repository = repository_rule(
    implementation = _debian_header_repository_impl,
    attrs = {
        "headers": attr.string_list(mandatory = True, doc = "Entries of /usr/include"),
        "libs": attr.string_list(doc = "Entries of the multiarch library folder"),
        "package": attr.string(mandatory = True),
        "build_file": attr.label(mandatory = True, allow_single_file = True),
    },
    local = True,
    doc = "Headers (and libraries) that a Debian -dev package installs, with a BUILD file of ours.",
)

_RULES_CC = "/usr/share/bazel/rules/cc"

def _debian_rules_cc_impl(rctx):
    for entry in _require(rctx, _RULES_CC + "/cc").readdir():
        if entry.basename != "private":
            rctx.symlink(entry, "cc/" + entry.basename)
    rctx.file("cc/private/rules_impl/BUILD.bazel", "")
    for entry in rctx.path(_RULES_CC + "/cc/private/rules_impl").readdir():
        if not entry.basename.endswith(".bzl"):
            continue
        text = rctx.read(entry)

        # Debian pairs rules_cc 0.0.4 with Bazel 4.2.3, whose @bazel_tools has no
        # use_cpp_toolchain() yet. This list is what that function returns.
        text = text.replace(', "use_cpp_toolchain")', ")")
        text = text.replace("use_cpp_toolchain()", '["@bazel_tools//tools/cpp:toolchain_type"]')
        rctx.file("cc/private/rules_impl/" + entry.basename, text)
    rctx.file("BUILD.bazel", "")

debian_rules_cc = repository_rule(
    implementation = _debian_rules_cc_impl,
    attrs = {"package": attr.string(default = "bazel-rules-cc")},
    local = True,
    doc = "Debian's rules_cc with the one symbol that Bazel 4.2.3 lacks replaced.",
)

def _offline_coverage_tools_impl(rctx):
    rctx.symlink(rctx.attr._merger, "lcov_merger.py")
    rctx.symlink(rctx.attr._build_file, "BUILD.bazel")

offline_coverage_tools = repository_rule(
    implementation = _offline_coverage_tools_impl,
    attrs = {
        "_build_file": attr.label(default = "//third_party/debian:coverage_tools.BUILD"),
        "_merger": attr.label(default = "//third_party/debian:lcov_merger.py"),
    },
    local = True,
    doc = "Takes the place of the download that Bazel 4 makes for any cc_test.",
)
