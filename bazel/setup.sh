# shellcheck shell=sh
# What ./picket and ./test have in common: where things are, the Debian packages, whether the built
# programs still fit their sources, and building them. Sourced by both, after they have set `root`.
#
# It speaks on stderr only, since stdout belongs to the program, and gives nothing of its own the
# program's stdin. Exit status as everywhere in Picket: 3 the environment is wrong, 70 our own defect.

# shellcheck disable=SC2154  # root is set by the script that sources this one.
state=$root/.build
# shellcheck disable=SC2034  # what ./picket becomes.
program=$state/picket
# Where Bazel puts what is built: the program, and what it looks for beside itself to carry a policy
# out (`picket apply`).
built='cli/picket runtime/daemon/picketd runtime/attributes/picket-agent-tool'
stamp=$state/stamp
newline='
'

say() {
  printf 'picket: %s\n' "$*" >&2
}

die() {
  status=$1
  shift
  say "$@"
  exit "$status"
}

# Sets `sources`: the top-level files and folders a build reads. The others hold what no program is
# made of; a folder that is new counts as soon as it is there.
list_sources() {
  sources='WORKSPACE .bazelrc'
  for folder in "$root"/*/; do
    folder=${folder%/}
    case ${folder##*/} in
      bazel-* | docs | examples | tests) ;;
      *) sources="$sources ${folder##*/}" ;;
    esac
  done
}

# True if the built programs fit the sources. No Bazel: one find, a few milliseconds.
#
# The stamp is as old as the start of the last good build. What counts is the time of a file's last
# change of any kind (ctime): unlike its modification time, nothing can set it back, so a checkout of
# an older file is noticed. A file that is gone has changed the folder it was in; a top-level folder
# that is new or gone does not match the list in the stamp.
is_fresh() {
  for path in $built; do
    [ -x "$state/${path##*/}" ] || return 1
  done
  [ -r "$stamp" ] || return 1
  read -r built_from <"$stamp" || return 1
  list_sources
  [ "$built_from" = "$sources" ] || return 1
  # shellcheck disable=SC2086  # a list of names without blanks.
  changed=$(cd "$root" && find $sources -cnewer "$stamp" -print -quit 2>&1) || return 1
  [ -z "$changed" ]
}

# One at a time: makes .build and takes its lock. Whoever else starts now waits, then finds the work
# done. What is run under the lock and may leave a server behind must close 9, or that would hold it.
lock() {
  { mkdir -p "$state" && [ -w "$state" ]; } || die 3 "cannot write $state"
  exec 9>"$state/lock"
  if ! flock -n 9; then
    say 'another setup is running here; waiting for it'
    flock 9
  fi
}

unlock() {
  exec 9>&-
}

# wanted KIND…: the packages of these kinds.
wanted() {
  while read -r kind package _; do
    case " $* " in
      *" $kind "*) printf '%s\n' "$package" ;;
    esac
  done <"$root/bazel/packages.txt"
}

# missing KIND…: those of them that are not installed.
missing() {
  packages=$(wanted "$@")
  # It fails where it does not know one of them, which is what we are here to learn.
  # shellcheck disable=SC2016,SC2086  # dpkg-query fills in the format; a list of names.
  installed=$newline$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null || true)$newline
  for package in $packages; do
    case $installed in
      *"${newline}installed $package$newline"*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# on_terminal: somebody is there to be asked.
on_terminal() {
  [ -t 0 ] && [ -t 2 ]
}

# apt ARGUMENT…: apt-get as root, its output on the terminal or in the log.
apt() {
  # shellcheck disable=SC2086  # none, one or two words.
  set -- $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=600 -o APT::Install-Recommends=false "$@"
  if on_terminal; then
    "$@" </dev/null >&2 9>&-
  else
    "$@" </dev/null >>"$state/apt.log" 2>&1 9>&-
  fi
}

# require KIND…: installs what is missing of these kinds, or says what to install and exits with 3.
# With PICKET_INSTALL=no it takes the user's word that all is there.
require() {
  [ "${PICKET_INSTALL-}" != no ] || return 0
  if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    say 'this is not a Debian system; the build is made for Debian 12 and its packages:'
    wanted "$@" | sed 's/^/  /' >&2
    die 3 'once their like is installed, set PICKET_INSTALL=no and call again'
  fi
  lacking=$(missing "$@")
  lacking=${lacking% }
  [ -n "$lacking" ] || return 0

  as_root=
  if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    on_terminal || as_root='sudo -n'
  fi
  if { [ -n "$as_root" ] && ! command -v sudo >/dev/null 2>&1; } ||
    { [ "$as_root" = 'sudo -n' ] && ! sudo -n true </dev/null 2>/dev/null; }; then
    say 'Debian packages are missing, and only root may install them. As root, type:'
    die 3 "apt-get update && apt-get install --no-install-recommends $lacking"
  fi
  say "Debian packages are missing: $lacking"
  if on_terminal; then
    printf 'picket: install them now with apt-get? [Y/n] ' >&2
    read -r answer || answer=no
    case $answer in
      '' | [Yy]*) ;;
      *) die 3 "not installed; to do it yourself: apt-get install --no-install-recommends $lacking" ;;
    esac
  else
    say "installing them with apt-get (progress in $state/apt.log)"
  fi
  # shellcheck disable=SC2086  # a list of names.
  {
    apt-get -s install $lacking </dev/null >/dev/null 2>&1 || apt update
    # A package list that is out of date names files the mirror has no longer: one more try.
    apt install $lacking || { apt update && apt install $lacking; }
  } || {
    on_terminal || tail -n 5 "$state/apt.log" >&2
    die 3 "apt-get could not install: $lacking"
  }
}

# how_long: of a first build, about how many minutes it takes here; nothing of a later one. To compile everything takes
# one processor about 20 minutes; what another checkout has built is not built again.
how_long() {
  [ ! -e "$stamp" ] || return 0
  processors=$(nproc 2>/dev/null || echo 1)
  [ "$processors" = 1 ] && with='one processor' || with="$processors processors"
  printf ' for the first time: about %d minutes with %s, seconds if another checkout has built it' \
    $(((20 + processors - 1) / processors)) "$with"
}

# build: builds the programs, copies them to where a later build of another kind cannot overwrite
# them, and renews the stamp. A daemon that runs keeps the file that it was started from.
build() {
  list_sources
  printf '%s\n' "$sources" >"$stamp.new"
  say "building$(how_long)"
  if [ -t 2 ]; then
    progress=
  elif [ -e "$stamp" ]; then
    progress=--noshow_progress
  else
    # Nobody looks on, and it takes long: a line a minute says what is being built and how far it is.
    progress='--curses=no --color=no --show_progress_rate_limit=60'
  fi
  targets=
  for path in $built; do
    targets="$targets //${path%/*}:${path##*/}"
  done
  # shellcheck disable=SC2086  # none or some options; a list of targets.
  (cd "$root" && bazel build --symlink_prefix=bazel- --ui_event_filters=-info --show_result=0 $progress \
    $targets) </dev/null >&2 9>&- || die 70 'the build failed; the reason is above'
  for path in $built; do
    place=$state/${path##*/}
    { cp -f "$root/bazel-bin/$path" "$place.new" && mv -f "$place.new" "$place"; } || die 3 "cannot write $state"
  done
  mv -f "$stamp.new" "$stamp" || die 3 "cannot write $state"
}

# ensure_built: leaves programs that fit their sources.
ensure_built() {
  is_fresh && return
  lock
  if ! is_fresh; then
    require run build
    build
  fi
  unlock
}

# ensure_serve: leaves the program that serves the live page beside the others, as old as they are.
ensure_serve() {
  serve=$state/picket-serve
  [ -x "$serve" ] && [ -n "$(find "$serve" -newer "$stamp")" ] && return
  lock
  say 'building the server of the live page (the first time takes minutes)'
  (cd "$root" && bazel build --symlink_prefix=bazel- --ui_event_filters=-info --show_result=0 --noshow_progress \
    //cli:picket-serve) </dev/null >&2 9>&- || die 70 'the build failed; the reason is above'
  { cp -f "$root/bazel-bin/cli/picket-serve" "$serve.new" && mv -f "$serve.new" "$serve"; } ||
    die 3 "cannot write $state"
  unlock
}

# ensure_engine: leaves the engine of interactive pages beside the programs, as old as they are. Bazel's server looks
# for the cross compiler when it starts; one that started before it was there gives an empty file.
ensure_engine() {
  engine=$state/engine.wasm.gz
  [ -s "$engine" ] && [ -n "$(find "$engine" -newer "$stamp")" ] && return
  lock
  require page
  say 'building the engine of the page (the first time takes minutes)'
  for attempt in first second; do
    (cd "$root" && bazel build --symlink_prefix=bazel- --ui_event_filters=-info --show_result=0 --noshow_progress \
      //web:packed) </dev/null >&2 9>&- || die 70 'the build failed; the reason is above'
    [ -s "$root/bazel-bin/web/engine.wasm.gz" ] && break
    [ "$attempt" = first ] || die 3 'the cross compiler is not complete: see kind page in bazel/packages.txt'
    (cd "$root" && bazel shutdown) </dev/null >&2 9>&-
  done
  { cp -f "$root/bazel-bin/web/engine.wasm.gz" "$engine.new" && mv -f "$engine.new" "$engine"; } ||
    die 3 "cannot write $state"
  unlock
}
