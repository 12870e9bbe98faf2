#!/bin/sh
# How many settled histories a second `picket sweep` plays, beside how many transitions a second a loop over
# crm_simulate processes computes, on this machine and in this run.
#
#   sweep.sh PROGRAM POLICY      prints both and their ratio; exit status 1 if it is below 50
#
# crm_simulate gets the policy's own cluster, at rest and with everything running, and one node fails. Where it is
# not installed, only the first number is printed. It is a measurement, and no test: what else runs on the machine
# slows both.
set -eu

program=$(readlink -f -- "$1")
policy=$(readlink -f -- "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" sweep "$policy" --failures 2 --format json >"$work/sweep.json" 2>"$work/speed"
tail -n 1 "$work/speed"
rate=$(sed -n 's/.*, \([0-9,]*\) histor[a-z]* a second.*/\1/p' "$work/speed" | tr -d ,)

if ! command -v crm_simulate >/dev/null; then
  echo "crm_simulate is not installed; nothing to compare with"
  exit 0
fi
# Up to the older schema that an installed crm_simulate reads, and once through it so that everything runs.
"$program" compile "$policy" --target 2.1 -o "$work/policy.xml" 2>/dev/null
"$program" simulate "$policy" -S -O "$work/after.xml" >/dev/null 2>&1
sed -i 's/validate-with="[^"]*"/validate-with="none"/' "$work/after.xml"
first=$(sed -n 's/^node \([^ ]*\) .*/\1/p' "$policy" | head -n 1)
rounds=30
begin=$(date +%s%N)
for _ in $(seq $rounds); do
  crm_simulate -x "$work/after.xml" -d "$first" -S >/dev/null 2>&1 || true
done
end=$(date +%s%N)
awk -v rate="$rate" -v rounds=$rounds -v ns=$((end - begin)) 'BEGIN {
  transitions = rounds / (ns / 1e9)
  printf "a loop over crm_simulate: %.0f transitions a second\n", transitions
  printf "ratio: %.0f\n", rate / transitions
  exit !(rate / transitions >= 50)
}'
