#!/bin/sh
# Runs a test of the page in Chromium with the engine that was built: python.sh TEST PICKET FOLDER ENGINE
set -eu
test=$1
picket=$(readlink -f -- "$2")
folder=$3
PICKET_ENGINE=$(readlink -f -- "$4")
export PICKET_ENGINE
if [ ! -s "$PICKET_ENGINE" ]; then
  echo 'SKIPPED: the engine was built without its cross compiler; see //web:packed'
  exit 0
fi
exec python3 "$test" "$picket" "$folder" ${PICKET_SCREENSHOTS:+"$PICKET_SCREENSHOTS"}
