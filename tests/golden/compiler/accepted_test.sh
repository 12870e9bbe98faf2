#!/bin/sh
# Every golden CIB is accepted by crm_verify without a word, and every golden corosync.conf by corosync -t. Who is not
# installed is not asked, and that is said.
set -u
PATH=$PATH:/usr/sbin:/sbin  # where Debian has them, and Bazel does not look
folder=$1
work=${TEST_TMPDIR:-$(mktemp -d)}
failed=0

if command -v crm_verify >/dev/null; then
  for cib in "$folder"/*.cib.xml; do
    if ! crm_verify -V -x "$cib" >"$work/said" 2>&1 || [ -s "$work/said" ]; then
      echo "FAILED $cib"
      cat "$work/said"
      failed=1
    fi
  done
else
  echo 'skipped: crm_verify is not installed'
fi

if command -v corosync >/dev/null; then
  head -c 256 /dev/zero >"$work/authkey"
  chmod 400 "$work/authkey"
  for conf in "$folder"/*.corosync.conf; do
    # corosync wants to find the host it runs on, and a key where there is encryption.
    sed -e "s|^totem {|totem {\n\tkeyfile: $work/authkey|" -e '0,/ring0_addr: .*/s//ring0_addr: 127.0.0.1/' \
      "$conf" >"$work/corosync.conf"
    if ! corosync -t -c "$work/corosync.conf" >"$work/said" 2>&1; then
      echo "FAILED $conf"
      cat "$work/said"
      failed=1
    fi
  done
else
  echo 'skipped: corosync is not installed'
fi
exit $failed
