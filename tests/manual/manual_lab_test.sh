#!/bin/sh
# The blocks of the manual that want real nodes.
for program in corosync pacemakerd ip unshare; do
  PATH=$PATH:/usr/sbin:/sbin command -v $program >/dev/null || { echo "skipped: $program is not installed"; exit 0; }
done
if [ "$(id -u)" != 0 ] || ! unshare --net --mount --pid --fork true 2>/dev/null; then
  echo 'skipped: a lab needs root and namespaces'
  exit 0
fi
PICKET_BESIDE='runtime/daemon/picketd runtime/attributes/picket-agent-tool' \
  exec python3 tests/manual/manual_test.py cli/picket --lab docs/*.md
