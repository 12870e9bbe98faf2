# What `picket bootstrap` does on a node: functions, one for each kind of step; the steps of a phase follow.
# Set before: run (the name of the run), cluster, driver (who works on it), dead (drivers that are known to have
# ended, between `;`), roll (the run's nodes: `NAME ADDRESS;NAME ADDRESS`).
#
# A step is noted in the run's journal before it is done, so that it can be taken back; to do it again does no harm.
# Nothing is deleted: what is replaced or moved aside lies below `before`, what was taken back below `after`.
# Texts and the key come as arguments of functions, which no list of processes shows.
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077
tab=$(printf '\t')
base=/var/lib/picket/bootstrap
here=$base/$run
silence_s=120   # for so long a driver that says nothing is thought to be at work

die() {
    printf '%s\n' "$*" >&2
    exit 1
}
told() { printf 'did\t%s\n' "$*"; }
digest() { if [ -e "$1" ]; then sha256sum <"$1" | cut -d' ' -f1; else echo none; fi; }
relabel() { if command -v restorecon >/dev/null; then restorecon "$1" 2>/dev/null || :; fi; }
real() { readlink -f "$1" || printf '%s\n' "$1"; }
staged() { printf '%s/.%s.picket-new\n' "${1%/*}" "${1##*/}"; }
note() {
    line=$1
    shift
    for value in "$@"; do line=$line$tab$value; done
    printf '%s\n' "$line" >>"$here/journal" && sync "$here/journal" || die "the journal $here/journal cannot be written"
}
say_state() {
    printf '%s\n' "$1" >"$here/.state" && mv -f "$here/.state" "$here/state" && sync "$here/state" ||
        die "$here/state cannot be written"
}
# The first name that nothing has yet, beginning with this one; and the last that something has.
free() {
    name=$1
    while [ -e "$name" ] || [ -L "$name" ]; do name=$name+; done
    printf '%s\n' "$name"
}
last() {
    name=$1
    while [ -e "$name+" ]; do name=$name+; done
    printf '%s\n' "$name"
}

# --- who works here ---

lock() {
    mkdir -p "$base" || die "$base cannot be made"
    exec 9>>"$base/lock" || die "$base/lock cannot be written"
    # The last phase of a run that was killed may still be at work.
    flock -w 60 9 || die "another bootstrap is at work on this node"
}
begin() {
    lock
    held=$(cat "$base/driver" 2>/dev/null)
    case ";$driver;$dead;" in
    *";$held;"*) held= ;;
    esac
    if [ -n "$held" ]; then
        age=$(($(date +%s) - $(stat -c %Y "$base/driver")))
        [ "$age" -ge "$silence_s" ] ||
            die "another bootstrap is at work: $held, $age s ago; one that has ended is taken over after $silence_s s"
    fi
    printf '%s\n' "$driver" >"$base/.driver" && mv -f "$base/.driver" "$base/driver" ||
        die "$base/driver cannot be written"
    mkdir -p "$here/before" "$here/after" || die "$here cannot be made"
    printf '%s\n' "$cluster" >"$here/cluster" && printf '%s\n' "$roll" | tr ';' '\n' >"$here/nodes" ||
        die "$here is full"
    [ -e "$here/state" ] || say_state begun
    note by "$driver" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
}
mine() {
    lock
    [ "$(cat "$base/driver" 2>/dev/null)" = "$driver" ] || die "another bootstrap has taken over on this node"
    touch "$base/driver"
}
finish() {
    say_state "$1"
    rm -f "$base/driver"
}

# --- files ---

# PATH MODE OWNER DIGEST BASE64: writes the new text beside the file, which has to be what it was, and keeps that.
stage() {
    [ "$(digest "$1")" = "$4" ] || die "$1 was changed since it was looked at"
    path=$(real "$1")
    target=$(staged "$path")
    mkdir -p "${path%/*}" && rm -f "$target" || die "$target cannot be written"
    printf '%s' "$5" | base64 -d >"$target" || die "$target cannot be written"
    chmod "$2" "$target" && chown "$3" "$target" && sync "$target" || die "$target cannot be written"
    if [ -e "$path" ]; then
        to=$(free "$here/before$1")
        mkdir -p "${to%/*}" && cp -p "$path" "$to" && sync "$to" || die "$to cannot be written"
    fi
}
# Nothing was changed yet, and nothing will be: what was written beside its place goes, and so does the driver.
give_up() {
    [ "$(cat "$base/driver" 2>/dev/null)" = "$driver" ] || return 0
    for name in "$@"; do rm -f "$(staged "$(real "$name")")"; done
    rm -f "$base/driver"
}
place() {
    path=$(real "$1")
    target=$(staged "$path")
    [ -e "$target" ] || return 0
    old=$(digest "$path")
    if [ "$old" = none ]; then kept=none; else kept=$(last "$here/before$1"); fi
    note file "$1" "$old" "$(digest "$target")" "$kept"
    mv -f "$target" "$path" && sync "${path%/*}" || die "$1 cannot be replaced"
    relabel "$path"
    told "$1"
}
# A pattern of ours.
aside() {
    found=
    for path in $1; do
        [ -e "$path" ] || [ -L "$path" ] || continue
        to=$(free "$here/before$path")
        printf 'moved\t%s\t%s\n' "$path" "$to" >>"$here/journal" || die "the journal cannot be written"
        found=yes
    done
    [ -n "$found" ] || return 0
    sync "$here/journal" || die "the journal cannot be written"
    for path in $1; do
        [ -e "$path" ] || [ -L "$path" ] || continue
        to=$(free "$here/before$path")
        mkdir -p "${to%/*}" && mv "$path" "$to" || die "$path cannot be moved to $to"
    done
    told "moved aside: $1"
}

# --- the machine and its services ---

rename() {
    note name "$1" "$2"
    hostnamectl set-hostname "$2" 2>/dev/null || hostname "$2" || die "the machine's name cannot be changed"
    told "the machine is called $2"
}
# What a unit was before this run, once.
note_unit() {
    if grep -q "^unit$tab$1$tab" "$here/journal"; then return 0; fi
    enabled=$(systemctl is-enabled "$1" 2>/dev/null | head -n 1)
    active=$(systemctl is-active "$1" 2>/dev/null | head -n 1)
    note unit "$1" "${enabled:-none}" "${active:-none}"
}
unit() {
    note_unit "$2"
    complaint=$(systemctl "$1" "$2" 9>&- 2>&1 >/dev/null) || die "systemctl $1 $2: $complaint"
    told "$1 $2"
}
reload() {
    note reload
    complaint=$(corosync-cfgtool -R 2>&1) || die "corosync-cfgtool -R: $complaint"
    told "Corosync has read its file again"
}
forget() {
    note forgot "$1"
    complaint=$(crm_node --force -R "$1" 2>&1) || die "crm_node -R $1: $complaint"
    told "$1 has left the CIB"
}

# --- taking back ---

# PATH OLD NEW KEPT, as the journal has them.
back_file() {
    path=$(real "$1")
    now=$(digest "$path")
    if [ "$now" = "$2" ]; then return 0; fi
    if [ "$now" != "$3" ]; then
        printf 'left\t%s\tit was changed since\n' "$1"
        return 0
    fi
    to=$(free "$here/after$1")
    mkdir -p "${to%/*}" || die "$to cannot be written"
    if [ "$2" = none ]; then
        mv "$path" "$to" || die "$1 cannot be moved to $to"
        told "$1 is moved aside"
        return 0
    fi
    [ "$(digest "$4")" = "$2" ] || die "$4 is not what $1 was"
    target=$(staged "$path")
    cp -p "$path" "$to" && cp -p "$4" "$target" && sync "$target" && mv -f "$target" "$path" ||
        die "$1 cannot be replaced"
    relabel "$path"
    told "$1 is as it was"
}
back_move() {
    [ -e "$2" ] || return 0
    if [ -e "$1" ]; then
        to=$(free "$here/after$1")
        mkdir -p "${to%/*}" && mv "$1" "$to" || die "$1 cannot be moved to $to"
    fi
    mkdir -p "${1%/*}" && mv "$2" "$1" || die "$2 cannot be moved to $1"
}
back_name() {
    if [ "$(uname -n)" != "$2" ]; then
        printf 'left\tname\tthe machine has been renamed since\n'
        return 0
    fi
    hostnamectl set-hostname "$1" 2>/dev/null || hostname "$1" || die "the machine's name cannot be changed"
    told "the machine is called $1"
}
# What the cluster made after this run began: the pattern's files go below `after`.
after() {
    for path in $1; do
        [ -e "$path" ] || continue
        to=$(free "$here/after$path")
        mkdir -p "${to%/*}" && mv "$path" "$to" || die "$path cannot be moved to $to"
    done
}
# The journal, for whoever plans to take it back: `entry`, what it says, and what a file is now.
show() {
    printf 'picket-probe\t1\n'
    printf 'state\t%s\n' "$(cat "$here/state" 2>/dev/null)"
    printf 'cluster\t%s\n' "$(cat "$here/cluster" 2>/dev/null)"
    while read -r name address; do printf 'node\t%s\t%s\n' "$name" "$address"; done <"$here/nodes"
    while IFS=$tab read -r kind one two three four; do
        now=
        if [ "$kind" = file ]; then now=$(digest "$one"); fi
        printf 'entry\t%s\t%s\t%s\t%s\t%s\t%s\n' "$kind" "$one" "$two" "$three" "$four" "$now"
    done <"$here/journal"
}
# The phase, in one piece: one that was cut off on the way does nothing.
