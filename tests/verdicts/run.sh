#!/bin/sh
# What `picket test` concludes about each policy here: one line for each verdict or error, in verdicts.expected.
#
#   run.sh PROGRAM FOLDER            compares; exit status 1 if a line differs
#   run.sh PROGRAM FOLDER --update   writes down what the program concludes now
#
# The stories behind the verdicts are not compared: other tests do that, and a better model may tell better ones. A CIB
# NAME.xml is played with the tests of NAME.tests.picket.
set -u

program=$(readlink -f -- "$1")
folder=$(readlink -f -- "$2")
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
export LC_ALL=C TZ=UTC

conclude() {
  echo "== $1"
  shift
  # The time that a history took is no part of the conclusion, nor is the number of ways in which it was played.
  "$program" test "$@" 2>&1 | sed -n -E \
    -e 's/^(PASS|FAIL)(.*")  \(.*$/\1\2/p' -e 's/^.*(error\[E[0-9]+\]).*$/\1/p'
}

cd "$folder" || exit 2
for policy in *.picket; do
  case $policy in
    *.tests.picket) conclude "$policy" "${policy%.tests.picket}.xml" --tests "$policy" ;;
    *) conclude "$policy" "$policy" ;;
  esac
done >"$answer"
if [ "${3-}" = --update ]; then
  cp "$answer" verdicts.expected
else
  diff -u verdicts.expected "$answer"
fi
