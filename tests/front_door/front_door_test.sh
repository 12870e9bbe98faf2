#!/bin/bash
# What the program says of itself: version, help, misspelt words, completion and manual pages.
# shellcheck disable=SC2016  # what is expected has backquotes
set -u
picket=$PWD/cli/picket
failed=0

fail() {
  printf 'FAILED: %s\n' "$1"
  failed=1
}

# expect STATUS TEXT WORDS…: the exit status, and a text in what is printed.
expect() {
  local status=$1 text=$2
  shift 2
  local said got
  said=$("$picket" "$@" </dev/null 2>&1)
  got=$?
  [[ $got == "$status" ]] || fail "picket $*: status $got, not $status"
  [[ $said == *"$text"* ]] || fail "picket $*: no \"$text\" in: $said"
}

expect 0 'picket 0.' --version
expect 0 'Subcommands:' help
expect 0 'Usage: picket sweep' help sweep
expect 0 'Usage: picket lab up' help lab up
expect 2 'there is no verb `swep`; did you mean `sweep`?' help swep
expect 2 'picket: there is no verb `tset`; did you mean `test`?' tset x.picket
expect 2 'picket: a verb is missing'
expect 2 'picket: lab: there is no verb `upp`; did you mean `up`?' lab upp
expect 2 'picket: lab: a verb is missing' lab
expect 2 'picket: test: there is no option `--stroy`; did you mean `--story`?' test x.picket --stroy
expect 2 'picket: compile: there is no option `--ouput`; did you mean `--output`?' compile --ouput
expect 2 'picket: check: there is no option `--fromat`; did you mean `--format`?' check --fromat=json
expect 2 'picket: there is no option `--strict` before the verb; write it behind `check`' --strict check x.picket
expect 2 'picket: compile: FILE is required' compile
expect 2 'picket: explain: one argument too many: `E0002`' explain E0001 E0002
mkdir -p empty
expect 2 'picket: there is no .picket file in empty' check empty
expect 2 'picket: there is no .picket file in empty' fmt empty
expect 2 'bash' completion tcsh

# What is told, and in which colours: the same options with every verb, before it and behind it.
printf 'node n1 { id=1 }\nfencing n1: none "a test"\nprimitive a ocf:heartbeat:Dummy\n' >note.picket
printf 'location a prefers n1 score=0\n' >>note.picket
expect 0 'note.picket:4:12: warning[W0462]: ' check note.picket
expect 0 $'note.picket:4:12: \033[1;33mwarning[W0462]\033[0m: ' check note.picket --color always
expect 0 $'\033[1;33mwarning' --color=always check note.picket
expect 0 'picket: check took ' check note.picket -v
for words in '-q check note.picket' 'check -q note.picket' 'check note.picket --quiet'; do
  # shellcheck disable=SC2086
  [[ -z $("$picket" $words 2>&1) ]] || fail "picket $words says something"
done
# shellcheck disable=SC2086
[[ $("$picket" check note.picket 2>&1) != *$'\033'* ]] || fail 'colours without a terminal'
[[ $("$picket" sweep missing.picket -q 2>&1) == 'picket: error[E0001]'* ]] || fail 'with -q, errors are told'
# On a terminal: colours, and the progress of long work; neither with NO_COLOR, nor with -q.
if command -v script >/dev/null; then
  on_terminal() { TERM=xterm script -qec "$1" /dev/null </dev/null; }
  [[ $(on_terminal "$picket check note.picket") == *$'\033[1;33mwarning'* ]] || fail 'no colours on a terminal'
  [[ $(NO_COLOR=1 on_terminal "$picket check note.picket") != *$'\033[1;33m'* ]] || fail 'colours in spite of NO_COLOR'
  [[ $(on_terminal "$picket report note.picket -o page.html") == *scores* ]] || fail 'report shows no progress'
  [[ -z $(on_terminal "$picket report note.picket -o page.html -q") ]] || fail 'report -q shows something'
fi

# Bash completes with the script, called as Bash would call it.
completed() {
  "$picket" completion bash >completion.bash || fail 'no completion for bash'
  bash -c '
    source ./completion.bash
    compopt() { :; }
    COMP_WORDS=("$@")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _picket
    printf "%s\n" "${COMPREPLY[@]}"' completed "$@"
}
complete_to() {
  local wanted=$1 said
  shift
  said=$(completed "$@" | sort | tr '\n' ' ')
  [[ $said == "$wanted " ]] || fail "completing $*: \"$said\", not \"$wanted\""
}
complete_to 'sweep' picket sw
complete_to 'up' picket lab u
complete_to '--story --story-devices' picket test --sto
complete_to 'json junit' picket test --format j
touch test.policy
complete_to 'test.policy' picket check test.pol

# Each verb has a manual page that roff reads without a warning.
verbs=$("$picket" help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
(($(wc -w <<<"$verbs") > 20)) || fail "verbs: $verbs"
for verb in '' $verbs; do
  # shellcheck disable=SC2086
  "$picket" help $verb --man >page.1 || fail "no manual page for $verb"
  if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww page.1 2>warnings >page.txt
    [[ -s warnings ]] && fail "manual page of $verb: $(head -3 warnings)"
  fi
  grep -q '^\.SH OPTIONS' page.1 || fail "manual page of $verb without options"
done

for shell in zsh fish; do
  "$picket" completion "$shell" >script || fail "no completion for $shell"
  for verb in $verbs; do
    grep -q -- "$verb" script || fail "completion for $shell without $verb"
  done
  if command -v "$shell" >/dev/null; then
    "$shell" -n script || fail "$shell cannot read its script"
  fi
done

# The manual's table of exit statuses is the header's.
sed '/^namespace simulate_exit/,$d' cli/exit_status.h | tr '\n' ' ' |
  grep -oE 'constexpr int k[A-Za-z]+ += +[0-9]+' | awk '{print $5, $3}' | sort >statuses.header
sed -n 's/^| \([0-9]*\) | `\(k[A-Za-z]*\)` | .*/\1 \2/p' docs/command-line.md | sort >statuses.manual
[[ $(wc -l <statuses.manual) -ge 7 ]] || fail 'no table of exit statuses'
diff statuses.header statuses.manual || fail 'the exit statuses of the header and of the manual differ'

exit "$failed"
