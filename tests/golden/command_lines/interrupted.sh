#!/bin/sh
# A sweep that is interrupted tells what it knows and ends with 130, never with 0.
#
#   interrupted.sh PROGRAM POLICY     POLICY takes long with three faults
set -u

program=$(readlink -f -- "$1")
policy=$(readlink -f -- "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

: >"$work/err"
"$program" sweep "$policy" --failures 6 --threads 1 --time 300s >"$work/out" 2>"$work/err" &
sweep=$!
# Once a level is begun, Ctrl-C is listened to.
waited=0
until grep -q 'with 3 faults' "$work/err" || [ $waited -gt 1200 ]; do
  sleep 0.1
  waited=$((waited + 1))
done
kill -INT "$sweep"
wait "$sweep"
status=$?
if [ "$status" != 130 ] || ! grep -q '^HALT  interrupted' "$work/out"; then
  echo "FAILED: exit status $status"
  cat "$work/out" "$work/err"
  exit 1
fi
