"""The native C++ rules under the names that Bazel's built-in tools load them by.

Debian 12 packages a rules_cc that is newer than its Bazel can read. Bazel 4 still has the C++ rules
built in, so handing them on is all that is needed.
"""

cc_binary = native.cc_binary
cc_import = native.cc_import
cc_library = native.cc_library
cc_proto_library = native.cc_proto_library
cc_test = native.cc_test
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
objc_library = native.objc_library
