#!/bin/sh
# `picket agents lock`, `list` and `show` as a user meets them: agents that answer, and agents that hang, die, print
# nonsense or never stop; a policy that needs one of those; which lock counts afterwards.
set -u
picket=$PWD/$1
work=${TEST_TMPDIR:-$(mktemp -d)}/agents
rm -rf "$work"
mkdir -p "$work/root/acme" "$work/policy" "$work/empty" || exit 1
cd "$work" || exit 1
failed=0

fail() {
  echo "FAILED $*"
  failed=1
}

# agent NAME: what follows on stdin is the program.
agent() {
  cat >"root/$1" && chmod +x "root/$1"
}

# is STATUS COMMAND…: runs it, its words in `said`.
is() {
  wanted=$1
  shift
  "$@" >out 2>err
  got=$?
  cat out err >said
  [ "$got" = "$wanted" ] || {
    fail "status $got, not $wanted: $*"
    cat said
  }
}

# says TEXT: so did the command before.
says() {
  grep -qF -- "$1" said || {
    fail "nothing says: $1"
    cat said
  }
}

agent acme/Good <<'EOF'
#!/bin/sh
[ "$1" = meta-data ] || exit 3
echo 'a word before the XML'
cat <<'XML'
<?xml version="1.0"?>
<resource-agent name="Good" version="1.0">
  <shortdesc lang="en">Does good</shortdesc>
  <parameters>
    <parameter name="zone" required="1"><shortdesc>Where</shortdesc><content type="string"/></parameter>
    <parameter name="count"><content type="integer" default="1"/></parameter>
  </parameters>
  <actions><action name="start" timeout="20"/><action name="stop" timeout="20"/><action name="monitor"/></actions>
</resource-agent>
XML
EOF
agent acme/Hangs <<'EOF'
#!/bin/sh
sleep 1000 &
sleep 1000
EOF
agent acme/Dies <<'EOF'
#!/bin/sh
kill -TERM $$
EOF
agent acme/Fails <<'EOF'
#!/bin/sh
echo usage
exit 3
EOF
agent acme/Torn <<'EOF'
#!/bin/sh
echo '<resource-agent><parameters>'
EOF
agent acme/Floods <<'EOF'
#!/bin/sh
yes '<resource-agent>'
EOF
agent acme/NoProgram <<'EOF'
#!/nowhere/interpreter
EOF
agent fence_good <<'EOF'
#!/bin/sh
[ "$1 $2" = '-o metadata' ] || exit 1
echo '<resource-agent name="fence_good" shortdesc="Fences well"><parameters>'
echo '<parameter name="ip" required="1"><content type="string"/></parameter>'
echo '</parameters><actions><action name="reboot"/></actions></resource-agent>'
EOF
echo 'not a program' >root/acme/README

# Two that answer are written down, the others reported; twice the same.
is 0 "$picket" agents lock --from root --timeout 5 -o one.lock
for skipped in Hangs Dies Fails Torn Floods NoProgram; do says "skipped \`ocf:acme:$skipped\`"; done
says 'no answer within 5s'
says 'it ends by signal 15'
says 'it ends with status 3'
says 'not whole XML'
says 'it does not stop printing'
says '2 agents are in one.lock'
grep -q README one.lock && fail 'what is no program is in the lock'
rm root/acme/Hangs
is 0 "$picket" agents lock --from root -o two.lock
cmp -s one.lock two.lock || fail 'the second lock differs from the first'

# What is in it.
is 0 "$picket" agents list --agents one.lock
says 'ocf:acme:Good'
says 'Fences well'
is 0 "$picket" agents show Good --agents one.lock
says 'required'
says 'integer, default 1'
says 'timeout=20s'
is 2 "$picket" agents show Goood --agents one.lock
says 'did you mean'
is 0 "$picket" agents show fence_good --agents one.lock --format json
says '"picket-agents": 1'

# A policy that needs what is there gets a lock of its own, beside it, and is checked against that.
cat >policy/p.picket <<'EOF'
node n1 { id=1 }
fence f stonith:fence_good for n1 { ip=192.0.2.9 }
primitive g ocf:acme:Good { zone=a; op monitor interval=10s timeout=20s }
EOF
is 0 "$picket" agents lock --from root policy/p.picket
says '2 agents are in policy/agents.lock'
is 0 "$picket" check --strict policy/p.picket
sed 's/zone=a/zon=a/' policy/p.picket >policy/q.picket
for verb in check graph test compile; do
  is 2 "$picket" "$verb" policy/q.picket
  says 'error[E0311]'
done
is 2 "$picket" check --agents nowhere.lock policy/p.picket
says 'error[E0001]'

# One that needs what does not answer, or is not there, changes nothing.
cp policy/agents.lock before
for lacking in Fails Elsewhere; do
  echo "primitive x ocf:acme:$lacking" | cat policy/p.picket - >policy/r.picket
  is 3 "$picket" agents lock --from root policy/r.picket
  says "ocf:acme:$lacking"
  says 'nothing was written'
  cmp -s before policy/agents.lock || fail 'the lock was touched'
done
is 3 "$picket" agents lock --from empty -o three.lock
says 'no agents are installed here'
[ ! -e three.lock ] || fail 'an empty lock was written'

# A lock that was damaged stops every verb, and says where.
echo '<<<<<<< HEAD' | cat - before >policy/agents.lock
is 2 "$picket" check policy/p.picket
says 'policy/agents.lock:1:1: error[E0301]'
is 2 "$picket" agents list --agents policy/agents.lock
says 'policy/agents.lock:1: error[E0301]'

# Without a lock the built-in agents count: mistakes are errors for check, and nothing but warnings elsewhere.
rm policy/agents.lock
cat >policy/b.picket <<'EOF'
node n1 { id=1 }
fencing n1: none "an example"
primitive vip ocf:heartbeat:IPaddr2 { ipp=192.0.2.50 }
EOF
is 2 "$picket" check policy/b.picket
says 'error[E0311]'
is 0 "$picket" compile policy/b.picket
says 'warning[E0311]'
is 0 "$picket" agents show ocf:heartbeat:IPaddr2
says 'from built-in agents'
exit $failed
