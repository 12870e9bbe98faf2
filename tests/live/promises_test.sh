#!/bin/bash
# Promises of picketd that want a running one: what goes on in maintenance, secrets, core dumps, names of processes,
# a relative folder, a configuration that its schema does not allow.
# Functions are called by name, through until_true and trap.
# shellcheck disable=SC2317
set -u

if [[ $(id -u) != 0 || ! -x /usr/lib/ocf/resource.d/pacemaker/Dummy ]]; then
  echo 'skipped: it wants root and the agent ocf:pacemaker:Dummy'
  exit 0
fi
# shellcheck source=tests/live/local_group.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/local_group.sh"

secret=correct-horse-battery
# An agent that tells its parameter to whoever listens.
provider=picket-promises-$$
agents=/usr/lib/ocf/resource.d/$provider
mkdir "$agents"
trap 'rm -rf "$agents"; finish' EXIT
cat >"$agents/Blabs" <<SH
#!/bin/sh
state=$work/blabs
case \$1 in
  meta-data)
    cat <<'META'
<resource-agent name="Blabs" version="1"><version>1.0</version>
<parameters><parameter name="passwd"><content type="string"/></parameter></parameters>
<actions><action name="start" timeout="20s"/><action name="stop" timeout="20s"/>
<action name="monitor" timeout="20s" interval="10s"/></actions></resource-agent>
META
    ;;
  start) touch "\$state" ;;
  stop) rm -f "\$state" ;;
  monitor)
    [ -e "\$state" ] || exit 7
    [ -e "\$state.bad" ] || exit 0
    echo "login with \$OCF_RESKEY_passwd failed" >&2
    echo "ocf-exit-reason:login with \$OCF_RESKEY_passwd failed" >&2
    exit 1 ;;
  *) exit 3 ;;
esac
SH
chmod 755 "$agents/Blabs"

# policy WEB BLABS: the CIB; the two words go into the parameters.
policy() {
  cat <<XML
<cib crm_feature_set="3.19.0" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
  <configuration>
    <crm_config><cluster_property_set id="cib-bootstrap-options">
      <nvpair id="o1" name="stonith-enabled" value="false"/>
    </cluster_property_set></crm_config>
    <nodes><node id="1" uname="here"/></nodes>
    <resources>
      <primitive id="web" class="ocf" provider="pacemaker" type="Dummy">
        <instance_attributes id="web-p"><nvpair id="web-s" name="state" value="$1"/></instance_attributes>
        <operations><op id="web-o" name="monitor" interval="1s" timeout="10s"/></operations>
      </primitive>
      <primitive id="blabs" class="ocf" provider="$provider" type="Blabs">
        <instance_attributes id="blabs-p"><nvpair id="blabs-s" name="passwd" value="$2"/></instance_attributes>
        <operations><op id="blabs-o" name="monitor" interval="1s" timeout="10s"/></operations>
      </primitive>
    </resources>
    <constraints/>
  </configuration>
</cib>
XML
}
policy "$work/web" "$secret" >"$work/policy.xml"
chmod 600 "$work/policy.xml"
mkdir "$dir"

say 'a process of another user that is called pacemakerd does not matter, one of root does'
cp "$(command -v sleep)" "$work/pacemakerd"
chmod 755 "$work" "$work/pacemakerd"
setpriv --reuid=65534 --regid=65534 --clear-groups "$work/pacemakerd" 600 &
impostor=$!
cd "$work" || exit 1
dir=dir start_daemon
kill "$impostor"
"$picket" stop --dir dir --yes >/dev/null || fail 'stop'
wait "$daemon" || fail 'picketd ends well'
daemon=
"$work/pacemakerd" 600 &
master=$!
words=$(timeout 20 "$picketd" --local --dir "$dir" --node here 2>&1) && fail 'picketd runs beside Pacemaker'
[[ $words == *acemaker* ]] || fail "the reason is told: $words"
{ kill "$master" && wait "$master"; } 2>/dev/null

say 'a relative folder is where picketd was started, for the daemon and for its clients'
dir=dir start_daemon
[[ -d $work/dir ]] || fail 'the folder'
"$picket" apply policy.xml --to local --dir dir --yes --wait 30 >/dev/null || fail 'apply'
until_true 'web runs' shows_settled 'web (ocf:pacemaker:Dummy): Started here'
(cd / && "$picket" status --dir "$dir" >/dev/null) || fail 'the same folder by its whole name'

say 'a picketd that crashes leaves no core dump, where other programs do, and what it runs goes on'
ulimit -c unlimited
mkdir cores
# The core of a shell that ends by the same signal.
# shellcheck disable=SC2016
(cd cores && bash -c 'kill -SEGV $$') 2>/dev/null
[[ -n $(ls cores) ]] || echo 'this machine writes no core dumps into folders: no core can be seen to be missing'
before=$(stat -c %Y.%i web blabs)
restart_daemon() {
  { kill "-$1" "$daemon" && wait "$daemon"; } 2>/dev/null
  start_daemon
}
restart_daemon KILL  # The new one has the limit.
home=$(readlink "/proc/$daemon/cwd")
restart_daemon SEGV
[[ -z $(find "$home" "$work" -maxdepth 1 -type f -name 'core*' -newer cores) ]] || fail 'picketd left a core dump'
until_true 'it settles' settled
[[ $(stat -c %Y.%i web blabs) == "$before" ]] || fail 'something was restarted'

say 'a secret that its agent repeats is nowhere to be read'
touch "$work/blabs.bad"
until_true 'the failure is told' shows 'login with'
for words in status events 'status --format json' 'events --format json'; do
  # shellcheck disable=SC2086  # Words.
  "$picket" $words --dir "$dir" >"$work/said" || fail "$words"
  grep -qF "$secret" "$work/said" && fail "the secret is in $words"
done
grep -qF "$secret" "$log" && fail 'the secret is in the log'
grep -rlF "$secret" "$dir" | while read -r file; do
  [[ $(stat -c %a:%u "$file") == 600:0 ]] || echo "$file"
done | grep . && fail 'the secret is in a file that others can read'
tr '\0' '\n' <"/proc/$daemon/cmdline" | grep -qF "$secret" && fail 'the secret is in the process list'
rm "$work/blabs.bad"
"$picket" cleanup blabs --dir "$dir" --yes >/dev/null || fail 'cleanup'
until_true 'it settles' settled

say 'what its schema does not allow, and what XML cannot carry, is refused'
number=$("$picket" status --dir "$dir" --format json | grep '"configuration"')
sed 's|<constraints/>|<constraints><rsc_bakery id="x"/></constraints>|' policy.xml >wrong.xml
"$picket" apply wrong.xml --to local --dir "$dir" --yes >said 2>&1 && fail 'an element that no schema has was taken'
grep -q 'rsc_bakery' said || fail "the element is named: $(cat said)"
sed 's|id="web-o"|id="web\&#10;o"|' policy.xml >wrong.xml
"$picket" apply wrong.xml --to local --dir "$dir" --yes >said 2>&1 && fail 'an id with a line feed was taken'
sed 's|id="web-o"|id="web\&#1;o"|' policy.xml >wrong.xml
"$picket" apply wrong.xml --to local --dir "$dir" --yes >said 2>&1 && fail 'an id with a control character was taken'
[[ $("$picket" status --dir "$dir" --format json | grep '"configuration"') == "$number" ]] || fail 'it is in force'

say 'in maintenance a stop names what goes on, and nothing comes of it later'
before=$(stat -c %Y.%i web blabs)
"$picket" maintenance on --dir "$dir" --yes >/dev/null || fail 'maintenance on'
"$picket" stop --dir "$dir" --yes >said 2>&1 || fail 'stop'
[[ $(<said) == *web* && $(<said) == *blabs* ]] || fail "what still runs is named: $(cat said)"
wait "$daemon" || fail 'picketd ends well'
start_daemon
"$picket" maintenance off --dir "$dir" --yes >/dev/null || fail 'maintenance off'
until_true 'web runs' shows_settled 'web (ocf:pacemaker:Dummy): Started here'
[[ $(stat -c %Y.%i web blabs) == "$before" ]] || fail 'something was restarted'
"$picket" events --dir "$dir" | grep -q 'is fenced' && fail 'somebody was fenced'

say 'a clean stop'
"$picket" stop --dir "$dir" --yes >/dev/null || fail 'stop'
wait "$daemon" || fail 'picketd ends well'
daemon=
[[ ! -e web && ! -e blabs ]] || fail 'something was left running'
