"""External repositories of the kit for WORKSPACE builds, all taken from Debian packages."""

load(
    "//third_party/debian:repositories.bzl",
    "debian_header_repository",
    "debian_rules_cc",
    "debian_source_repository",
    "offline_coverage_tools",
)

def _headers(name, headers, package, libs = []):
    if not native.existing_rule(name):
        debian_header_repository(
            name = name,
            headers = headers,
            libs = libs,
            package = package,
            build_file = Label("//third_party/debian:%s.BUILD" % name),
        )

def computesdk_conformance_deps():
    """Declares every repository the kit needs, unless the caller already has it."""
    if not native.existing_rule("rules_cc"):
        debian_rules_cc(name = "rules_cc")
    if not native.existing_rule("rules_java"):
        # Bazel 4 resolves its JDK toolchains even in a C++-only workspace.
        native.local_repository(name = "rules_java", path = "/usr/share/bazel/rules/java")
    if not native.existing_rule("remote_coverage_tools"):
        offline_coverage_tools(name = "remote_coverage_tools")
    if not native.existing_rule("com_google_googletest"):
        debian_source_repository(
            name = "com_google_googletest",
            path = "/usr/src/googletest",
            package = "googletest",
            build_file = Label("//third_party/debian:googletest.BUILD"),
        )
    _headers("nlohmann_json", ["nlohmann"], "nlohmann-json3-dev")
    _headers("tl-expected", ["tl"], "libexpected-dev")
    _headers("cli11", ["CLI"], "libcli11-dev")

    # The kit's own tests and benchmarks.
    _headers("rapidcheck", ["rapidcheck.h", "rapidcheck"], "librapidcheck-dev", ["librapidcheck.a"])
    _headers("google_benchmark", ["benchmark"], "libbenchmark-dev", ["libbenchmark.so"])

    # Hashing for the utilities of the in-memory provider (md5sum, sha256sum).
    _headers("boringssl", ["openssl"], "libssl-dev", ["libcrypto.so"])

    # Compression for its gzip and tar. The archive itself is ours: libarchive would bring libxml2,
    # acl and three more compressors for a format of 512-byte headers.
    _headers("zlib", ["zconf.h", "zlib.h"], "zlib1g-dev", ["libz.so"])

    # Perl's regular expressions (grep -P): POSIX ones have no lazy repetition and no look-around.
    _headers("pcre2", ["pcre2.h"], "libpcre2-dev", ["libpcre2-8.so"])
