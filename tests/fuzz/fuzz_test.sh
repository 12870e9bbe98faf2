#!/bin/sh
# PROGRAM RUNS SEED…: the program survives that many changed seeds.
set -eu
program=$1
runs=$2
shift 2
exec "$program" --runs "$runs" "$@"
