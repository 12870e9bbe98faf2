#!/bin/sh
# The Python beside it, with the program that was built.
exec python3 -BS "$(dirname "$0")/adopt_test.py" "$@"
