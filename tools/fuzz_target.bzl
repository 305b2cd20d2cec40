"""A fuzz target, and an ordinary test that replays what it has found."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_test")

def fuzz_target(name, srcs, corpus, deps = []):
    """Makes two programs of one source with an LLVMFuzzerTestOneInput.

    NAME is the fuzzer. It needs clang, and is built by hand:

        ./bazelw build --config=fuzzer //mocks/in_memory/shell/syntax:parser_fuzz
        mkdir -p /tmp/corpus
        bazel-bin/mocks/in_memory/shell/syntax/parser_fuzz /tmp/corpus mocks/in_memory/shell/syntax/corpus

    NAME_replay runs every file of the corpus once, in any configuration.

    Args:
      name: the fuzzer's name.
      srcs: the source.
      corpus: files, each an input; hand-written, or found by the fuzzer and minimised.
      deps: what the source uses.
    """
    cc_binary(
        name = name,
        testonly = True,
        srcs = srcs,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = deps,
    )
    cc_test(
        name = name + "_replay",
        size = "small",
        srcs = srcs,
        args = ["$(locations %s)" % file for file in corpus],
        data = corpus,
        deps = deps + ["//tools/fuzz:replay"],
    )
