#!/bin/bash
# tests/conformance/run in a tree of its own, with a comparison that reports the counts it is told.
set -u

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/checkout/tests/conformance" "$tree/shared"/pacemaker-{suite,whatif}
cp -L tests/conformance/run "$tree/checkout/tests/conformance/"
touch "$tree/shared"/pacemaker-{suite,whatif}/cases.tsv
cat >"$tree/shared/pacemaker-suite/check" <<'CHECK'
#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in --json) json=$2 ;; --suite) suite=$2 ;; esac
  shift
done
right=4
[ "${suite##*/}" = pacemaker-suite ] || right=${FAKE_WHATIF:-2}
[ "$right" = none ] && exit 1
echo "{\"passed\": {\"plan\": $right}, \"total\": {\"plan\": 9}, \"whole\": 1, \"cases\": 9}" >"$json"
CHECK
chmod +x "$tree/shared/pacemaker-suite/check"
ratchet=$tree/checkout/tests/conformance/ratchet
printf '# why\nsuite plan 4\nsuite whole 0\nwhatif plan 2\nrandom plan 5\n' >"$ratchet"
failures=0

# expect STATUS LAST PART ARGUMENT…
expect() {
  local status=$1 last=$2 part=$3
  shift 3
  out=$("$tree/checkout/tests/conformance/run" --bin /bin/true "$@")
  got=$?
  if [ "$got" != "$status" ] || [ "${out##*$'\n'}" != "$last" ] || [[ $out != *"$part"* ]]; then
    printf 'FAILED: expected %s, "%s" and "%s"; got %s and\n%s\n' "$status" "$part" "$last" "$got" "$out"
    failures=$((failures + 1))
  fi
}

unset PICKET_SHARED
expect 0 '2 passed, 0 failed' 'suite         holds:  plan 4/9  whole 1/9'
expect 0 '2 passed, 0 failed' 'random        skipped'
expect 0 '1 passed, 0 failed' 'whatif        holds' whatif
FAKE_WHATIF=1 expect 1 '1 passed, 1 failed' 'plan fell from 2 to 1'
FAKE_WHATIF=none expect 1 '1 passed, 1 failed' 'gave no result'
PICKET_SHARED=$tree/nowhere expect 0 '0 passed, 0 failed' 'skipped'
FAKE_WHATIF=1 expect 1 '1 passed, 1 failed' 'FELL' --update
if [ "$(cat "$ratchet")" != $'# why\nsuite plan 4\nsuite whole 1\nwhatif plan 2\nrandom plan 5' ]; then
  echo 'FAILED: --update raises what grew and nothing else; it wrote'
  cat "$ratchet"
  failures=$((failures + 1))
fi

[ "$failures" = 0 ] && echo 'all is well'
exit $((failures > 0))
