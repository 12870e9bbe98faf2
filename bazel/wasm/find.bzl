"""Whether this machine can build for WebAssembly: `@wasm_tools//:found.bzl` has `FOUND`.

Where a tool is missing (Debian's packages of kind `test` in bazel/packages.txt bring them) the engine of the page is
an empty file, and what needs it says so. Looked at when Bazel's server starts: after installing them, `bazel shutdown`.
"""

_NEEDED = [
    "/usr/bin/clang++-19",
    "/usr/bin/wasm-ld-19",
    "/usr/include/wasm32-wasi/stdio.h",
    "/usr/lib/wasm32-wasi/libc.a",
    "/usr/lib/wasm32-wasi/libc++.a",
    "/usr/lib/llvm-19/include/wasm32-wasi/c++/v1/vector",
    "/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a",
]

def _find(context):
    missing = [path for path in _NEEDED if not context.path(path).exists]
    context.file("BUILD", "")
    context.file("found.bzl", "FOUND = %s\nMISSING = %s\n" % (not missing, repr(missing)))

find_wasm_tools = repository_rule(implementation = _find, local = True)
