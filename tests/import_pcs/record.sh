#!/bin/sh
# Writes NAME.xml for each NAME.pcs: the CIB that the installed pcs makes of the commands. It needs no cluster.
#
#     record.sh [FOLDER]
set -eu

cd "${1-$(dirname "$0")}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for text in *.pcs; do
  name=${text%.pcs}
  cat >"$work/cib.xml" <<'CIB'
<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config/><nodes><node id="n1" uname="n1"/><node id="n2" uname="n2"/></nodes><resources/>
<constraints/></configuration><status/></cib>
CIB
  # The texts call `pcs` as a person would; here each call changes the file.
  sed "s|^pcs |pcs -f $work/cib.xml |" "$text" >"$work/commands"
  sh -e "$work/commands" >"$work/log" 2>&1 || {
    cat "$work/log"
    echo "FAIL: pcs does not take $text"
    exit 1
  }
  cp "$work/cib.xml" "$name.xml"
done
