"""The bad days of an apply, on the Pacemaker of deploy_test: each moment is chosen, none is hoped for.

A command of our own stands between Picket and the node (`--ssh`), and does what a bad day does just before the patch
arrives, just after it, or from some call on.
"""
import os
import shlex
import subprocess
import threading
import time

import changes

POLICY = changes.HEAD % {"n1": ""} + changes.WEB + changes.DB
THEIRS = '<primitive id="theirs" class="ocf" provider="pacemaker" type="Dummy"/>'


class Wrong(Exception):
    """Something is not as it should be."""


def need(what, that):
    if not that:
        raise Wrong(what)


def two(web="", db=""):
    return POLICY % (web, db, "10s")


def until(holds, what, limit_s=90):
    end = time.monotonic() + limit_s
    while not holds():
        need(what + " never comes true", time.monotonic() < end)
        time.sleep(0.3)


def way(cluster, script):
    """A way to the nodes: `script` runs for each call; `patches` counts the patches, the first of which is empty."""
    folder = os.path.join(cluster.folder, "way")
    os.makedirs(folder, exist_ok=True)
    for name in ("patches", "calls"):
        with open(os.path.join(folder, name), "w", encoding="utf-8"):
            pass
    path = os.path.join(folder, "way")
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\ncd %s\npicket=%s\nexec 8<&0\necho >>calls\ncalls=$(wc -l <calls)\npatch=no\n"
                   "case \"$*\" in *--patch*) echo >>patches; patch=$(wc -l <patches) ;; esac\n"
                   "there() { $picket lab exec \"$@\" <&8; }\non() { name=$1; shift; $picket lab exec $name -- \"$@\" "
                   "</dev/null >/dev/null 2>&1; }\n%s\nthere \"$@\"\n" %
                   (shlex.quote(folder), shlex.quote(cluster.picket), script))
    os.chmod(path, 0o755)
    return path


def apply_over(cluster, path, ssh, *more):
    return cluster.run("apply", path, "--to", "pacemaker", "--host", "n1", "--yes", "--ssh", ssh, *more)


def state_of(cluster, paths):
    """Which of the policies are in force; a state that is none of them is half done."""
    return [cluster.run("plan", path, "--host", "n1").returncode for path in paths]


def rivals(cluster, _):
    """What somebody else does between our reading and our patch: nothing is lost, and the answer is right."""
    new = "fake=mine;"
    mine = 'name="fake" value="mine"'
    whole = "cibadmin -Q >/tmp/whole; sed -i 's/<crm_config>/<crm_config><cluster_property_set id=\"whole\"><nvpair " \
        "id=\"whole-1\" name=\"whole\" value=\"theirs\"\\/><\\/cluster_property_set>/' /tmp/whole; "
    newer = "now=$(sed -n 's/.* epoch=.\\([0-9]*\\).*/\\1/p' /tmp/whole | head -n 1); " \
        "sed -i \"s/ epoch=.[0-9]*./ epoch='$((now + 1))'/\" /tmp/whole; "
    # What, the rival's command, the exit status of ours, what has to be there then, what has not.
    for what, rival, status, there, gone in (
            ("ours is changed", "crm_resource -r web -p fake -v rival", 1, ['value="rival"'], [mine]),
            ("another part of ours is changed", "cibadmin --modify --xml-text '<op id=\"db-monitor-interval-10s\" "
             "timeout=\"44s\"/>'", 1, ['timeout="44s"'], [mine]),
            ("ours is deleted", "cibadmin --delete --xml-text '<primitive id=\"web\"/>'", 1, [], ['id="web"', mine]),
            ("something is added to ours", "crm_resource -r web --meta -p priority -v 7", 0,
             [mine, 'name="priority"'], []),
            ("theirs is added", "cibadmin --create --scope resources --xml-text '%s'" % THEIRS, 0,
             [mine, 'id="theirs"'], []),
            ("theirs is changed", "crm_resource -r theirs -p fake -v rival", 0, [mine, 'value="rival"'], []),
            ("theirs is deleted", "cibadmin --delete --xml-text '<primitive id=\"theirs\"/>'", 0, [mine],
             ['id="theirs"']),
            ("the notes are deleted", "cibadmin --delete --xml-text '<cluster_property_set id=\"picket\"/>'", 0,
             [mine, 'id="picket"'], []),
            ("the notes are damaged", "cibadmin --modify --xml-text '<nvpair id=\"picket-owned\" value=\"5:x\"/>'", 0,
             [mine], []),
            ("the schema is another", "cibadmin --upgrade --force", 1, ['validate-with="pacemaker-3.9"'], [mine]),
            ("all is replaced, as an editor does", whole + "cibadmin --replace --xml-file /tmp/whole", 0,
             [mine, 'name="whole"'], []),
            ("all is replaced by something newer", whole + newer + "cibadmin --replace --xml-file /tmp/whole", 0,
             [mine, 'name="whole"'], []),
            ("all but the nodes is erased", "cibadmin --erase --force", 1, [], [mine, 'id="web"'])):
        begin = cluster.write("begin.picket", two())
        if "theirs is" not in what or "added" in what:
            cluster.apply(begin, "--own-all")
        cluster.apply(begin, "--wait", "60")
        path = cluster.write("mine.picket", two(web=new))
        cluster.write("rival.sh", "PATH=$PATH:/usr/sbin\n%s\n" % rival)
        ssh = way(cluster, "if [ \"$patch\" = 2 ]; then $picket lab exec n2 -- sh <%s/rival.sh >rival 2>&1; "
                  "echo $? >>rival; fi" % cluster.folder)
        done = apply_over(cluster, path, ssh)
        with open(os.path.join(cluster.folder, "way", "rival"), encoding="utf-8") as file:
            did = file.read()
        need("%s: the rival does it: %s" % (what, did), did.splitlines()[-1] == "0")
        cib = cluster.cib().split("<status")[0]
        told = "%s: %d\n%s%s\n%s" % (what, done.returncode, done.stdout, done.stderr, cib)
        need(told, done.returncode == status)
        need(told, all(text in cib for text in there) and not any(text in cib for text in gone))
        need(told, status == 0 or "nothing was changed" in done.stderr)
        cluster.apply(path)
        cluster.plan(path)
        print("    %s" % what, flush=True)
    cluster.apply(cluster.write("begin.picket", two()), "--own-all", "--wait", "90")


def unreached(cluster, full):
    """The node is not reached from some call on, or its answer to the patch is lost: all or nothing, and again."""
    paths = [cluster.write("u%d.picket" % i, two(web="fake=u%d;" % i, db="fake=u%d;" % i)) for i in (0, 1)]
    cluster.apply(paths[0], "--wait", "60")
    cuts = ["[ $calls -le %d ] || { echo no route >&2; exit 255; }" % calls for calls in (range(6) if full else (1, 3))]
    lost = ["if [ \"$patch\" = 2 ]; then there \"$@\"; echo closed >&2; exit 255; fi",
            "if [ \"$patch\" = 2 ]; then : >lost; there \"$@\"; echo closed >&2; exit 255; fi\n"
            "if [ -e lost ]; then echo no route >&2; exit 255; fi"]
    for number, cut in enumerate(cuts + lost):
        target, other = paths[(number + 1) % 2], paths[number % 2]
        if os.path.exists(os.path.join(cluster.folder, "way", "lost")):
            os.remove(os.path.join(cluster.folder, "way", "lost"))
        done = apply_over(cluster, target, way(cluster, cut))
        ends = state_of(cluster, (target, other))
        told = "%s: %d, %s\n%s" % (cut, done.returncode, ends, done.stderr)
        need(told, sorted(ends) == [0, 5])
        need(told, done.returncode == 3 or (done.returncode == 0 and ends == [0, 5]))
        need(told, "nothing was changed" not in done.stderr or ends == [5, 0])
        cluster.apply(target)
        cluster.plan(target)


def restarting(cluster, _):
    """Pacemaker of the node that is asked restarts before the patch or right after it, or is killed and started."""
    paths = [cluster.write("r%d.picket" % i, two(web="fake=r%d;" % i, db="fake=r%d;" % i)) for i in (0, 1)]
    cluster.apply(paths[0], "--wait", "60")
    start = "while pidof pacemakerd >/dev/null; do sleep 0.1; done; setsid pacemakerd >/dev/null 2>&1 </dev/null &"
    cluster.node("n1", "sh", "-c", "cat >/usr/local/sbin/again <<'END'\nkill -TERM $(pidof pacemakerd)\n%s\nEND\n"
                 "cat >/usr/local/sbin/crash <<'END'\nkill -9 $(pidof pacemakerd pacemaker-controld pacemaker-based "
                 "pacemaker-attrd pacemaker-execd pacemaker-fenced pacemaker-schedulerd)\n%s\nEND\n" % (start, start))
    for number, script in enumerate(
            ("[ \"$patch\" != 2 ] || on n1 sh /usr/local/sbin/again",
             "if [ \"$patch\" = 2 ]; then there \"$@\"; end=$?; on n1 sh /usr/local/sbin/again; exit $end; fi",
             "[ \"$patch\" != 1 ] || on n1 sh /usr/local/sbin/again",
             "[ \"$patch\" != 2 ] || on n1 sh /usr/local/sbin/crash",
             "if [ \"$patch\" = 2 ]; then there \"$@\"; end=$?; on n1 sh /usr/local/sbin/crash; exit $end; fi")):
        target, other = paths[(number + 1) % 2], paths[number % 2]
        done = apply_over(cluster, target, way(cluster, script))
        until(lambda: sorted(state_of(cluster, paths)) == [0, 5], "n1 answers again, and has all or nothing")
        ends = state_of(cluster, (target, other))
        told = "%s: %d, %s\n%s" % (script, done.returncode, ends, done.stderr)
        need(told, done.returncode in (0, 3))
        need(told, done.returncode != 0 or ends == [0, 5])
        need(told, "nothing was changed" not in done.stderr or ends == [5, 0])
        until(lambda: cluster.run("apply", target, "--to", "pacemaker", "--host", "n1", "--yes").returncode == 0,
              "the next apply goes on")
        cluster.plan(target)
        cluster.run("apply", target, "--to", "pacemaker", "--host", "n1", "--yes", "--wait", "90")
        until(lambda: "n1" in online(cluster), "n1 is back")


def online(cluster):
    text = cluster.node("n2", "crm_mon", "-1", "--output-as=xml")
    return [line.split('name="')[1].split('"')[0] for line in text.splitlines()
            if "<node " in line and 'online="true"' in line and 'pending="false"' in line]


def parted(cluster, _):
    """The network parts just before the patch: afterwards all nodes have the same, all or nothing, and it goes on."""
    paths = [cluster.write("p%d.picket" % i, two(web="fake=p%d;" % i, db="fake=p%d;" % i)) for i in (0, 1)]
    cluster.apply(paths[0], "--wait", "60")
    for number, groups in enumerate(("n1/n2,n3", "n1,n2/n3", "n1,n3/n2")):
        target, other = paths[(number + 1) % 2], paths[number % 2]
        ssh = way(cluster, "[ \"$patch\" != 2 ] || $picket lab partition %s </dev/null >/dev/null" % groups)
        try:
            done = apply_over(cluster, target, ssh, "--wait", "20")
        finally:
            time.sleep(1)
            cluster.good("lab", "heal")

        def agree():
            # When it was written last is each part's own word.
            cibs = [cluster.node(name, "cibadmin", "--query", "--local") for name in ("n1", "n2", "n3")]
            return (len({cib[cib.find("<configuration"):cib.find("<status")] for cib in cibs}) == 1 and
                    len({cib.split(' epoch="')[1].split('"')[0] for cib in cibs}) == 1 and
                    all('have-quorum="1"' in cib for cib in cibs))
        until(agree, "all have the same")
        ends = state_of(cluster, (target, other))
        told = "%s: %d, %s\n%s%s" % (groups, done.returncode, ends, done.stdout, done.stderr)
        need(told, sorted(ends) == [0, 5])
        need("said to be settled, and gone: " + told, done.returncode != 0 or ends == [0, 5])
        until(lambda: cluster.run("apply", target, "--to", "pacemaker", "--host", "n1", "--yes").returncode == 0,
              "the next apply goes on")
        cluster.apply(target, "--wait", "90")
        cluster.plan(target)


def full_disks(cluster, _):
    """No room for the plan, for the journal, or on the node: it is said, and nothing is half done."""
    old, new = (cluster.write("f%d.picket" % i, two(web="fake=f%d;" % i)) for i in (0, 1))
    cluster.apply(old, "--wait", "60")

    def with_full(script):
        folder = os.path.join(cluster.folder, "full")
        os.makedirs(folder, exist_ok=True)
        return subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=4k none %s; cd %s; head -c 4096 "
                               "/dev/zero >fill; picket=%s; %s" % (folder, folder, cluster.picket, script)],
                              capture_output=True, text=True, check=False)

    done = with_full("$picket plan %s --host n1 -o plan.json; echo $?; ls" % new)
    need(done.stdout + done.stderr, done.stdout.split()[-2:] == ["3", "fill"] and "No space left" in done.stderr)
    done = with_full("mkdir -p picket/journal; XDG_STATE_HOME=$PWD $picket apply %s --to pacemaker --host n1 --yes; "
                     "echo $?" % new)
    need(done.stdout + done.stderr, done.stdout.split()[-1] == "0" and "No space left" in done.stderr and
         "rollback" in done.stderr)
    cluster.plan(new)
    need("there is nothing to take back", cluster.run("rollback", "--host", "n1", "--yes").returncode == 2)
    cluster.plan(new)
    cluster.apply(old)
    cluster.good("rollback", "--host", "n1", "--yes")
    cluster.plan(new)
    # The node's own disk: Pacemaker takes the change into its memory and to the other nodes.
    cib = "/var/lib/pacemaker/cib"
    cluster.node("n1", "sh", "-c", "mkdir /tmp/small && mount -t tmpfs -o size=64k,mode=750 none /tmp/small && "
                 "cp -a %s/cib.xml %s/cib.xml.sig /tmp/small && chown hacluster:haclient /tmp/small && "
                 "mount --move /tmp/small %s && (cat /dev/zero >%s/fill || :) 2>/dev/null" % (cib, cib, cib, cib))
    try:
        done = cluster.run("apply", old, "--to", "pacemaker", "--host", "n1", "--yes")
        ends = state_of(cluster, (old, new))
        need("%d, %s\n%s" % (done.returncode, ends, done.stderr),
             (done.returncode == 0 and ends == [0, 5]) or (done.returncode == 3 and ends == [5, 0]))
    finally:
        cluster.node("n1", "sh", "-c", "umount -l %s" % cib)
    cluster.apply(old)
    cluster.plan(old)


def asked(cluster, _):
    """An ssh that would ask for a password: told at once, for each verb, and nothing is changed."""
    path = cluster.write("asked.picket", two(web="fake=asked;"))
    before = state_of(cluster, [path])
    no = "echo 'root@n1: Permission denied (publickey,password).' >&2; exit 255"
    for words in (["plan", path], ["apply", path, "--to", "pacemaker", "--yes"], ["drift", path],
                  ["rollback", "--yes"]):
        done = cluster.run(*words, "--host", "n1", "--ssh", way(cluster, no))
        need("%s: %d %s" % (words[0], done.returncode, done.stderr),
             done.returncode == 3 and "Permission denied" in done.stderr)
    need("nothing was changed", state_of(cluster, [path]) == before)


def killed_between(cluster, _):
    """Killed between the two steps of a removal: the next run goes on, or takes the first step back."""
    whole, less = cluster.write("whole.picket", two()), cluster.write(
        "less.picket", changes.HEAD % {"n1": ""} + changes.WEB % "")
    for then, other in ((less, whole), (whole, less)):
        cluster.apply(whole, "--wait", "60")
        ssh = way(cluster, "if [ -e stopped ]; then kill -9 $PPID; exit 255; fi\nif [ \"$patch\" = 2 ]; then "
                  "there \"$@\"; end=$?; : >stopped; exit $end; fi")
        done = apply_over(cluster, less, ssh)
        os.remove(os.path.join(cluster.folder, "way", "stopped"))
        need("it was killed: %d" % done.returncode, done.returncode == -9)
        need("db is told to stop", 'name="target-role" value="Stopped"' in cluster.cib())
        cluster.apply(then, "--wait", "60")
        ends = state_of(cluster, (then, other))
        need("%s" % ends, ends == [0, 5] and "target-role" not in cluster.cib())


def hung(cluster, _):
    """A monitor that hangs is taken out of the policy: `--wait` comes to an end."""
    for name in ("n1", "n2", "n3"):
        cluster.node(name, "sh", "-c", "cd /usr/lib/ocf/resource.d/pacemaker && sed '2i if [ \"$1\" = monitor ] && "
                     "[ -e /run/hang ]; then sleep 300; fi' Dummy >Hanging && chmod 755 Hanging")
    policy = two() + "primitive h ocf:pacemaker:Hanging { %s } # allow all\n"
    cluster.apply(cluster.write("h0.picket", policy % "op monitor interval=2s timeout=200s"), "--wait", "60")
    for name in ("n1", "n2", "n3"):
        cluster.node(name, "touch", "/run/hang")
    time.sleep(4)
    try:
        done = cluster.run("apply", cluster.write("h1.picket", policy % ""), "--to", "pacemaker", "--host", "n1",
                           "--yes", "--wait", "60")
        need(done.stdout + done.stderr, done.returncode == 0 and "settled" in done.stdout)
    finally:
        for name in ("n1", "n2", "n3"):
            cluster.node(name, "rm", "/run/hang")
    cluster.apply(cluster.write("begin.picket", two()), "--wait", "90")


def hush(cluster, _):
    """A secret in motion: in no process, no environment, no message, not even of a cluster that refuses it."""
    folder = os.path.join(cluster.folder, "hush")
    os.makedirs(folder, exist_ok=True)
    value = 'so-very-hush&<"quoted">'
    with open(os.open(folder + "/web", os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(value + "\n")
    seen, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            for number in (name for name in os.listdir("/proc") if name.isdigit()):
                for what in ("cmdline", "environ"):
                    try:
                        with open("/proc/%s/%s" % (number, what), "rb") as file:
                            text = file.read()
                        # Pacemaker gives an agent its parameters so, and nobody but root reads it.
                        if b"so-very-hush" in text and (what == "cmdline" or b"OCF_RESKEY_" not in text):
                            seen.append((number, what, text))
                    except OSError:
                        pass

    watcher = threading.Thread(target=look)
    plain, path = cluster.write("plain.picket", two()), cluster.write("hush.picket", two(web='fake=secret("web");'))
    cluster.apply(plain)
    told = ""
    watcher.start()
    try:
        # Refused by the node, whose complaint may well repeat what it was sent.
        refuse = way(cluster, "if [ \"$patch\" = 2 ]; then cat <&8 >&2; exit 78; fi")
        done = apply_over(cluster, path, refuse, "--secrets", folder, "-v")
        need("it is refused: %d" % done.returncode, done.returncode == 3)
        told += done.stdout + done.stderr
        for words in (["apply", path, "--to", "pacemaker", "--yes", "--secrets", folder, "-v", "--wait", "30"],
                      ["plan", path, "-v", "--secrets", folder], ["drift", path, "-v"],
                      ["plan", plain, "-v"], ["plan", plain, "--format", "json"],
                      ["drift", plain], ["apply", plain, "--to", "pacemaker", "--yes", "-v"],
                      ["rollback", "--yes", "-v", "--secrets", folder], ["plan", path, "--secrets", folder],
                      ["rollback", "--dry-run"], ["apply", path, "--to", "pacemaker", "--yes", "--secrets", folder]):
            done = cluster.run(*words, "--host", "n1")
            need("%s: %d %s" % (words, done.returncode, done.stderr),
                 done.returncode in ((0,) if words[0] in ("apply", "rollback") and "--yes" in words else (0, 1, 2, 5)))
            told += done.stdout + done.stderr
        need("the rollback brought it back", "so-very-hush" in cluster.cib())
        # The whole resource goes, by a policy that never heard of the secret.
        less = cluster.write("less.picket", changes.HEAD % {"n1": ""} + changes.DB % ("", "10s"))
        told += cluster.apply(less, "--wait", "60")
    finally:
        stop.set()
        watcher.join()
    need("in no process: %s" % seen, not seen)
    need("in no message: " + told, "so-very-hush" not in told)
    for root, _, files in os.walk(cluster.folder):
        for name in files:
            with open(os.path.join(root, name), encoding="utf-8", errors="replace") as file:
                need("in no file: %s/%s" % (root, name), root == folder or "so-very-hush" not in file.read())


TESTS = (rivals, unreached, restarting, parted, full_disks, asked, killed_between, hung, hush)
