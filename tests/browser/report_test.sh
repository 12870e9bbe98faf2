#!/bin/sh
# Pages of `picket report` in a real browser: a policy with tests, one with hostile names, a CIB.
#
#   report_test.sh PICKET BROWSE FOLDER
set -u
picket=$(readlink -f -- "$1")
browse=$(readlink -f -- "$2")
folder=$(readlink -f -- "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

look() {
  name=$1
  shift
  if ! "$picket" report "$@" -o "$work/$name.html"; then
    echo "FAILED: $name: picket report"
    failed=1
    return
  fi
  if grep -Eio '(src|href)="?(https?:)?//[^"]*' "$work/$name.html"; then
    echo "FAILED: $name: refers outside"
    failed=1
  fi
  mkdir -p "${PICKET_SCREENSHOTS:-$work}/$name"
  python3 "$browse" "$work/$name.html" "${PICKET_SCREENSHOTS:-$work}/$name" || {
    echo "FAILED: $name"
    failed=1
  }
}

look pbx "$folder/../../examples/pbx/pbx.picket" --after "kill ha1"
look hostile "$folder/hostile.picket"
look cib "$folder/cib.xml"
exit "$failed"
