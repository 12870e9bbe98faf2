#!/bin/sh
# Every example as a user has it: its tests hold, it is free of warnings and in canonical layout, Pacemaker accepts
# its CIB without a word, Corosync accepts its corosync.conf, and the simulator plays it. A new folder under examples
# needs nothing here: its policies are found, `NAME_test.picket` holds tests only, README.md says what it teaches. What
# is not installed is skipped, and said.
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
# Where crypto is on it reads a key, which `picket bootstrap` makes on real nodes.
check_corosync() {
  name=$(sed -n 's/^[[:space:]]*name: //p' "$1" | head -n 1)
  key="mount -t tmpfs none /etc/corosync && printf '%0256d' 0 >/etc/corosync/authkey"
  unshare --uts --mount sh -c "$key && hostname '$name' && corosync -t -c '$1'" >"$work/corosync.out" 2>&1
}

# The folder of a policy has tests, here or beside it, and says what it teaches.
check_folder() {
  folder=$(dirname "$1")
  [ -s "$folder/README.md" ] || fail "$folder: no README.md"
  grep -q '^test ' "$folder"/*.picket || fail "$folder: no test"
  grep -q '^invariant ' "$folder"/*.picket || fail "$folder: no invariant"
}

check_compiled() {
  "$picket" compile "$1" -o "$work/cib.xml" --corosync "$work/corosync.conf" --graph "$work/graph.dot" ||
    fail "$1: compile"
  "$picket" compile "$1" --graph "$work/graph.json" -o "$work/again.xml" || fail "$1: compile again"
  cmp "$work/cib.xml" "$work/again.xml" || fail "$1: two compilations differ"
  grep -q '^digraph' "$work/graph.dot" || fail "$1: no dependency graph"
  "$picket" simulate "$1" -S >"$work/simulated" || fail "$1: simulate"
  grep -q '^Revised Cluster Status:' "$work/simulated" || fail "$1: simulate tells no result"

  if command -v crm_verify >/dev/null; then
    crm_verify -V -x "$work/cib.xml" >"$work/verified" 2>&1 || fail "$1: crm_verify"
    [ ! -s "$work/verified" ] || fail "$1: crm_verify says: $(cat "$work/verified")"
  else
    echo 'skipped: crm_verify is not installed'
  fi
  if ! command -v corosync >/dev/null; then
    echo 'skipped: corosync is not installed'
  elif ! unshare --uts --mount true 2>/dev/null; then
    echo 'skipped: corosync -t needs a host name of its own, which takes root'
  else
    check_corosync "$work/corosync.conf" || fail "$1: corosync -t: $(cat "$work/corosync.out")"
  fi
}

for file; do
  case $file in *.picket) ;; *) continue ;; esac
  echo "== $file"
  "$picket" check --strict "$file" || fail "$file: check"
  "$picket" fmt --check "$file" || fail "$file: layout"
  ! grep -q '^test \|^invariant ' "$file" || "$picket" test "$file" || fail "$file: its tests"
  case $file in *_test.picket) continue ;; esac
  check_folder "$file"
  check_compiled "$file"
done
exit $failed
