#!/bin/sh
# WORKSPACE is a link to the checkout's own: that is where the tree is.
root=$(dirname "$(readlink -f WORKSPACE)")
python3 tests/tidy/tidy.py "$root" && exec python3 tests/tidy/citations.py "$root"
