#!/bin/sh
# Every shell script of the tree, found by its first line, is clean under shellcheck. Recorded ones are data: what the
# export wrote, with values that were meant to look like commands.
cd "$(dirname "$(readlink -f WORKSPACE)")" || exit 1
find . -name '.[!.]*' ! -name .ci -prune -o \( -name 'bazel-*' -o -name recorded \) -prune -o \
  -type f -size -100k -print |
  while read -r file; do
    read -r first <"$file" || continue
    case $first in
      '#!/bin/sh'* | '#!/bin/bash'* | '# shellcheck shell='*) printf '%s\n' "$file" ;;
    esac
  done 2>/dev/null | xargs -d '\n' shellcheck --external-sources
