#!/bin/sh
# Golden tests of `picket sweep`, `picket diff` and of `picket test` where it says more than verdicts.
#
#   run.sh PROGRAM FOLDER            compares; exit status 1 if a case differs
#   run.sh PROGRAM FOLDER --update   writes down what the program does now
#
# A case is NAME.args, the verb and its words as a shell reads them, and NAME.expected. How long it took is masked.
set -u

program=$(readlink -f -- "$1")
folder=$(readlink -f -- "$2")
update=${3-}
export LC_ALL=C TZ=UTC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mask() {
  sed -E 's/^[0-9]+\.[0-9] s, [0-9]+ threads?, .*/SPEED/; s/time="[0-9.e-]+"/time="T"/'
}

answer() {
  (cd "$folder" && eval "\"$program\" $(cat "$1")") >"$work/out" 2>"$work/err" </dev/null
  echo "exit status $?"
  echo '--- stdout'
  mask <"$work/out"
  echo '--- stderr'
  mask <"$work/err"
}

passed=0
failed=0
for args in "$folder"/*.args; do
  name=${args%.args}
  answer "$args" >"$work/answer"
  if [ "$update" = --update ]; then
    cp "$work/answer" "$name.expected"
  elif diff -u "$name.expected" "$work/answer"; then
    passed=$((passed + 1))
  else
    echo "FAILED: ${name##*/}"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
