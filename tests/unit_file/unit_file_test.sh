#!/bin/bash
# The unit file is one that systemd takes without a word, and has what the manual promises.
set -u

unit=$PWD/data/systemd/picketd.service
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() {
  printf 'FAILED: %s\n' "$1"
  failed=1
}

for line in 'Type=notify' 'KillMode=process' 'Restart=on-failure' 'WatchdogSec=6s' 'WatchdogSignal=SIGKILL' \
  'StartLimitBurst=5' 'LimitNOFILE=65536' 'OOMScoreAdjust=-900' 'TasksMax=infinity' 'KillSignal=SIGINT' \
  'RestartKillSignal=SIGTERM'; do
  grep -qxF -- "$line" "$unit" || fail "the unit lacks $line"
done
grep -q '^After=.*resource-agents-deps.target' "$unit" || fail 'it is not ordered after resource-agents-deps.target'

if ! command -v systemd-analyze >/dev/null; then
  echo 'skipped: systemd-analyze is not installed'
  exit "$failed"
fi
# The program need not be installed here; that it is there is not what is asked.
sed "s|^ExecStart=.*|ExecStart=/bin/true|" "$unit" >"$work/picketd.service"
# Units that are not there are none of its mistakes: they are wanted, and come with other packages.
said=$(systemd-analyze verify --man=no --recursive-errors=no "$work/picketd.service" 2>&1)
status=$?
said=$(printf '%s\n' "$said" | grep picketd.service)
[[ $status == 0 && -z $said ]] || fail "systemd-analyze verify: $status: $said"

exit "$failed"
