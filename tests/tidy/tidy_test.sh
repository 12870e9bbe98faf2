#!/bin/sh
# WORKSPACE is a link to the checkout's own: that is where the tree is.
exec python3 tests/tidy/tidy.py "$(dirname "$(readlink -f WORKSPACE)")"
