"""clang for wasm32 as a C++ toolchain of Bazel, and the transition that builds a target with it.

    load("//bazel/wasm:toolchain.bzl", "wasm_module")

    wasm_module(name = "engine", binary = ":module")

Everything below `binary` is compiled once more, for WebAssembly, into folders of its own; nothing else is.
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "ACTION_NAMES")
load(
    "@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
)

_LLVM = "/usr/lib/llvm-19"
_LIBRARIES = "/usr/lib/wasm32-wasi"
_COMPILE = [ACTION_NAMES.c_compile, ACTION_NAMES.cpp_compile]
_LINK = [ACTION_NAMES.cpp_link_executable]

def _flags(name, actions, flags):
    return feature(
        name = name,
        enabled = True,
        flag_sets = [flag_set(actions = actions, flag_groups = [flag_group(flags = flags)])],
    )

def _config(context):
    compiling = _flags("default_compile_flags", _COMPILE, [
        "--target=wasm32-wasi",
        "-fwasm-exceptions",
        "-DBOOST_EXCEPTION_DISABLE",
        "-D_WASI_EMULATED_SIGNAL",
        "-D_WASI_EMULATED_PROCESS_CLOCKS",
        "-D_WASI_EMULATED_MMAN",
        "-nostdinc++",
        # What wasm32 lacks comes before the library that lacks it.
        "-isystem",
        "bazel/wasm/port/include",
        "-isystem",
        _LLVM + "/include/wasm32-wasi/c++/v1",
        "-isystem",
        "/usr/include/wasm32-wasi",
        # Boost, fmt, JSON, pugixml: headers that are the same everywhere.
        "-idirafter",
        "/usr/include",
        "-ffunction-sections",
        "-fdata-sections",
    ])

    # After what the targets ask for. Warnings are the native compiler's business.
    small = _flags("size", _COMPILE, ["-Oz", "-w", "-Wno-unknown-warning-option"])
    linking = _flags("default_link_flags", _LINK, [
        "--target=wasm32-wasi",
        "-nostdlib",
        "-fuse-ld=/usr/bin/wasm-ld-19",
        "-L" + _LIBRARIES,
        _LIBRARIES + "/crt1-reactor.o",
        # The solver recurses; a page has no second stack to go to.
        "-Wl,-z,stack-size=33554432",
        "-Wl,--stack-first",
        "-Wl,--gc-sections",
        "-Wl,--strip-all",
        "-Wl,--no-entry",
        "-Wl,--max-memory=2147483648",
        "-O2",
    ])
    last = _flags("last_link_flags", _LINK, [
        "-lc++",
        "-lc++abi",
        "-lwasi-emulated-mman",
        "-lwasi-emulated-signal",
        "-lwasi-emulated-process-clocks",
        "-lc",
        _LLVM + "/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a",
    ])
    user_compile = feature(
        name = "user_compile_flags",
        enabled = True,
        flag_sets = [flag_set(
            actions = _COMPILE,
            flag_groups = [flag_group(
                iterate_over = "user_compile_flags",
                flags = ["%{user_compile_flags}"],
            )],
        )],
    )
    return cc_common.create_cc_toolchain_config_info(
        ctx = context,
        toolchain_identifier = "wasm32",
        host_system_name = "local",
        target_system_name = "wasm32-wasi",
        target_cpu = "wasm32",
        target_libc = "wasi",
        compiler = "clang",
        abi_version = "wasm32",
        abi_libc_version = "wasi",
        cxx_builtin_include_directories = ["/usr/include", _LLVM],
        tool_paths = [
            tool_path(name = name, path = path)
            for name, path in {
                "ar": "/usr/bin/ar",
                "cpp": "/usr/bin/clang++-19",
                "gcc": "/usr/bin/clang++-19",
                "gcov": "/bin/false",
                "ld": "/usr/bin/wasm-ld-19",
                "nm": "/bin/false",
                "objdump": "/bin/false",
                "strip": "/bin/false",
            }.items()
        ],
        features = [
            # Objects go to the linker as they are: there is no archiver for this machine.
            feature(name = "supports_start_end_lib", enabled = True),
            compiling,
            linking,
            user_compile,
            small,
            last,
        ],
    )

wasm_toolchain_config = rule(
    implementation = _config,
    provides = [CcToolchainConfigInfo],
)

def _to_wasm(settings, attributes):
    # What a command line says about this machine (sanitizers, for example) is not said of that one.
    return {
        "//command_line_option:copt": [],
        "//command_line_option:cpu": "wasm32",
        "//command_line_option:crosstool_top": "//bazel/wasm:toolchain",
        "//command_line_option:linkopt": [],
    }

_wasm = transition(
    implementation = _to_wasm,
    inputs = [],
    outputs = [
        "//command_line_option:copt",
        "//command_line_option:cpu",
        "//command_line_option:crosstool_top",
        "//command_line_option:linkopt",
    ],
)

def _module(context):
    binary = context.attr.binary[0][DefaultInfo].files.to_list()[0]
    out = context.actions.declare_file(context.label.name + ".wasm")
    context.actions.symlink(output = out, target_file = binary)
    return [DefaultInfo(files = depset([out]))]

wasm_module = rule(
    implementation = _module,
    attrs = {
        "binary": attr.label(cfg = _wasm, mandatory = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
