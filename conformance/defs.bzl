"""One rule that holds a sandbox provider to the contract."""

load("@rules_cc//cc:defs.bzl", "cc_test")

def _quoted(word):
    # Bazel splits the args of a test as a shell does.
    return "'" + word.replace("'", "'\\''") + "'"

def provider_conformance_test(
        name,
        provider = None,
        adapter = None,
        data = [],
        expectations = None,
        require = [],
        args = [],
        deps = [],
        size = "medium",
        **kwargs):
    """Every requirement of the contract as one test, in one cc_test.

    Either `provider` or `adapter` says what is tested. GoogleTest's filters and Bazel's shards
    choose among the requirements, as in any cc_test:

        bazel test //my:provider_test --test_filter='*filesystem*'

    Args:
      name: the test's name.
      provider: a cc_library that defines computesdk::MakeProviderUnderTest(), which
        conformance/provider_under_test.h declares.
      adapter: the command of an adapter process, a list of words; $(location …) is expanded.
      data: what the test needs at run time; targets that `adapter` names are among them.
      expectations: a file of known failures, one a line: the requirement's id and a reason.
        Anything else that fails, and a listed requirement that passes, fails the test.
      require: globs of recommended requirements that decide, too.
      args: further options of the kit, such as --timeout=5000.
      deps: further dependencies.
      size: the test's size.
      **kwargs: what any cc_test takes, such as shard_count and tags.
    """
    if (provider == None) == (adapter == None):
        fail("%s: give either provider or adapter" % name)
    words = ["--require=" + glob for glob in require]
    data = list(data)
    if expectations != None:
        words.append("--expectations=$(location %s)" % expectations)
        if expectations not in data:
            data.append(expectations)
    if provider != None:
        # The suite first: a static link looks for what it names in what follows.
        under_test = [Label("//conformance:in_process_suite"), provider]
    else:
        under_test = [Label("//conformance:adapter_suite")]
        words += ["--adapter=" + word for word in adapter]
    cc_test(
        name = name,
        size = size,
        args = [_quoted(word) for word in words] + args,
        data = data,
        deps = under_test + deps,
        **kwargs
    )
