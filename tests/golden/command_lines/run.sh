#!/bin/sh
# Golden tests of whole command lines: what they print, write and end with.
#
#   run.sh PROGRAM FOLDER            compares; exit status 1 if a case differs
#   run.sh PROGRAM FOLDER --update   writes down what the program does now
#
# A case is NAME.args, the words of the command line from the verb on as a shell reads them, and NAME.expected. It
# runs in a folder of its own with copies of all *.xml, *.picket, *.bz2 and *.conf here; files that it leaves there belong
# to the answer. What is another at each call (how long it took, times of day) is masked by the folder's mask.sed, if
# there is one.
set -u

program=$(readlink -f -- "$1")
folder=$(readlink -f -- "$2")
update=${3-}
export LC_ALL=C TZ=UTC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

copy_inputs() {
  mkdir "$1"
  find "$folder" -maxdepth 1 \( -name '*.xml' -o -name '*.picket' -o -name '*.bz2' -o -name '*.conf' \) -exec cp {} "$1" \;
}

mask() {
  if [ -e "$folder/mask.sed" ]; then sed -E -f "$folder/mask.sed"; else cat; fi
}

answer() {
  case_folder=$work/case
  rm -rf "$case_folder"
  copy_inputs "$case_folder"
  (cd "$case_folder" && eval "\"$program\" $(cat "$1")") >"$work/out" 2>"$work/err" </dev/null
  echo "exit status $?"
  echo '--- stdout'
  mask <"$work/out"
  echo '--- stderr'
  mask <"$work/err"
  for file in "$case_folder"/*; do
    written=${file##*/}
    if ! cmp -s "$file" "$folder/$written"; then
      echo "--- $written"
      mask <"$file"
    fi
  done
}

passed=0
failed=0
for args in "$folder"/*.args; do
  name=${args%.args}
  answer "$args" >"$work/answer"
  if [ "$update" = --update ]; then
    cp "$work/answer" "$name.expected"
  elif diff -u "$name.expected" "$work/answer"; then
    passed=$((passed + 1))
  else
    echo "FAILED: ${name##*/}"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
