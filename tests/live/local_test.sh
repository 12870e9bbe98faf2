#!/bin/bash
# A group of one with real agents: from nothing to running, a failure, a threshold, promotion scores, standby, a
# picketd that is killed and comes back, what simulate says of the live state, a clean stop.
# Functions are called by name, through until_true and trap.
# shellcheck disable=SC2317
set -u

agents=/usr/lib/ocf/resource.d
if [[ ! -x $agents/pacemaker/Dummy || ! -x $agents/pacemaker/Stateful || ! -x $agents/heartbeat/Dummy ]]; then
  echo 'skipped: the agents ocf:pacemaker:Dummy, ocf:pacemaker:Stateful and ocf:heartbeat:Dummy are not installed'
  exit 0
fi

# shellcheck source=tests/live/local_group.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/local_group.sh"

# The agents' state files, so that a test needs no folder of the system.
cat >"$work/policy.xml" <<XML
<cib crm_feature_set="3.19.0" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
  <configuration>
    <crm_config><cluster_property_set id="cib-bootstrap-options">
      <nvpair id="o1" name="stonith-enabled" value="false"/>
    </cluster_property_set></crm_config>
    <nodes><node id="1" uname="here"/></nodes>
    <resources>
      <primitive id="web" class="ocf" provider="pacemaker" type="Dummy">
        <meta_attributes id="web-m"><nvpair id="web-t" name="migration-threshold" value="2"/></meta_attributes>
        <instance_attributes id="web-p"><nvpair id="web-s" name="state" value="$work/web"/></instance_attributes>
        <operations><op id="web-o" name="monitor" interval="1s" timeout="10s"/></operations>
      </primitive>
      <primitive id="plain" class="ocf" provider="heartbeat" type="Dummy">
        <instance_attributes id="plain-p"><nvpair id="plain-s" name="state" value="$work/plain"/></instance_attributes>
      </primitive>
      <clone id="db-ms">
        <meta_attributes id="db-m"><nvpair id="db-t" name="promotable" value="true"/></meta_attributes>
        <primitive id="db" class="ocf" provider="pacemaker" type="Stateful">
          <instance_attributes id="db-p"><nvpair id="db-s" name="state" value="$work/db"/></instance_attributes>
          <operations>
            <op id="db-1" name="monitor" interval="2s" timeout="10s" role="Promoted"/>
            <op id="db-2" name="monitor" interval="3s" timeout="10s" role="Unpromoted"/>
          </operations>
        </primitive>
      </clone>
    </resources>
    <constraints/>
  </configuration>
</cib>
XML
mkdir "$dir"

say 'from nothing to all running, by scores that an agent sets'
start_daemon
"$picket" apply "$work/policy.xml" --to local --dir "$dir" --yes --wait 30 || fail 'apply'
until_true 'web runs' shows_settled 'web (ocf:pacemaker:Dummy): Started here'
until_true 'plain runs' shows_settled 'plain (ocf:heartbeat:Dummy): Started here'
until_true 'db is promoted' shows_settled 'Promoted: [ here ]'

say 'what cannot be carried out is refused by name'
sed 's/class="ocf" provider="heartbeat" type="Dummy"/class="daemontools" type="plain"/' \
  "$work/policy.xml" >"$work/bad.xml"
"$picket" apply "$work/bad.xml" --to local --dir "$dir" --yes 2>"$work/refusal" &&
  fail 'a service of daemontools was taken'
# The quotes are those of the message.
# shellcheck disable=SC2016
grep -qF '`plain` has an agent of class `daemontools`' "$work/refusal" || fail 'the refusal names it'

say 'a failed monitor: restart, and after the second time no more'
rm "$work/web"
until_true 'web is started again' test -e "$work/web"
until_true 'it settles' settled
rm "$work/web"
until_true 'web stays stopped at its threshold' shows_settled 'web (ocf:pacemaker:Dummy): Stopped'
"$picket" cleanup web --dir "$dir" --yes >/dev/null || fail 'cleanup'
until_true 'web runs again' shows_settled 'web (ocf:pacemaker:Dummy): Started here'

say 'picketd killed with -9 and started again: nothing restarts'
before="$(stat -c %Y.%i "$work/web" "$work/plain" "$work/db")"
{ kill -9 "$daemon" && wait "$daemon"; } 2>/dev/null
start_daemon
until_true 'db is still promoted' shows_settled 'Promoted: [ here ]'
[[ $(stat -c %Y.%i "$work/web" "$work/plain" "$work/db") == "$before" ]] || fail 'something was restarted'
[[ $(starts web) == 0 ]] || fail 'web was started again'

say 'what simulate says of the live state is that nothing is left to do'
"$picket" status --dir "$dir" --cib >"$work/live.xml" || fail 'the live CIB'
"$picket" simulate -x "$work/live.xml" -S >"$work/simulated" || fail 'simulate'
grep -q 'Resource action' "$work/simulated" && fail 'simulate would do more'

say 'a parameter that the agent can reload is reloaded, another one means a restart'
before="$(stat -c %Y.%i "$work/web" "$work/plain" "$work/db")"
sed "s|<nvpair id=\"web-s\"|<nvpair id=\"web-f\" name=\"fake\" value=\"2\"/>&|" "$work/policy.xml" >"$work/fake.xml"
"$picket" apply "$work/fake.xml" --to local --dir "$dir" --yes --wait 30 >"$work/applied" || fail 'apply with fake'
grep -q 'Reload web' "$work/applied" || fail 'no reload is announced'
until_true 'web runs on' shows_settled 'web (ocf:pacemaker:Dummy): Started here'
"$picket" events --dir "$dir" | grep -q web_reload-agent_0 || fail 'there was no reload'
[[ $(stat -c %Y.%i "$work/web" "$work/plain" "$work/db") == "$before" ]] || fail 'something was restarted'
sed "s|value=\"$work/web\"|value=\"$work/moved\"|" "$work/policy.xml" >"$work/moved.xml"
"$picket" apply "$work/moved.xml" --to local --dir "$dir" --yes --wait 30 >/dev/null || fail 'apply with state'
until_true 'web is where it was moved to' test -e "$work/moved"
[[ ! -e $work/web ]] || fail 'web was stopped with what it was to be started with'
"$picket" apply "$work/policy.xml" --to local --dir "$dir" --yes --wait 30 >/dev/null || fail 'apply as before'
until_true 'web is back' test -e "$work/web"

say 'a resource that is no longer in the policy is stopped and forgotten'
sed '/<primitive id="plain"/,/<\/primitive>/d' "$work/policy.xml" >"$work/less.xml"
"$picket" apply "$work/less.xml" --to local --dir "$dir" --yes --wait 30 >/dev/null || fail 'apply without plain'
[[ ! -e $work/plain ]] || fail 'plain still runs'
"$picket" status --dir "$dir" --cib | grep -q '<lrm_resource id="plain"' && fail 'plain is not forgotten'
"$picket" events --dir "$dir" | grep -q 'plain: delete' && fail 'an agent was asked to forget'
"$picket" apply "$work/policy.xml" --to local --dir "$dir" --yes --wait 30 >/dev/null || fail 'apply with plain again'
until_true 'plain runs again' shows_settled 'plain (ocf:heartbeat:Dummy): Started here'

say 'standby and back'
"$picket" standby here --dir "$dir" --yes >/dev/null || fail 'standby'
until_true 'all is stopped' shows_settled 'plain (ocf:heartbeat:Dummy): Stopped'
[[ ! -e $work/plain && ! -e $work/web ]] || fail 'something still runs'
"$picket" online here --dir "$dir" --yes >/dev/null || fail 'online'
until_true 'all runs again' shows_settled 'plain (ocf:heartbeat:Dummy): Started here'

say 'nobody is fenced where fencing is disabled, and nobody vouches for a node that is here'
words=$("$picket" fence here --dir "$dir" --yes 2>&1) && fail 'fence says that it would do something'
[[ $words == *'here would not be fenced'* ]] || fail "fence: $words"
words=$("$picket" fence here --confirm --dir "$dir" --yes 2>&1) && fail 'fence believes that a member is off'
[[ $words == *'it is not off'* ]] || fail "fence --confirm: $words"
shows 'plain (ocf:heartbeat:Dummy): Started here' || fail 'something was fenced'

say 'a clean stop'
"$picket" stop --dir "$dir" --yes >/dev/null || fail 'stop'
wait "$daemon" || fail 'picketd ends well'
daemon=
[[ ! -e $work/plain && ! -e $work/web && ! -e $work/db ]] || fail 'something was left running'
