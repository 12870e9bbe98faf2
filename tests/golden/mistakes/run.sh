#!/bin/sh
# Known mistakes, each as a policy whose tests show it. NAME.picket says in its head what the mistake is and, in the
# lines `# cure: SED`, what mends it; NAME.expected is what `picket test` says. The verdict must be against the policy,
# and with the cure every test must hold: so it is the mistake that fails, and nothing else.
#
#     run.sh PICKET FOLDER           compares
#     run.sh --update PICKET FOLDER  writes what is said now
set -eu

update=no
if [ "$1" = --update ]; then
  update=yes
  shift
fi
picket=$(realpath "$1")
cd "$2"
work=${TEST_TMPDIR:-$(mktemp -d)}
failed=0

fail() {
  echo "FAIL: $*"
  failed=1
}

for policy in *.picket; do
  name=${policy%.picket}
  status=0
  "$picket" test "$policy" >"$work/$name.out" 2>"$work/$name.err" || status=$?
  [ $status = 1 ] || fail "$name: the mistake does not show: exit status $status $(cat "$work/$name.err")"
  if [ $update = yes ]; then
    cp "$work/$name.out" "$name.expected"
  else
    diff -u "$name.expected" "$work/$name.out" || fail "$name: another verdict; run.sh --update writes it"
  fi

  sed -n 's/^# cure: //p' "$policy" >"$work/cure.sed"
  [ -s "$work/cure.sed" ] || fail "$name: no cure"
  rm -rf "$work/cured"
  mkdir "$work/cured"
  cp ./*.inc "$work/cured"
  sed -E -f "$work/cure.sed" "$policy" >"$work/cured/$policy"
  "$picket" test "$work/cured/$policy" >"$work/cured/out" 2>&1 || fail "$name: the cure does not help: $(cat "$work/cured/out")"
done
exit $failed
