# A group of one for the tests that source this file: picketd without Corosync, and words to wait with.
# It sets $work (a folder of the test's own), $dir (picketd's), $picket and $log, and cleans up at the end.

picket=$PWD/cli/picket
picketd=$PWD/runtime/daemon/picketd
tool=$PWD/runtime/attributes/picket-agent-tool
work=$(mktemp -d)
dir=$work/dir
log=$work/log
daemon=

finish() {
  "$picket" stop --dir "$dir" --yes >/dev/null 2>&1
  [[ -n $daemon ]] && kill "$daemon" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

say() { printf '== %s\n' "$1"; }
fail() {
  printf 'FAILED: %s\n' "$1"
  "$picket" status --dir "$dir"
  "$picket" events --dir "$dir" | tail -n 40
  cat "$log"
  exit 1
}
# until_true WHAT COMMAND…: the command succeeds within half a minute.
until_true() {
  what=$1
  shift
  for _ in $(seq 300); do
    "$@" && return
    sleep 0.1
  done
  fail "$what"
}

start_daemon() {
  "$picketd" --local --dir "$dir" --node here --agent-tool "$tool" 2>>"$log" &
  daemon=$!
  until_true 'picketd answers' answers
}
answers() { "$picket" status --dir "$dir" >/dev/null 2>&1; }
settled() { "$picket" status --dir "$dir" --format json | grep -q '"settled": true'; }
# shows LINE: the status has it.
shows() { "$picket" status --dir "$dir" | tr -s ' \t' ' ' | grep -qF -- "$1"; }
shows_settled() { shows "$1" && settled; }
starts() { "$picket" events --dir "$dir" | grep -c "$1_start_0"; }
