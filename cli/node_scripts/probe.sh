# What is on this node: read only. Each line is a word and its values, with tabs between them; `end` is the last one.
# Set before: names, agents, packages (words), and what: `look`, or `describe` for what agents say of themselves.
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
say() {
    key=$1
    shift
    printf '%s' "$key"
    for value in "$@"; do
        printf '\t'
        printf '%s' "$value" | tr '\000-\037' ' '
    done
    echo
}
have() { command -v "$1" >/dev/null 2>&1; }
digest() { sha256sum 2>/dev/null <"$1" | cut -d' ' -f1; }
# A file: path, mode, owner, size, digest, and with a second word its text in base64.
file() {
    [ -e "$1" ] || return 0
    if [ -n "$2" ]; then text=$(head -c 262144 "$1" | base64 | tr -d '\n'); else text=; fi
    say file "$1" "$(stat -c %a "$1")" "$(stat -c %U:%G "$1")" "$(stat -c %s "$1")" "$(digest "$1")" "$text"
}
# The program of an agent.
program_of() {
    case $1 in
    ocf:*) rest=${1#ocf:} && echo "/usr/lib/ocf/resource.d/${rest%%:*}/${rest#*:}" ;;
    stonith:fence_*) command -v "${1#stonith:}" ;;
    lsb:*) echo "/etc/init.d/${1#lsb:}" ;;
    esac
}

# What agents say of themselves, and the releases of packages.
describe() {
    say picket-probe 1
    for agent in $agents; do
        path=$(program_of "$agent")
        [ -n "$path" ] && [ -x "$path" ] || continue
        case $agent in
        ocf:*) set -- meta-data ;;
        stonith:*) set -- -o metadata ;;
        *) continue ;;
        esac
        text=$(OCF_ROOT=/usr/lib/ocf OCF_RA_VERSION_MAJOR=1 OCF_RA_VERSION_MINOR=1 OCF_RESOURCE_TYPE="${agent##*:}" \
            timeout -k 1 5 "$path" "$@" 2>/dev/null | head -c 262144 | base64 | tr -d '\n')
        say metadata "$agent" "$text"
    done
    for package in $packages; do
        release=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null) ||
            release=$(rpm -q --queryformat '%{VERSION}-%{RELEASE}' "$package" 2>/dev/null) || release=
        say package "$package" "${release#*:}"
    done
    say end
}

# In one piece: a script that was cut off on the way does nothing, and no program that it runs reads the rest of it.
look() {
    say picket-probe 1
    say clock "$(date +%s.%N)"
    say uid "$(id -u)"
    say name "$(uname -n)"
    for name in $names; do
        say resolves "$name" "$(timeout 5 getent ahosts "$name" 2>/dev/null | cut -d' ' -f1 | sort -u | tr '\n' ' ')"
    done
    ip -o link show 2>/dev/null | while read -r line; do say interface "$line"; done
    ip -o addr show 2>/dev/null | while read -r line; do say address "$line"; done

    file /etc/corosync/corosync.conf text
    file /etc/corosync/authkey
    file /etc/hosts text
    file /etc/hostname text
    file /var/lib/pacemaker/cib/cib.xml
    if [ -e /var/lib/pacemaker/cib/cib.xml ]; then
        uname='s/.*uname="\([^"]*\)".*/\1/p'
        say cib-nodes "$(grep -o '<node [^>]*' /var/lib/pacemaker/cib/cib.xml | grep -v 'type="remote"' |
            sed -n "$uname" | tr '\n' ' ')"
        say cib-primitives "$(grep -c '<primitive ' /var/lib/pacemaker/cib/cib.xml)"
    fi
    if [ -d /var/lib/pacemaker/cib ]; then say cib-folder "$(stat -c '%U:%G %a' /var/lib/pacemaker/cib)"; fi
    # State that an earlier cluster may have left: a pattern, and how many files fit it.
    for pattern in /var/lib/pacemaker/cib/cib* /var/lib/pacemaker/pengine/pe-* /var/lib/corosync/ringid_*; do
        if [ -e "$pattern" ]; then echo "${pattern%/*}"; fi
    done | sort | uniq -c | while read -r count folder; do say state "$folder" "$count"; done
    # What `picket bootstrap` noted here.
    for run in /var/lib/picket/bootstrap/*/journal; do
        if [ -e "$run" ]; then
            run=${run%/journal}
            say bootstrap "${run##*/}" "$(cat "$run/state" 2>/dev/null)" "$(cat "$run/cluster" 2>/dev/null)"
        fi
    done
    if [ -e /var/lib/picket/bootstrap/driver ]; then say bootstrap-driver "$(cat /var/lib/picket/bootstrap/driver)"; fi
    for program in flock sha256sum base64 systemctl stat sync; do have "$program" || say lacks "$program"; done
    for manager in apt-get dnf zypper; do if have "$manager"; then say installs-with "$manager"; fi; done

    for process in /proc/[0-9]*/comm; do cat "$process" 2>/dev/null; done | sort -u | while read -r name; do
        case $name in
        corosync | pacemakerd | picketd | sbd) say process "$name" ;;
        chronyd | ntpd | openntpd | systemd-timesyn | ptp4l | phc2sys) say process "$name" ;;
        esac
    done
    if have corosync; then
        say corosync "$(corosync -v 2>/dev/null | sed -n "s/.*version '\([^']*\)'.*/\1/p")"
    fi
    if have pacemakerd; then
        say pacemaker "$(pacemakerd --version 2>/dev/null | sed -n 's/^Pacemaker \([^ ]*\).*/\1/p')"
    fi
    if have picketd; then say picketd "$(command -v picketd)"; fi
    for name in corosync pacemaker picketd; do
        if have systemctl; then
            enabled=$(systemctl is-enabled "$name" 2>/dev/null | head -n 1)
            say unit "$name" "$enabled" "$(systemctl is-active "$name" 2>/dev/null | head -n 1)"
        fi
    done

    corosync-quorumtool -s 2>/dev/null | while read -r line; do say quorum "$line"; done
    corosync-cfgtool -s 2>/dev/null | while read -r line; do say link "$line"; done
    corosync-cmapctl 2>/dev/null | grep -E '^(nodelist\.node|quorum|totem)\.|^runtime\.members\..*\.status' |
        while read -r line; do say cmap "$line"; done
    say running-name "$(corosync-cmapctl -g totem.cluster_name 2>/dev/null | sed 's/.*= //')"
    if have crm_mon; then
        online='/<nodes>/,/<\/nodes>/s/.*<node name="\([^"]*\)".* online="true".* pending="false".*/\1/p'
        crm_mon -1 --output-as=xml 2>/dev/null | sed -n "$online" | while read -r name; do say online "$name"; done
    fi

    for agent in $agents; do
        case $agent in
        systemd:*)
            say agent "$agent" "$(systemctl is-enabled "${agent#systemd:}" 2>/dev/null | head -n 1)"
            continue
            ;;
        ocf:* | stonith:fence_* | lsb:*) path=$(program_of "$agent") ;;
        *) continue ;;
        esac
        if [ -n "$path" ] && [ -x "$path" ]; then
            say agent "$agent" "$(digest "$path")"
        else
            say agent "$agent" missing
        fi
    done

    if have ss; then
        ss -Hlunp 2>/dev/null | while read -r line; do say listens udp "$line"; done
        ss -Hltnp 2>/dev/null | while read -r line; do say listens tcp "$line"; done
    fi
    if have firewall-cmd && [ "$(firewall-cmd --state 2>/dev/null)" = running ]; then
        say firewall firewalld "$(firewall-cmd --list-services 2>/dev/null)" "$(firewall-cmd --list-ports 2>/dev/null)"
    fi
    if have ufw && ufw status 2>/dev/null | grep -q '^Status: active'; then
        say firewall ufw "" "$(ufw status 2>/dev/null | sed -n 's/ *ALLOW.*//p' | tr '\n' ' ')"
    fi
    if have nft && nft list ruleset 2>/dev/null | grep -q 'hook input.*policy drop'; then
        say firewall nftables "" "$(nft list ruleset 2>/dev/null | grep -o 'dport [^;]* accept' | tr '\n' ' ')"
    fi
    if have getenforce; then say selinux "$(getenforce)"; else say selinux absent; fi
    for folder in /etc /var/lib; do
        say disk "$folder" "$(df -Pk "$folder" 2>/dev/null | sed -n '2s/ \{1,\}/ /gp' | cut -d' ' -f4)"
    done

    # A password that everybody knows. The hash stays here.
    hash=$(getent shadow hacluster 2>/dev/null | cut -d: -f2)
    case $hash in
    '' | '!'* | '*'*) say password none ;;
    *)
        if have perl; then
            tried='for ("hacluster", "password", "redhat", "linux", "cluster", "pacemaker", "changeme", "")'
            tried="\$h = <STDIN>; $tried { if (crypt(\$_, \$h) eq \$h) { print \"known\"; exit } } print \"other\""
            say password "$(printf '%s' "$hash" | perl -e "$tried")"
        else
            say password unknown
        fi
        ;;
    esac
    for device in /dev/watchdog /dev/watchdog0; do
        if [ -e "$device" ]; then say watchdog "$device" "$(cat /sys/class/watchdog/watchdog0/identity 2>/dev/null)"; fi
    done
    for path in /etc/default/sbd /etc/sysconfig/sbd; do
        if [ -r "$path" ]; then
            pair='s/^\(SBD_[A-Z_]*\)=["'\'']\{0,1\}\([^"'\'']*\).*/\1 \2/p'
            sed -n "$pair" "$path" | while read -r key value; do say sbd "$key" "$value"; done
        fi
    done
    # What is written on SBD's disks.
    if have sbd; then
        for path in /etc/default/sbd /etc/sysconfig/sbd; do
            sed -n 's/^SBD_DEVICE=["'\'']\{0,1\}\([^"'\'']*\).*/\1/p' "$path" 2>/dev/null | tr ';' '\n'
        done | while read -r disk; do
            [ -n "$disk" ] || continue
            dump=$(timeout 10 sbd -d "$disk" dump 2>/dev/null)
            watchdog=$(printf '%s\n' "$dump" | sed -n 's/^Timeout (watchdog) *: *\([0-9]*\).*/\1/p')
            msgwait=$(printf '%s\n' "$dump" | sed -n 's/^Timeout (msgwait) *: *\([0-9]*\).*/\1/p')
            say sbd-disk "$disk" "$watchdog" "$msgwait"
        done
    fi
    grep -hs '^ *address\|^ *port' /etc/drbd.d/*.res 2>/dev/null | grep -o ':[0-9]\{2,5\};' | tr -d ':;' | sort -u |
        while read -r port; do say drbd-port "$port"; done
    say end
}
"$what" </dev/null
