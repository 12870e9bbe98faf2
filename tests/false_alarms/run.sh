#!/bin/sh
# Counts the codes that `check` reports for policies and imported CIBs, and compares with the reviewed lists.
#
#     run.sh PICKET FOLDER             compares
#     run.sh PICKET FOLDER --update    writes what is said now; look at the difference
#
# product.expected is about the examples, the patterns and the CIBs of this repository. recorded.expected is about the
# folders that PICKET_CIBS names (parted by colons), and is compared only where it names some.
set -eu

picket=$(realpath "$1")
folder=$2
update=${3-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

codes() { grep -oE '(warning|error)\[[EW][0-9]+\]' | sed 's/.*\[\(.*\)\]/\1/'; }

# One line for each file and code, with how often.
of_policy() { "$picket" check "$1" 2>&1 | codes | sort | uniq -c | sed "s|^ *\([0-9]*\) |$2 |" || true; }

of_cib() {
  "$picket" import "$1" -o "$work/policy.picket" >/dev/null 2>"$work/err" || {
    echo "$2 not imported"
    return
  }
  of_policy "$work/policy.picket" "$2"
}

compare() {
  if [ "$update" = --update ]; then
    cp "$1" "$folder/$2"
  elif ! diff -u "$folder/$2" "$1"; then
    echo "FAIL: another list of warnings; run.sh --update writes it"
    failed=1
  fi
}

# Of what people publish as their good configurations nothing is said.
for file in "$folder"/good/*.picket; do
  said=$("$picket" check "$file" 2>&1) || true
  [ -z "$said" ] && continue
  echo "FAIL: a false alarm"
  echo "$said"
  failed=1
done

for file in examples/*/*.picket lib/*.picket; do of_policy "$file" "$file"; done >"$work/product"
for file in tests/import_crmsh/*.xml tests/golden/compiler/*.xml; do of_cib "$file" "$file"; done >>"$work/product"
compare "$work/product" product.expected

if [ -n "${PICKET_CIBS-}" ]; then
  for place in $(echo "$PICKET_CIBS" | tr : ' '); do
    for file in "$place"/*.xml; do
      [ -e "$file" ] && of_cib "$file" all
    done
  done | sort | uniq -c | sed 's/^ *//' >"$work/recorded"
  compare "$work/recorded" recorded.expected
else
  echo "skipped: PICKET_CIBS names no folders of recorded CIBs"
fi
exit $failed
