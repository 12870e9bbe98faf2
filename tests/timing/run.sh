#!/bin/sh
# run.py, with what Bazel gives it.
exec python3 "$2/run.py" "$@"
