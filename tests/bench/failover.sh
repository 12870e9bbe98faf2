#!/bin/sh
# A measurement (failover.py, load.py, beside_pacemaker.py), with the programs that Bazel has just built.
program=$1
shift
exec python3 -B "$program" . "$@"
