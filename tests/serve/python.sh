#!/bin/sh
# Runs a test of `picket serve`: python.sh TEST PICKET PICKET_SERVE ENGINE
set -eu
test=$1
picket=$(readlink -f -- "$2")
serve=$(readlink -f -- "$3")
PICKET_ENGINE=$(readlink -f -- "$4")
export PICKET_ENGINE
exec python3 "$test" "$picket" "$serve" ${PICKET_SCREENSHOTS:+"$PICKET_SCREENSHOTS"}
