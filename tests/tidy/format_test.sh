#!/bin/sh
# Every C++ source has the layout that `.clang-format` describes. To put a file into order: clang-format-14 -i FILE.
# WORKSPACE is a link to the checkout's own: that is where the tree is.
cd "$(dirname "$(readlink -f WORKSPACE)")" || exit 1
find . -name 'bazel-*' -prune -o -name '.[!.]*' -prune -o \( -name '*.cc' -o -name '*.h' \) -type f -print0 |
  xargs -0 -P2 -n50 clang-format-14 --dry-run -Werror
