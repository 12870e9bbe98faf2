#!/bin/bash
# tests/differential/run with a reference and a program that answer what they are told.
set -u

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/bin"
cp -L tests/differential/run tests/differential/edits.py tests/differential/generate.py "$tree/"
failures=0

# A program that says `WORD`, and that a node is there if n1 is named in what it reads.
program() {
  cat >"$1" <<PROGRAM
#!/bin/bash
[ "\$1" = --version ] && echo "Pacemaker 2.1.5" && exit 0
[ "\$1" = simulate ] && shift 3
while [ \$# -gt 0 ]; do
  case \$1 in -x) in=\$2 ;; -O) cp "\$in" "\$2" ;; esac
  shift
done
grep -q '"n1"' "\$in" && echo "$2"
exit 0
PROGRAM
  chmod +x "$1"
}

# expect STATUS LAST PART ARGUMENT…
expect() {
  local status=$1 last=$2 part=$3
  shift 3
  out=$(PATH="$tree/bin:$PATH" "$tree/run" --bin "$tree/picket" -j 1 "$@" 2>&1)
  got=$?
  if [ "$got" != "$status" ] || [ "${out##*$'\n'}" != "$last" ] || [[ $out != *"$part"* ]]; then
    printf 'FAILED: expected %s, "%s" and "%s"; got %s and\n%s\n' "$status" "$part" "$last" "$got" "${out:0:2000}"
    failures=$((failures + 1))
  fi
}

program "$tree/bin/crm_simulate" one
program "$tree/picket" one
expect 0 '3 passed, 0 failed' 'seeds from 7' --first 7 --seeds 3
program "$tree/picket" two
expect 1 '0 passed, 2 failed' 'seed 7: summary, scores differ' --first 7 --seeds 2 --shrink 0
expect 1 '0 passed, 1 failed' '<cib ' --first 7 --seeds 1 --shrink 3
printf '# seeds\n7  # why\n' >"$tree/known"
expect 1 '0 passed, 1 failed' '1 clusters whose difference is known' --first 7 --seeds 2 --shrink 0 \
  --known "$tree/known"
# The same seed is the same cluster.
cd "$tree" || exit 1
first=$(python3 -c 'import generate; print(generate.Generator(11, "stonith").cluster().text())')
second=$(python3 -c 'import generate; print(generate.Generator(11, "stonith").cluster().text())')
if [ -z "$first" ] || [ "$first" != "$second" ]; then
  echo 'FAILED: a seed does not give one cluster'
  failures=$((failures + 1))
fi

[ "$failures" = 0 ] && echo 'all is well'
exit $((failures > 0))
