#!/bin/sh
# Random clusters solved with the solver's indices and by plain search must come out the same, byte for byte.
set -eu
seeds=${1:-400}
fast="$TEST_SRCDIR/$TEST_WORKSPACE/tests/plain/solve"
plain="$TEST_SRCDIR/$TEST_WORKSPACE/tests/plain/solve_plain"
"$fast" 0 "$seeds" > "$TEST_TMPDIR/fast"
"$plain" 0 "$seeds" > "$TEST_TMPDIR/plain"
if ! diff "$TEST_TMPDIR/fast" "$TEST_TMPDIR/plain"; then
  echo "FAIL: the solver and the plain solver disagree on these seeds; compare 'solve SEED' with 'solve_plain SEED'"
  exit 1
fi
[ "$(wc -l < "$TEST_TMPDIR/fast")" -eq "$seeds" ]
