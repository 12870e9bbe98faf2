"""How every C++ target of Picket is built: one set of flags, one place to change them.

    load("//bazel:defs.bzl", "picket_binary", "picket_library", "picket_test")

Includes in sources are relative to the workspace: #include "solver/model/score.h". Libraries from
outside are targets of //bazel/deps.
"""

# -ffp-contract=off: colocation factors are single precision, and a fused multiply-add would round
# differently from the specification on the machines that have one.
_COPTS = [
    "-std=c++20",
    "-O2",
    "-ffp-contract=off",
    "-Wall",
    "-Wextra",
    "-Werror",

    # A field left out of a designated initializer has its default; that is what the default is for.
    "-Wno-missing-field-initializers",

    # gcc 12 is wrong about these where std::string, std::optional and std::variant are inlined: the
    # first (its bug 105651) is off, the second stays a warning to be read.
    "-Wno-restrict",
    "-Wno-error=maybe-uninitialized",
]

def picket_library(name, srcs = [], hdrs = [], deps = [], copts = [], **kwargs):
    """A library: one noun, with its headers in hdrs."""
    native.cc_library(
        name = name,
        srcs = srcs,
        hdrs = hdrs,
        deps = deps,
        copts = _COPTS + copts,
        **kwargs
    )

def picket_binary(name, srcs = [], deps = [], copts = [], **kwargs):
    """A program."""
    native.cc_binary(
        name = name,
        srcs = srcs,
        deps = deps,
        copts = _COPTS + copts,
        **kwargs
    )

def picket_test(name, srcs, deps = [], data = [], size = "small", copts = [], **kwargs):
    """A doctest test; main() comes with it, unless a target in deps brings its own (main = False)."""
    main = kwargs.pop("main", True)
    native.cc_test(
        name = name,
        srcs = srcs,
        deps = deps + (["//bazel/deps:doctest_main"] if main else []),
        data = data,
        size = size,
        copts = _COPTS + copts,
        **kwargs
    )
