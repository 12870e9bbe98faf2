#!/bin/bash
# Makes a Debian package: make_deb.sh NAME CONTROL OUTPUT FILE…
#
# CONTROL is the package's control file without Version, Architecture and Installed-Size; @LIBRARIES@ in it becomes the
# libraries that the programs need. Each FILE goes where its name says. The same files give the same package.
set -eu

name=$1
control=$2
output=$3
shift 3
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1735689600} LC_ALL=C
umask 022

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
doc=$root/usr/share/doc/$name
mkdir -p "$root/DEBIAN" "$doc" "$work/debian"

program() { # FILE FOLDER
  install -D "$1" "$root/$2/${1##*/}"
  strip --strip-all --remove-section=.comment --remove-section=.note "$root/$2/${1##*/}"
}

# place FILE: where the file belongs in this package; nothing for what only helps to build it.
place() {
  case $name/${1##*/} in
    picket/picket)
      picket=$(readlink -f "$1")
      program "$1" usr/bin
      ;;
    picketd/picket | picket-serve/picket) picket=$(readlink -f "$1") ;;
    picket-serve/picket-serve) program "$1" usr/libexec/picket ;;
    # Empty where the cross compiler is missing: `report --interactive` says then what it lacks.
    picket/engine.wasm.gz) [[ ! -s $1 ]] || install -m 644 -D "$1" "$root/usr/share/picket/engine.wasm.gz" ;;
    picketd/picketd | picketd/picket-agent-tool) program "$1" usr/sbin ;;
    */CHANGELOG.md) gzip -9nc "$1" >"$doc/changelog.gz" ;;
    */LICENSE) copyright >"$doc/copyright" ;;
    picketd/picketd.service) install -m 644 -D "$1" "$root/lib/systemd/system/picketd.service" ;;
    picketd/picketd.sysusers) install -m 644 -D "$1" "$root/usr/lib/sysusers.d/picketd.conf" ;;
    picketd/picketd.tmpfiles) install -m 644 -D "$1" "$root/usr/lib/tmpfiles.d/picketd.conf" ;;
    picketd/picketd.postinst | picketd/picketd.prerm | picketd/picketd.postrm)
      install -m 755 "$1" "$root/DEBIAN/${1##*.}"
      ;;
    picket/*.md | picket/github.yml | picket/gitlab.yml) install -m 644 -D "$1" "$doc/$(page "$1")" ;;
    picket/pre-commit) install -m 755 -D "$1" "$doc/$(page "$1")" ;;
    */*.control) ;;
    *)
      echo "make_deb.sh: nobody knows where $1 goes in $name" >&2
      exit 1
      ;;
  esac
}

# page FILE: its path in the manual, so that links between pages go on to work.
page() {
  case $1 in
    *docs/*) echo "docs/${1##*docs/}" ;;
    *) echo "${1##*/}" ;;
  esac
}

copyright() {
  cat <<'END'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Picket

Files: *
Copyright: 2026 The authors of Picket
License: Apache-2.0
 On Debian systems the full text of the Apache License, Version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
END
}

# The notices of the libraries whose code is in the program (docs/dependencies.md). Boost asks for none in a program.
linked() {
  local library
  for library in libcli11-dev libfmt-dev libpugixml-dev nlohmann-json3-dev; do
    install -m 644 -D "/usr/share/doc/$library/copyright" "$doc/linked/$library"
  done
}

# The words of the program, as it tells them itself.
words() {
  install -d "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
    "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d"
  "$picket" completion bash >"$root/usr/share/bash-completion/completions/picket"
  "$picket" completion zsh >"$root/usr/share/zsh/vendor-completions/_picket"
  "$picket" completion fish >"$root/usr/share/fish/vendor_completions.d/picket.fish"
  "$picket" help --man | gzip -9n >"$root/usr/share/man/man1/picket.1.gz"
  "$picket" explain --format markdown >"$doc/docs/diagnostics.md"
  local verb
  for verb in $("$picket" help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p'); do
    "$picket" help "$verb" --man | gzip -9n >"$root/usr/share/man/man1/picket-$verb.1.gz"
  done
}

for file in "$@"; do place "$file"; done
[[ $name != picket ]] || words
[[ $name == picketd ]] || linked

# The packaging's own changelog; the sources' lies beside it.
debian_changelog() { # VERSION
  printf '%s (%s) unstable; urgency=medium\n\n  * The changes of the program stand in changelog.gz.\n\n' "$name" "$1"
  printf ' -- The authors of Picket <picket@example.org>  %s\n' "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
}

version=$("$picket" --version | sed 's/^picket \([0-9.]*\).*/\1/')
version=$version-1
debian_changelog "$version" | gzip -9n >"$doc/changelog.Debian.gz"
touch "$work/debian/control"
folders='root/usr/bin root/usr/sbin root/usr/libexec'
# shellcheck disable=SC2086  # a list of names.
libraries=$(cd "$work" && find $folders -type f -exec dpkg-shlibdeps -O -xpicket {} + 2>/dev/null |
  sed -n 's/^shlibs:Depends=//p')
[[ -n $libraries ]] || {
  echo "make_deb.sh: the libraries of $name are not known to dpkg" >&2
  exit 1
}
{
  sed -n '1,/^Description:/{/^Description:/!p}' "$control" |
    sed "s/@LIBRARIES@/$libraries/; s/@VERSION@/$version/"
  printf 'Version: %s\nArchitecture: %s\nInstalled-Size: %s\n' "$version" "$(dpkg --print-architecture)" \
    "$(du -ks --apparent-size "$root" | cut -f1)"
  sed -n '/^Description:/,$p' "$control"
} >"$root/DEBIAN/control"
(cd "$root" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --build "$root" "$output" >/dev/null
