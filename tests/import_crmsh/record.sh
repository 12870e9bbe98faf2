#!/bin/sh
# Writes NAME.xml for each NAME.crm: the CIB that the installed crmsh makes of the text. It needs no cluster.
#
#     record.sh [FOLDER]
set -eu

cd "${1-$(dirname "$0")}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for text in *.crm; do
  name=${text%.crm}
  cat >"$work/cib.xml" <<'CIB'
<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config/><nodes/><resources/><constraints/></configuration><status/></cib>
CIB
  # Prompts are for people, and crmsh takes none.
  grep -v '^crm(' "$text" >"$work/text.crm"
  CIB_file=$work/cib.xml crm -F configure load update "$work/text.crm" >"$work/log" 2>&1 || {
    cat "$work/log"
    echo "FAIL: crmsh does not take $text"
    exit 1
  }
  cp "$work/cib.xml" "$name.xml"
done
