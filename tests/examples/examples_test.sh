#!/bin/sh
# Every example as a user has it: its tests hold, Pacemaker accepts its CIB without a word, Corosync accepts its
# corosync.conf, and the simulator plays it. What is not installed is skipped, and said.
set -eu
# Debian keeps administrators' programs here, and Bazel's PATH does not know it.
PATH=$PATH:/usr/sbin:/sbin

picket=$PWD/$1
shift
work=${TEST_TMPDIR:-$(mktemp -d)}
failed=0

fail() {
  echo "FAIL: $*"
  failed=1
}

# Corosync looks the local host up in the node list, so it is asked under the first node's name where that can be had.
check_corosync() {
  name=$(sed -n 's/^[[:space:]]*name: //p' "$1" | head -n 1)
  unshare --uts sh -c "hostname '$name' && corosync -t -c '$1'" >"$work/corosync.out" 2>&1
}

for policy; do
  echo "== $policy"
  "$picket" test "$policy" || fail "$policy: its tests"
  "$picket" compile "$policy" -o "$work/cib.xml" --corosync "$work/corosync.conf" --graph "$work/graph.dot" ||
    fail "$policy: compile"
  "$picket" compile "$policy" --graph "$work/graph.json" -o "$work/again.xml" || fail "$policy: compile again"
  cmp "$work/cib.xml" "$work/again.xml" || fail "$policy: two compilations differ"
  grep -q '^digraph' "$work/graph.dot" || fail "$policy: no dependency graph"
  "$picket" simulate "$policy" -S >"$work/simulated" || fail "$policy: simulate"
  grep -q '^Revised Cluster Status:' "$work/simulated" || fail "$policy: simulate tells no result"

  if command -v crm_verify >/dev/null; then
    crm_verify -V -x "$work/cib.xml" >"$work/verified" 2>&1 || fail "$policy: crm_verify"
    [ ! -s "$work/verified" ] || fail "$policy: crm_verify says: $(cat "$work/verified")"
  else
    echo 'skipped: crm_verify is not installed'
  fi
  if ! command -v corosync >/dev/null; then
    echo 'skipped: corosync is not installed'
  elif ! unshare --uts true 2>/dev/null; then
    echo 'skipped: corosync -t needs a host name of its own, which takes root'
  else
    check_corosync "$work/corosync.conf" || fail "$policy: corosync -t: $(cat "$work/corosync.out")"
  fi
done
exit $failed
