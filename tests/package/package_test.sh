#!/bin/bash
# Installs the Debian packages into a fresh system: a root folder that holds the packages which ours depend on, taken
# from this machine's own, and nothing else. Then runs there what the README runs first.
set -u
PATH=$PATH:/usr/sbin:/sbin
picket=$PWD/package/picket.deb
picketd=$PWD/package/picketd.deb
serve=$PWD/package/picket-serve.deb
example=$PWD/examples/pbx/pbx.picket
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
  printf 'FAILED: %s\n' "$1"
  failed=1
}

# has DEB PATH: the package brings the file along.
has() {
  dpkg-deb --contents "$1" | awk '{print $6}' | grep -qx ".$2" || fail "${1##*/} has no $2"
}
has "$picket" /usr/bin/picket
has "$picket" /usr/share/bash-completion/completions/picket
has "$picket" /usr/share/zsh/vendor-completions/_picket
has "$picket" /usr/share/fish/vendor_completions.d/picket.fish
has "$picket" /usr/share/man/man1/picket.1.gz
has "$picket" /usr/share/man/man1/picket-sweep.1.gz
has "$picket" /usr/share/doc/picket/docs/start.md
has "$picket" /usr/share/doc/picket/docs/ci/pre-commit
has "$picket" /usr/share/doc/picket/docs/diagnostics.md
has "$picket" /usr/share/doc/picket/copyright
has "$picket" /usr/share/man/man1/picket-serve.1.gz
has "$serve" /usr/libexec/picket/picket-serve
has "$picketd" /usr/sbin/picketd
has "$picketd" /usr/sbin/picket-agent-tool
has "$picketd" /lib/systemd/system/picketd.service
has "$picketd" /usr/lib/sysusers.d/picketd.conf
dpkg-deb --contents "$picket" | awk '{print $2}' | grep -qv root/root && fail 'files that are not of root'

# The packages that a package needs, and what those need, as this machine has them.
needed() {
  local todo=("$@") seen='' one
  while ((${#todo[@]})); do
    one=${todo[0]}
    todo=("${todo[@]:1}")
    [[ " $seen " == *" $one "* ]] && continue
    dpkg-query -W -f '${db:Status-Status}' "$one" 2>/dev/null | grep -q '^installed' || continue
    seen+=" $one"
    # shellcheck disable=SC2207
    todo+=($(dpkg-query -W -f '${Pre-Depends}, ${Depends}\n' "$one" | tr ',|' '\n' | sed 's/(.*//; s/:any//; s/ //g'))
  done
  echo "$seen"
}
# shellcheck disable=SC2046
wanted=$(needed dash coreutils $(for deb in "$picket" "$picketd" "$serve"; do
  dpkg-deb --field "$deb" Depends | tr ',|' '\n' | sed 's/(.*//; s/ //g'
done))

root=$work/root
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/usr" "$root/tmp"
for folder in bin sbin lib lib64; do
  mkdir -p "$root/usr/$folder"
  ln -s "usr/$folder" "$root/$folder"
done
for one in $wanted; do
  dpkg-query -s "$one" >>"$root/var/lib/dpkg/status"
  echo >>"$root/var/lib/dpkg/status"
  dpkg-query -L "$one" | while IFS= read -r file; do
    [[ -f $file || -L $file ]] && printf '%s\0' "${file#/}"
  done
done | tar -C / --null -T - -cf - 2>/dev/null | tar -C "$root" --keep-directory-symlink -xf - 2>/dev/null
ldconfig -r "$root" 2>/dev/null

# dpkg itself says whether the dependencies are complete.
dpkg --root="$root" --force-not-root --force-script-chrootless --unpack "$picket" "$picketd" "$serve" \
  >"$work/log" 2>&1 ||
  fail "dpkg does not unpack: $(tail -3 "$work/log")"
dpkg --root="$root" --force-not-root --force-script-chrootless --configure picket >"$work/log" 2>&1 ||
  fail "dpkg does not configure picket: $(tail -3 "$work/log")"
dpkg --root="$root" --force-not-root --force-script-chrootless --configure picket-serve >"$work/log" 2>&1 ||
  fail "dpkg does not configure picket-serve: $(tail -3 "$work/log")"
dpkg --root="$root" --force-not-root --force-script-chrootless --simulate --configure picketd >"$work/log" 2>&1 ||
  fail "picketd lacks something: $(tail -3 "$work/log")"

# As root the programs run in that system; others look at the libraries only.
cp "$example" "$root/tmp/pbx.picket"
if chroot "$root" /bin/true 2>/dev/null; then
  chroot "$root" /usr/bin/picket test /tmp/pbx.picket >"$work/said" 2>&1 ||
    fail "picket test in the fresh system: $(tail -3 "$work/said")"
  grep -q ' passed, 0 failed' "$work/said" || fail "picket test says: $(tail -3 "$work/said")"
  # Task 1 of docs/tasks.md. apt-get needs a network; what it would install is installed by now.
  # shellcheck disable=SC2016
  sed -n '/^```console in=tests\/package/,/^```$/s/^\$ //p' docs/tasks.md >"$work/commands"
  [[ $(head -1 "$work/commands") == 'apt-get install ./picket.deb' && -n $(sed -n 2p "$work/commands") ]] ||
    fail 'docs/tasks.md has other commands for the package'
  sed 1d "$work/commands" | while IFS= read -r command; do
    chroot "$root" /bin/dash -c "$command" >"$work/said" 2>&1 || echo "$command: $(tail -3 "$work/said")"
  done >"$work/wrong"
  [[ -s $work/wrong ]] && fail "a command of docs/tasks.md: $(cat "$work/wrong")"
  chroot "$root" /usr/bin/picket serve /tmp/pbx.picket >"$work/said" 2>&1
  grep -q 'is not XML' "$work/said" || fail "picket serve in the fresh system: $(tail -3 "$work/said")"
  chroot "$root" /usr/sbin/picketd --help >"$work/said" 2>&1 || fail "picketd --help: $(tail -3 "$work/said")"
else
  echo 'no chroot here: the programs were not run'
fi

if command -v lintian >/dev/null; then
  lintian --fail-on error "$picket" "$picketd" "$serve" >"$work/lintian" 2>&1 ||
    fail "lintian: $(grep '^E' "$work/lintian")"
else
  echo 'lintian is not installed: not asked'
fi
exit "$failed"
