#!/bin/bash
# Writes what `picket export` says of each CIB, and the CIB that the installed tool makes of that, into recorded/:
# NAME.crm and NAME.crmsh.xml, NAME.script and NAME.pcs.xml. It needs no cluster.
#
#     record.sh PICKET crmsh|pcs [CIB.xml …]      without files: all sources of the test
set -eu

picket=$(realpath "$1")
tool=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- "$here"/*.xml "$here"/../import_"$tool"/*.xml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for cib in "$@"; do
  name=$(basename "$cib" .xml)
  cib=$(realpath "$cib")
  rm -f "$work"/*
  if [ "$tool" = crmsh ]; then
    "$picket" export "$cib" --as crmsh -o "$here/recorded/$name.crm" 2>/dev/null || [ $? -eq 1 ]
    cat >"$work/cib.xml" <<'CIB'
<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config/><nodes/><resources/><constraints/></configuration><status/></cib>
CIB
    (cd "$work" && CIB_file=$work/cib.xml crm -F configure load update "$here/recorded/$name.crm") >"$work/log" 2>&1 ||
      { cat "$work/log"; echo "FAIL: crmsh does not take $name.crm"; exit 1; }
    cp "$work/cib.xml" "$here/recorded/$name.crmsh.xml"
  else
    "$picket" export "$cib" --as pcs -o "$here/recorded/$name.script" 2>/dev/null || [ $? -eq 1 ]
    (cd "$work" && sh "$here/recorded/$name.script") >"$work/log" 2>&1 ||
      { cat "$work/log"; echo "FAIL: pcs does not take $name.script"; exit 1; }
    cp "$work/cib.xml" "$here/recorded/$name.pcs.xml"
  fi
  # Nothing of a value was carried out.
  [ "$(find "$work" -type f | wc -l)" -eq 2 ] || { ls "$work"; echo "FAIL: $name left files behind"; exit 1; }
done
