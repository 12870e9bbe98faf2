#!/bin/sh
# How long a cluster takes to recover beside a daemon that hangs, with Picket and with Pacemaker, in the same lab: the
# lines that tests/live prints of its group `hangs`.
#
#     hangs.sh SCENARIOS
for engine in picket pacemaker; do
  python3 -B "$1" hangs --engine "$engine" --binaries . | grep -E "^ *[0-9.]+ +== $engine: |FAILED|skipped"
done
