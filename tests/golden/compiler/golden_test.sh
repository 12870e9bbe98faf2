#!/bin/sh
# golden.cc, with what Bazel gives it.
exec "$@"
