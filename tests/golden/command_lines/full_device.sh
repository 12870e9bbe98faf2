#!/bin/sh
# An answer that cannot be written is an error, whichever verb gives it: each runs with stdout, or the file that it is
# told to write, on the device that is always full.
#
#   full_device.sh PROGRAM FOLDER     FOLDER has the inputs; exit status 1 if a verb says that all is well
set -u

program=$(readlink -f -- "$1")
folder=$(readlink -f -- "$2")
export LC_ALL=C
[ -c /dev/full ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$folder"/*.picket "$folder"/*.xml "$work"
cd "$work" || exit 1
failed=0

# The exit status that is right, and the command line.
full() {
  right=$1
  shift
  "$program" "$@" >/dev/full 2>"$work/errors" </dev/null
  status=$?
  if [ "$status" != "$right" ] || ! [ -s "$work/errors" ]; then
    echo "FAILED: $* > /dev/full: exit status $status, not $right; $(tail -n 1 "$work/errors")"
    failed=1
  fi
}
to_file() {
  "$program" "$@" >"$work/out" 2>"$work/errors" </dev/null
  status=$?
  case $status in 3 | 74 | 105) return ;; esac
  echo "FAILED: $*: exit status $status; $(tail -n 1 "$work/errors")"
  failed=1
}

full 3 --help
full 3 agents list
full 3 check --format json pair.picket
full 3 compile pair.picket
full 3 diff pair.picket moved.picket
full 3 explain W0317
full 3 fmt --help
full 3 graph pair.picket --format dot
full 3 import rest.xml
full 3 report claims.picket -o -
full 74 simulate pair.picket -R
full 3 sweep pair.picket
full 3 sweep pair.picket --format json
full 3 sweep claims.picket --format junit
full 3 test claims.picket
full 3 test claims.picket --format json
full 3 why pair.picket web
for verb in apply status events standby online maintenance cleanup stop recover fence; do full 3 "$verb" --help; done

to_file compile pair.picket -o /dev/full
to_file graph pair.picket --format dot -o /dev/full
to_file import rest.xml -o /dev/full
to_file report claims.picket -o /dev/full
to_file simulate pair.picket -S -O /dev/full
to_file simulate pair.picket -S -G /dev/full
to_file simulate pair.picket -S -D /dev/full
to_file simulate pair.picket --output-to /dev/full
exit "$failed"
