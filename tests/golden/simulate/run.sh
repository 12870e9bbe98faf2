#!/bin/sh
# Golden tests of `picket simulate`: what it prints, writes and ends with for one command line.
#
#   run.sh PROGRAM FOLDER            compares; exit status 1 if a case differs
#   run.sh PROGRAM FOLDER --update   writes down what the program does now
#
# A case is NAME.args, the words of the command line as a shell reads them, and NAME.expected. It runs in a
# folder of its own with copies of all *.xml here; files that it leaves there belong to the answer. Times of day
# are masked, since history entries are stamped with now.
set -u

program=$(readlink -f -- "$1")
folder=$(readlink -f -- "$2")
update=${3-}
export LC_ALL=C TZ=UTC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mask() {
  sed -E 's/\b[12][0-9]{9}\b/NOW/g'
}

answer() {
  case_folder=$work/case
  rm -rf "$case_folder"
  mkdir "$case_folder"
  cp "$folder"/*.xml "$case_folder"
  cp -r "$case_folder" "$work/before"
  (cd "$case_folder" && eval "\"$program\" simulate $(cat "$1")") >"$work/out" 2>"$work/err" </dev/null
  echo "exit status $?"
  echo '--- stdout'
  mask <"$work/out"
  echo '--- stderr'
  mask <"$work/err"
  for file in "$case_folder"/*; do
    written=${file##*/}
    if ! cmp -s "$file" "$work/before/$written"; then
      echo "--- $written"
      mask <"$file"
    fi
  done
  rm -rf "$work/before"
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
