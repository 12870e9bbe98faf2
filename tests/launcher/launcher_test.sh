#!/bin/bash
# Tests of ./picket and ./test. Each case gets a small tree of its own, in which the launchers are the
# real ones and the programs they call (bazel, dpkg-query, apt-get, sudo, id) are fakes that keep a
# record in $calls. The fake Bazel "builds" a program that prints what its sources said.
set -u

source_tree=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

fail() {
  printf 'FAILED %s: %s\n' "$case_name" "$*"
  failures=$((failures + 1))
}

# expect NAME WANTED GOT
expect() {
  [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# expect_text NAME PART TEXT
expect_text() {
  case $3 in
    *"$2"*) ;;
    *) fail "$1: '$2' is not in '$3'" ;;
  esac
}

fake() {
  cat >"$fakes/$1"
  chmod +x "$fakes/$1"
}

# start NAME: a fresh tree, everything installed, nothing built.
start() {
  case_name=$1
  tree=$scratch/$1/tree
  fakes=$scratch/$1/fakes
  calls=$scratch/$1/calls
  mkdir -p "$tree/bazel" "$tree/cli" "$tree/solver/model" "$tree/docs" "$fakes"
  : >"$calls"
  cp -L "$source_tree"/{picket,test} "$tree/"
  cp -L "$source_tree"/bazel/{packages.txt,setup.sh} "$tree/bazel/"
  : >"$tree/WORKSPACE"
  : >"$tree/.bazelrc"
  : >"$tree/docs/manual.md"
  echo one >"$tree/cli/main.cc"
  echo score >"$tree/solver/model/score.cc"
  export calls
  export PATH=$fakes:/usr/bin:/bin
  unset PICKET_INSTALL

  fake bazel <<'BAZEL'
#!/bin/sh
echo "bazel $*" >>"$calls"
echo "noise on stdout"
cat >/dev/null
[ "$1" = test ] && exec fake-bazel-test "$@"
mkdir -p bazel-bin/cli bazel-bin/runtime/daemon bazel-bin/runtime/attributes
rm -f bazel-bin/cli/picket
for other in daemon/picketd attributes/picket-agent-tool; do
  printf '#!/bin/sh\ncat %s\n' "$PWD/cli/main.cc" >"bazel-bin/runtime/$other"
  chmod +x "bazel-bin/runtime/$other"
done
{
  echo '#!/bin/sh'
  echo "echo \"$(cat cli/main.cc) at \$PWD: \$*\""
  echo 'while read -r line && [ "$line" != quit ]; do echo "stdin $line"; done'
  echo 'exit 7'
} >bazel-bin/cli/picket
chmod +x bazel-bin/cli/picket
sleep "${FAKE_BUILD_SECONDS:-0}"
exit "${FAKE_BUILD_STATUS:-0}"
BAZEL
  fake dpkg-query <<'DPKG'
#!/bin/sh
# Knows every package as installed, but for those in $FAKE_MISSING that apt-get was not asked for: as
# the real one, it then fails.
status=0
for package; do
  case $package in -*) continue ;; esac
  case " ${FAKE_MISSING-} " in
    *" $package "*) grep -q "^apt-get .* install .*$package" "$calls" || { status=1; continue; } ;;
  esac
  echo "installed $package"
done
exit $status
DPKG
  fake apt-get <<'APT'
#!/bin/sh
echo "apt-get $*" >>"$calls"
cat >/dev/null
exit "${FAKE_APT_STATUS:-0}"
APT
  fake id <<'ID'
#!/bin/sh
echo "${FAKE_UID:-0}"
ID
}

# picket ARGUMENT…: sets out, err and status, as for a user in another folder who types on stdin.
picket() {
  out=$(cd "$scratch" && printf 'typed\n' | "$tree/picket" "$@" 2>"$scratch/err")
  status=$?
  err=$(cat "$scratch/err")
}

builds() {
  grep -c '^bazel build' "$calls"
}

# A change must be later than the stamp by more than the tick of the file system's clock.
tick() {
  sleep 0.05
}

start first_call_builds
picket check 'a b.picket' -
expect 'exit status is the program'"'"'s' 7 "$status"
expect 'stdout is the program'"'"'s alone, in the caller'"'"'s folder, with its stdin' \
  "one at $scratch: check a b.picket -
stdin typed" "$out"
expect_text 'says what takes long' 'building' "$err"
expect 'one build' 1 "$(builds)"
expect 'no installation' 0 "$(grep -c '^apt-get' "$calls")"

start what_lies_beside
picket
expect_text 'all are built at once' \
  '//cli:picket //runtime/daemon:picketd //runtime/attributes:picket-agent-tool' "$(grep '^bazel build' "$calls")"
for other in picketd picket-agent-tool; do
  expect "$other is beside the program" one "$("$tree/.build/$other")"
done
tick
echo two >"$tree/cli/main.cc"
picket
expect 'and as new as that' two "$("$tree/.build/picketd")"
rm "$tree/.build/picketd"
picket
expect 'one that is gone is built again' two "$("$tree/.build/picketd")"
expect 'by one build each' 3 "$(builds)"

start nothing_changed
picket
tick
picket
picket
expect 'still one build' 1 "$(builds)"
expect 'nothing is said' '' "$err"
began=$(date +%s%N)
for _ in 1 2 3 4 5 6 7 8 9 10; do picket; done
echo "overhead of a call: $((($(date +%s%N) - began) / 10000000)) ms, the fake program's start included"

start source_changed
picket
tick
echo two >"$tree/cli/main.cc"
picket
expect 'rebuilt' 2 "$(builds)"
expect_text 'the new program runs' 'two at' "$out"

start older_source_checked_out
picket
tick
echo older >"$tree/cli/main.cc"
touch -d '2001-01-01' "$tree/cli/main.cc"
picket
expect_text 'an old modification time does not hide a change' 'older at' "$out"

start source_added
picket
tick
: >"$tree/solver/model/node.cc"
picket
expect 'rebuilt' 2 "$(builds)"

start source_deleted
picket
tick
rm "$tree/solver/model/score.cc"
picket
expect 'rebuilt' 2 "$(builds)"

start folder_added_and_deleted
picket
tick
mkdir "$tree/runtime"
picket
expect 'a new folder is looked at' 2 "$(builds)"
tick
rmdir "$tree/runtime"
picket
expect 'a folder that is gone is missed' 3 "$(builds)"

start what_is_no_source
picket
tick
echo text >"$tree/docs/manual.md"
mkdir "$tree/examples" "$tree/tests"
picket
expect 'documents, examples and tests do not rebuild' 1 "$(builds)"

start change_during_build
picket
tick
echo two >"$tree/cli/main.cc"
(FAKE_BUILD_SECONDS=0.4 "$tree/picket" </dev/null >/dev/null 2>&1 &)
sleep 0.2
echo three >"$tree/cli/main.cc"
sleep 0.4
picket
expect_text 'is not lost' 'three at' "$out"

start failed_build
FAKE_BUILD_STATUS=1 picket
expect 'exit status' 70 "$status"
expect 'nothing on stdout' '' "$out"
picket
expect 'is tried again' 2 "$(builds)"
expect 'and then runs' 7 "$status"

start failed_rebuild
picket
tick
echo two >"$tree/cli/main.cc"
FAKE_BUILD_STATUS=1 picket
expect 'the old program does not stand in for it' 70 "$status"

start called_through_link
ln -s "$tree/picket" "$scratch/elsewhere"
out=$(cd / && "$scratch/elsewhere" status 2>/dev/null </dev/null)
expect 'finds its tree, runs where it was called' 'one at /: status' "$out"

start two_first_calls
for i in 1 2 3; do
  FAKE_BUILD_SECONDS=0.3 "$tree/picket" "$i" </dev/null >"$scratch/out.$i" 2>"$scratch/err.$i" &
done
wait
expect 'one of them builds' 1 "$(builds)"
for i in 1 2 3; do
  expect "call $i runs" "one at $PWD: $i" "$(cat "$scratch/out.$i")"
done
expect_text 'the others say what they wait for' 'waiting' "$(cat "$scratch"/err.[123])"

start packages_missing
FAKE_MISSING='g++ libpugixml1v5 corosync' picket
expect 'goes on to build' 1 "$(builds)"
expect_text 'leaves stdin to the program' 'stdin typed' "$out"
expect_text 'says what it installs' 'missing: libpugixml1v5 g++' "$err"
expect_text 'installs just that' ' install libpugixml1v5 g++' "$(grep -v -- '-s install' "$calls" | grep ' install ')"
expect 'does not install for the tests' 0 "$(grep -c corosync "$calls")"

start packages_cannot_be_installed
FAKE_MISSING='g++' FAKE_APT_STATUS=100 picket
expect 'exit status' 3 "$status"
expect_text 'names the package' 'could not install: g++' "$err"
expect_text 'has tried with new lists' 'update' "$(cat "$calls")"
expect 'no build' 0 "$(builds)"

start packages_without_root
printf '#!/bin/sh\nexit 1\n' | fake sudo
FAKE_MISSING='g++ libpugixml1v5' FAKE_UID=1000 picket
expect 'exit status' 3 "$status"
expect_text 'says what to type' 'apt-get install --no-install-recommends libpugixml1v5 g++' "$err"
expect 'no build' 0 "$(builds)"

start packages_with_sudo
fake sudo <<'SUDO'
#!/bin/sh
[ "$1" = -n ] && shift
echo "sudo $*" >>"$calls"
exec "$@"
SUDO
FAKE_MISSING='g++' FAKE_UID=1000 picket
expect 'exit status' 7 "$status"
expect_text 'apt-get runs under sudo' 'sudo env DEBIAN_FRONTEND=noninteractive apt-get' "$(cat "$calls")"

start packages_left_to_user
FAKE_MISSING='g++' PICKET_INSTALL=no picket
expect 'is taken at its word' 7 "$status"

# A terminal, by way of script(1): Enter means yes, n means no. What is typed after that is the
# program's.
on_terminal() {
  (sleep 0.3; printf '%s\nquit\n' "$1") |
    FAKE_MISSING='g++' timeout 20 script -qec "$tree/picket" /dev/null >"$scratch/out" 2>&1
}
if script -qec true /dev/null >/dev/null 2>&1; then
  start terminal_yes
  on_terminal ''
  expect 'exit status' 7 "$?"
  expect_text 'asks' 'install them now with apt-get? [Y/n]' "$(cat "$scratch/out")"
  expect_text 'Enter installs' ' install g++' "$(cat "$calls")"
  start terminal_no
  on_terminal n
  expect 'exit status' 3 "$?"
  expect 'n installs nothing' 0 "$(grep -c '^apt-get' "$calls")"
else
  echo 'no terminal can be made here: what is asked on one was not tested'
fi

# ./test: the counts come from Bazel's event file.
event() {
  printf '{"id":{},"configured":{"targetKind":"cc_test rule","testSize":"SMALL"}}\n'
  [ -z "$1" ] || printf '{"id":{},"testSummary":{"passed":[{"uri":"x"}],"overallStatus":"%s"}}\n' "$1"
}

# run_test STATUS EVENTS ARGUMENT…: ./test with a Bazel that reports these events and exits so.
run_test() {
  export FAKE_TEST_STATUS=$1 FAKE_EVENTS=$2
  shift 2
  fake fake-bazel-test <<'TEST'
#!/bin/sh
for argument; do
  case $argument in --build_event_json_file=*) printf '%s\n' "$FAKE_EVENTS" >"${argument#*=}" ;; esac
done
exit "$FAKE_TEST_STATUS"
TEST
  out=$("$tree/test" "$@" 2>"$scratch/err" </dev/null)
  status=$?
  last=${out##*$'\n'}
}

start test_all_pass
run_test 0 "$(event PASSED; event FLAKY)"
expect 'last line' '2 passed, 0 failed' "$last"
expect 'exit status' 0 "$status"
expect_text 'runs everything' '//...' "$(grep '^bazel test' "$calls")"

start test_some_fail
run_test 1 "$(event PASSED; event FAILED; event '')"
expect 'one that did not build counts as failed' '1 passed, 2 failed' "$last"
expect 'exit status' 1 "$status"

start test_build_fails
run_test 1 "$(event PASSED)"
expect 'a build that fails elsewhere is no success' '1 passed, 1 failed' "$last"
expect 'exit status' 1 "$status"

start test_named
run_test 0 "$(event PASSED)" --config=asan //solver/...
expect_text 'arguments are handed on' '--config=asan //solver/...' "$(cat "$calls")"
expect 'and nothing else is run' 0 "$(grep -c ' //\.\.\.' "$calls")"

start test_none
run_test 4 '' //solver:nothing
expect 'exit status' 2 "$status"

start test_packages
FAKE_MISSING=corosync run_test 0 "$(event PASSED)"
expect_text 'installs what only tests want' ' install corosync' "$(cat "$calls")"

[ "$failures" = 0 ] && echo 'all is well'
exit $((failures > 0))
