"""A cc_library, and a cc_test, that compile several of their sources at a time."""

load("@rules_cc//cc:defs.bzl", "cc_library", "cc_test")

# Sources in one unit: with more, less is parsed twice, but a change to one of them costs more, and
# fewer cores have something to do.
_SOURCES_IN_A_UNIT = 8

# Makes the units of `sources`, each of which includes up to eight of them.
def _units(name, sources):
    units = []
    for first in range(0, len(sources), _SOURCES_IN_A_UNIT):
        included = sources[first:first + _SOURCES_IN_A_UNIT]
        unit = "%s.joined/unit_%d.cc" % (name, len(units) + 1)
        native.genrule(
            name = unit[:-len(".cc")],
            srcs = included,
            outs = [unit],
            cmd = "printf '#include \"%s\"\\n' " + " ".join([
                native.package_name() + "/" + file
                for file in included
            ]) + " > $@",
        )
        units.append(unit)
    return units

def joined_library(name, srcs, textual_hdrs = [], **kwargs):
    """Like cc_library; each unit that it compiles includes up to eight of the sources.

    Most of the time of a short source goes into the headers of GoogleMock and nlohmann_json, which
    a unit reads once: the checks compile in a quarter of the time. Each source stays complete, with
    its own includes: clang-tidy (tools/lint) reads it alone. What two sources of a unit both
    define at namespace scope collides, even in anonymous namespaces.

    Args:
      name: the library's name.
      srcs: sources and private headers.
      textual_hdrs: as in cc_library.
      **kwargs: what any cc_library takes.
    """
    sources = [file for file in srcs if file.endswith(".cc")]
    cc_library(
        name = name,
        srcs = [file for file in srcs if not file.endswith(".cc")] + _units(name, sources),
        textual_hdrs = textual_hdrs + sources,
        **kwargs
    )

def joined_test(name, srcs, deps, **kwargs):
    """Like cc_test, compiled as joined_library is; one program for the tests of a library.

    Args:
      name: the test's name.
      srcs: sources.
      deps: as in cc_test.
      **kwargs: what any cc_test takes.
    """
    cc_library(
        name = name + "_sources",
        testonly = True,
        textual_hdrs = srcs,
    )
    cc_test(
        name = name,
        srcs = _units(name, srcs),
        deps = deps + [":" + name + "_sources"],
        **kwargs
    )
