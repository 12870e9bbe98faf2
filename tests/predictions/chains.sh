#!/bin/sh
# chains.sh PICKET: where `check` says that there are more chains of colocations than are followed (W0499), the solver
# says so too; with fewer resources neither does.
set -eu

picket=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# COUNT resources that are kept apart by rack, on four nodes.
write() {
  echo 'cluster c { link lan }'
  for i in 1 2 3 4; do echo "node n$i { id=$i; link lan 192.0.2.$i; attributes rack=r$i }"; done
  echo 'fence f stonith:fence_apc_snmp for n1, n2, n3, n4 { ip=192.0.2.90 }'
  names=
  for i in $(seq "$1"); do
    echo "primitive a$i ocf:pacemaker:Dummy { op monitor interval=10s timeout=20s }"
    names="$names${names:+, }a$i"
  done
  echo "separate [$names] same=rack score=1000"
  echo 'location a1 prefers n2 score=50'
}

said() { if grep -q "$1"; then echo yes; else echo no; fi; }

for case in "14 no" "24 yes"; do
  count=${case% *}
  wanted=${case#* }
  write "$count" >many.picket
  "$picket" compile many.picket -o many.xml >/dev/null 2>&1
  checked=$("$picket" check many.picket 2>&1 | said 'warning\[W0499\]')
  solved=$("$picket" simulate -R -u n1 -u n2 -u n3 -u n4 -x many.xml 2>&1 | said 'too many chains')
  if [ "$checked" != "$wanted" ] || [ "$solved" != "$wanted" ]; then
    echo "FAIL: $count resources: check warns: $checked; the solver says so: $solved; wanted: $wanted"
    exit 1
  fi
done
