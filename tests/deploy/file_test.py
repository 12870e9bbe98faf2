"""`plan`, `apply`, `drift` and `rollback` with Pacemaker's own cibadmin on a CIB in a file: no cluster, no root.

    file_test.py PICKET

From every policy of changes.py to the next, and to others in any order: what cibadmin makes of the patch is what was
meant. Skipped where cibadmin is not installed.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import changes
import more_changes

NODES = "".join('<node id="%d" uname="n%d"/>' % (n, n) for n in (1, 2, 3))
EMPTY = ('<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.7" admin_epoch="0" epoch="1" num_updates="0">'
         '<configuration><crm_config/><nodes>%s</nodes><resources/><constraints/></configuration><status/></cib>'
         % NODES)


def main():
    picket, folder = os.path.realpath(sys.argv[1]), tempfile.mkdtemp(prefix="picket-file-")
    if not shutil.which("cibadmin", path=os.environ.get("PATH", "") + ":/usr/sbin"):
        print("skipped: cibadmin is not installed")
        return 0
    cib = folder + "/cib.xml"
    environment = dict(os.environ, CIB_file=cib, XDG_STATE_HOME=folder, HOME=folder,
                       PATH=os.environ.get("PATH", "") + ":/usr/sbin")

    def write(name, text):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return os.path.join(folder, name)

    def run(*words, status=0):
        done = subprocess.run([picket, *words], capture_output=True, text=True, env=environment, check=False)
        if done.returncode != status:
            raise AssertionError("picket %s ends with %d, not %d:\n%s%s" %
                                 (" ".join(words), done.returncode, status, done.stdout, done.stderr))
        return done.stdout

    write("cib.xml", EMPTY)
    steps = [(what, write("p%03d.picket" % number, policy))
             for number, (what, policy) in enumerate([*changes.steps(), *more_changes.steps()])]
    random.seed(7)
    walk = list(range(len(steps))) + [random.randrange(len(steps)) for _ in range(60)]
    for turn, number in enumerate(walk):
        what, path = steps[number]
        try:
            run("apply", path, "--to", "pacemaker", "--yes")
            run("plan", path)
            if turn % 5 == 0:
                # What is imported is what is live.
                run("import", "--live", "-o", folder + "/imported.picket")
                run("plan", folder + "/imported.picket")
        except AssertionError as wrong:
            raise AssertionError(what + ": " + str(wrong)) from wrong
    print("PASS  %d changes" % len(walk))

    # Offline, against a file; and the exit status is that of the list.
    plan = json.loads(run("plan", steps[1][1], "--against", cib, "--format", "json", status=5))
    assert plan["changes"] and plan["format"] == "picket-plan" and plan["version"] == 1, plan
    # A plan that was kept holds as long as what it is about has not changed.
    run("apply", steps[0][1], "--to", "pacemaker", "--yes")
    run("plan", steps[1][1], "-o", folder + "/plan.json", status=5)
    run("apply", steps[2][1], "--to", "pacemaker", "--yes")
    run("apply", folder + "/plan.json", "--yes", status=1)
    write("nonsense.json", '{"format": "picket-plan", "version": 99, "declared": "", "text": ""}')
    run("apply", folder + "/nonsense.json", "--yes", status=2)
    print("PASS  plans")

    # A constraint that gets another id and then goes leaves nothing behind.
    two = changes.HEAD % {"n1": ""} + changes.WEB % "" + changes.DB % ("", "10s")
    run("apply", write("named.picket", two + "colocation mine: db with web\n"), "--to", "pacemaker", "--yes")
    run("apply", write("derived.picket", two + "colocation db with web\n"), "--to", "pacemaker", "--yes")
    run("apply", write("without.picket", two), "--to", "pacemaker", "--yes")
    with open(cib, encoding="utf-8") as file:
        assert "rsc_colocation" not in file.read()
    # A stranger's constraint that would be left without its resource is named, and nothing is changed.
    subprocess.run(["cibadmin", "--create", "--scope", "constraints", "--xml-text",
                    '<rsc_colocation id="theirs" rsc="db" with-rsc="web" score="5"/>'], env=environment, check=True)
    for words in (["plan"], ["apply", "--to", "pacemaker", "--yes"]):
        done = subprocess.run([picket, words[0], write("less.picket", changes.HEAD % {"n1": ""} + changes.WEB % ""),
                               *words[1:]], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 2 and "`theirs`" in done.stderr and "`db`" in done.stderr, done
    run("plan", folder + "/without.picket")
    subprocess.run(["cibadmin", "--delete", "--xpath", "//rsc_colocation"], env=environment, check=True)
    print("PASS  names")

    # One step back, and no further where somebody else has been.
    run("apply", steps[4][1], "--to", "pacemaker", "--yes")
    run("apply", steps[3][1], "--to", "pacemaker", "--yes")
    run("rollback", "--yes")
    run("plan", steps[4][1])
    run("drift", steps[4][1])
    subprocess.run(["cibadmin", "--delete", "--xpath", "//op[@name='monitor']"], env=environment, check=True)
    run("drift", steps[4][1], status=5)
    run("drift", steps[4][1], "--revert", "--yes")
    run("drift", steps[4][1])
    print("PASS  drift and rollback")
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
