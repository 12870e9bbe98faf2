# --- what follows runs where this script is started; it works on one node after the other ---
ssh=${SSH:-ssh -o BatchMode=yes}
scp=${SCP:-scp -o BatchMode=yes}
wait_s=${WAIT_S:-180}
run=$(date -u +%Y%m%dT%H%M%SZ)-$$
first=${nodes%% *}
count=$(printf '%s\n' "$nodes" | wc -w)
new_key=/etc/corosync/.authkey.picket-new

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}
is_here() { [ "$(uname -n)" = "$1" ]; }
# NODE, and a script on the standard input.
on() { if is_here "$1"; then ${SUDO:-} sh -s; else $ssh "$1" ${SUDO:-} sh -s; fi; }
# NODE BEGIN STEPS: the steps there, after the functions that they call.
steps() {
    {
        printf "run='%s' cluster='%s' driver='%s' dead='' " "$run" "$cluster" "script by $(id -un)@$(uname -n)"
        printf "roll='%s' node='%s'\n" "$roll" "$1"
        printf "names='%s' conf='%s' manager='%s'\n" "$names" "$conf" "$manager"
        node_functions
        emitted_functions
        printf '{\n%s\n%s\nprintf "end\\\\n"\n} </dev/null\n' "$2" "$3"
    } | on "$1" >"$told" || fail "$1: it failed there; run this script again once that is mended"
    tail -n 1 "$told" | grep -q '^end$' || fail "$1: it did not end; run this script again"
    sed -n "s/^did${tab}/  $1: /p" "$told"
}
each() { for name in $nodes; do steps "$name" mine "$1"; done; }

# What more is needed on a node than what `picket bootstrap` itself calls: it plans from facts, this looks as it goes.
emitted_functions() {
    cat <<'PICKET_END'
name_in() { sed -n 's/^[[:space:]]*cluster_name:[[:space:]]*//p' "$1" 2>/dev/null | head -n 1; }
# The members that the file of this cluster names: NAME, a line each.
members() {
    is_ours || return 0
    awk '/^[ \t]*node[ \t]*\{/ { name = "" }
        /^[ \t]*name:/ { name = $2 }
        /^[ \t]*\}/ { if (name ~ /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/) print "member\t" name; name = "" }' \
        /etc/corosync/corosync.conf
}
# The cluster stops here, and is not started again.
leave() {
    is_ours || return 0
    for name in "$manager" corosync; do
        process=$name
        [ "$name" != pacemaker ] || process=pacemakerd
        if is_running "$process"; then unit stop "$name"; fi
        if [ "$(systemctl is-enabled "$name" 2>/dev/null)" = enabled ]; then unit disable "$name"; fi
    done
    aside /etc/corosync/corosync.conf
    aside /etc/corosync/authkey
    aside '/var/lib/pacemaker/cib/cib*'
    aside '/var/lib/pacemaker/pengine/pe-*'
    aside '/var/lib/corosync/ringid_*'
}
forget_if_known() {
    [ "$manager" = pacemaker ] && is_running pacemakerd || return 0
    if crm_node -l 2>/dev/null | grep -q "^[0-9]* $1 "; then forget "$1"; fi
}
is_running() { pidof "$1" >/dev/null 2>&1; }
is_ours() { [ "$(name_in /etc/corosync/corosync.conf)" = "$cluster" ]; }
is_example() {
    grep -q 'name:[[:space:]]*node1$' /etc/corosync/corosync.conf &&
        ! grep -qs '<primitive ' /var/lib/pacemaker/cib/cib.xml
}
fixed() { grep -E '^[[:space:]]*(transport|crypto_)' | tr -d ' \t' | sort; }
wanted() { printf '%s' "$conf" | base64 -d; }
look() {
    [ "$(id -u)" = 0 ] || die "not root: set SUDO='sudo -n', or log in as root"
    for program in corosync "$manager" systemctl flock base64 sha256sum; do
        [ "$program" != pacemaker ] || program=pacemakerd
        command -v "$program" >/dev/null || die "$program is not installed"
    done
    if is_running corosync && ! is_ours && ! is_example; then
        die "a cluster called $(name_in /etc/corosync/corosync.conf) runs there; stop it if nobody needs it"
    fi
    if is_running corosync && is_ours && [ "$(fixed </etc/corosync/corosync.conf)" != "$(wanted | fixed)" ]; then
        die "transport and crypto of a cluster at work change with picket bootstrap --restart only"
    fi
    if is_ours && [ -e /etc/corosync/authkey ]; then printf 'key\t%s\n' ours; fi
    printf 'digest\t%s\n' "$(digest /etc/corosync/authkey)"
    members
}
hosts() {
    cat /etc/hosts 2>/dev/null
    for pair in $names; do
        if ! getent ahosts "${pair%%=*}" | grep -q "^${pair#*=} "; then echo "${pair#*=} ${pair%%=*}"; fi
    done
}
# The lines without names that they give a wrong address.
right_hosts() {
    hosts | awk -v pairs="$names" 'BEGIN {
            n = split(pairs, p, " ")
            for (i = 1; i <= n; i++) { split(p[i], q, "="); is[q[1]] = q[2] }
        }
        /^[ \t]*#/ || NF < 2 { print; next }
        { out = $1; kept = 0
          for (i = 2; i <= NF; i++) if (!($i in is) || is[$i] == $1) { out = out " " $i; kept++ }
          if (kept == NF - 1) print; else if (kept > 0) print out }'
}
stage_all() {
    if ! is_ours || ! wanted | cmp -s - /etc/corosync/corosync.conf; then
        stage /etc/corosync/corosync.conf 644 root:root "$(digest /etc/corosync/corosync.conf)" "$conf"
    fi
    text=$(right_hosts | base64 | tr -d '\n')
    if [ "$(printf '%s' "$text" | base64 -d | sha256sum)" != "$(sha256sum </etc/hosts)" ]; then
        stage /etc/hosts 644 root:root "$(digest /etc/hosts)" "$text"
    fi
    if [ "$(uname -n)" != "$node" ]; then
        stage /etc/hostname 644 root:root "$(digest /etc/hostname)" "$(echo "$node" | base64)"
    fi
}
make_key() {
    head -c 256 /dev/urandom >/etc/corosync/.authkey.picket-new && own_key || die "no key can be made"
}
offer_key() { cp /etc/corosync/authkey /etc/corosync/.authkey.picket-new && own_key || die "the key cannot be copied"; }
own_key() {
    chown root:root /etc/corosync/.authkey.picket-new && chmod 400 /etc/corosync/.authkey.picket-new ||
        die "the key has not come"
}
keep_key() {
    [ -e /etc/corosync/authkey ] || return 0
    to=$(free "$here/before/etc/corosync/authkey")
    mkdir -p "${to%/*}" && cp -p /etc/corosync/authkey "$to" || die "$to cannot be written"
}
move_old() {
    if ! is_ours; then
        for name in "$manager" corosync; do
            process=$name
            [ "$name" != pacemaker ] || process=pacemakerd
            if is_running "$process"; then unit stop "$name"; fi
        done
        aside '/var/lib/pacemaker/cib/cib*'
        aside '/var/lib/pacemaker/pengine/pe-*'
        aside '/var/lib/corosync/ringid_*'
    fi
}
set_names() {
    place /etc/hosts
    place /etc/hostname
    if [ "$(uname -n)" != "$node" ]; then rename "$(uname -n)" "$node"; fi
}
reload_if_running() {
    if is_running corosync; then reload; fi
}
start_all() {
    for name in corosync "$manager"; do
        process=$name
        [ "$name" != pacemaker ] || process=pacemakerd
        if [ "$(systemctl is-enabled "$name" 2>/dev/null)" != enabled ]; then unit enable "$name"; fi
        if ! is_running "$process"; then unit start "$name"; fi
    done
}
agreed() {
    seen=$(corosync-quorumtool -s 2>/dev/null | sed -n 's/^Nodes: *//p')
    quorate=$(corosync-quorumtool -s 2>/dev/null | sed -n 's/^Quorate: *//p')
    if [ "$seen,$quorate" != "$1,Yes" ] || corosync-cfgtool -s | grep -q disconnected; then die "not yet"; fi
    [ "$manager" = pacemaker ] || return 0
    online=$(crm_mon -1 --output-as=xml 2>/dev/null | grep -c '<node name=.* online="true".* pending="false"')
    [ "$online" -ge "$1" ] || die "not yet"
}
PICKET_END
}

tab=$(printf '\t')
told=$(mktemp)
trap 'rm -f "$told"' EXIT
source=
digests=
gone=
for name in $nodes; do
    steps "$name" : look
    digests="$digests$(sed -n "s/^digest${tab}//p" "$told")
"
    if grep -q "^key${tab}" "$told" && [ -z "$source" ]; then source=$name; fi
    for member in $(sed -n "s/^member${tab}//p" "$told"); do
        case " $nodes $gone " in *" $member "*) ;; *) gone="$gone $member" ;; esac
    done
done
for name in $gone; do
    (steps "$name" : :) 2>/dev/null || fail "$name leaves the cluster and is not reached: see that it is reached"
done
echo "every node is reached and fit; nothing was changed yet"
for name in $nodes; do steps "$name" begin stage_all; done
for name in $gone; do
    steps "$name" begin leave
    steps "$name" mine 'finish done'
done
if [ "$(printf '%s' "$digests" | sort -u | wc -l)" != 1 ] || printf '%s' "$digests" | grep -q none; then
    if [ -n "$source" ]; then
        steps "$source" mine offer_key
    else
        source=$first
        steps "$source" mine make_key
    fi
    for name in $nodes; do
        [ "$name" = "$source" ] && continue
        from=$source:$new_key to=$name:$new_key
        if is_here "$source"; then from=$new_key; fi
        if is_here "$name"; then to=$new_key; fi
        $scp -3 -p "$from" "$to" >/dev/null || fail "the key does not come from $source to $name"
    done
    each own_key
    each keep_key
fi
each move_old
each 'place /etc/corosync/authkey'
each set_names
each 'place /etc/corosync/corosync.conf'
steps "$first" mine reload_if_running
for name in $gone; do steps "$first" mine "forget_if_known $name"; done
each start_all
end=$(($(date +%s) + wait_s))
for name in $nodes; do
    until (steps "$name" mine "agreed $count") 2>/dev/null; do
        [ "$(date +%s)" -lt "$end" ] || fail "$name does not see all $count nodes, with quorum and every link"
        sleep 1
    done
done
each 'finish done'
echo "the cluster $cluster is there: every node sees all $count nodes, and has quorum"
