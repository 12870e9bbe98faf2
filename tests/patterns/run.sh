#!/bin/sh
# run.sh PICKET: `init` writes each of the patterns as it stands in lib/; `check --strict` says nothing of it, its tests
# pass, and so does a sweep of single faults.
set -u

picket=$(realpath "$1")
lib=$(realpath lib)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

fail() {
  echo "FAIL: $*"
  failed=1
}

for name in pbx nfs postgres web vms sap-hana iscsi galera haproxy single database; do
  "$picket" init | grep -q "^$name " || fail "$name: not listed"
  "$picket" init "$name" >/dev/null || fail "$name: not written"
  cmp "$name.picket" "$lib/$name.picket" || fail "$name: not the text of lib/"
  "$picket" init "$name" 2>/dev/null && fail "$name: written over a file that is there"
  "$picket" fmt --check "$name.picket" || fail "$name: not in canonical spelling"
  "$picket" check --strict "$name.picket" || fail "$name: check --strict"
  "$picket" test "$name.picket" >out 2>&1 || fail "$name: test: $(cat out)"
  "$picket" sweep --failures 1 "$name.picket" >out 2>&1 || fail "$name: sweep: $(cat out)"
done
"$picket" init wbe 2>&1 | grep -q 'did you mean .web.' || fail "no help for a misspelt pattern"

# --fix writes the names that were meant, and nothing else.
cat >wrong.picket <<'P'
node n1 { id=1; attributes rack=a }
fencing n1: none "an example"
primitve a ocf:pacemaker:Dummy
location a prefers where rak == a score=5   # a comment
property no-quorum-polcy=stop
P
"$picket" check --fix . >out 2>&1 || fail "--fix: $(cat out)"
grep -q '^primitive a ocf' wrong.picket || fail "--fix: statement"
grep -q '^location a prefers where rack == a score=5   # a comment$' wrong.picket || fail "--fix: attribute"
grep -q '^property no-quorum-policy=stop$' wrong.picket || fail "--fix: option"
"$picket" agents search drbd | grep -q '^ocf:linbit:drbd' || fail "agents search"
exit $failed
