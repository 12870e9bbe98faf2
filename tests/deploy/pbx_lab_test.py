"""The commands of examples/pbx/README.md, as they stand there, on two bare nodes of a lab with real Pacemaker.

    pbx_lab_test.py PICKET

In the lab there is no DRBD, no systemd and no IPMI: `ocf:linbit:drbd` is Pacemaker's Stateful there, the file system
and Asterisk are Dummies, and `fence_ipmilan` is the lab's own fence agent.
Exit status: 0 all is well or there can be no lab here, 1 something is wrong.
"""
import os
import shutil
import subprocess
import sys
import tempfile

NAME = "pbx-test-%d" % os.getpid()
NO_LAB = 3
ENDS = {"--dry-run": (5, 0), " plan ": (5,)}    # the first time, and after that
AGENTS = "/usr/lib/ocf/resource.d"
# The agents of the example, where the lab's nodes look for them.
PREPARE = """mkdir -p /var/lib/picket-lab/enabled %(agents)s/linbit
cp %(agents)s/pacemaker/Stateful %(agents)s/linbit/drbd
cp %(agents)s/pacemaker/Dummy %(agents)s/heartbeat/Filesystem
cp /usr/sbin/fence_lab /usr/sbin/fence_ipmilan
""" % {"agents": AGENTS}


def main():
    picket = os.path.realpath(sys.argv[1])
    here = os.path.dirname(os.path.realpath(__file__))
    example = os.path.join(here, "..", "..", "examples", "pbx")
    folder = tempfile.mkdtemp(prefix="picket-pbx-")
    os.environ.update(LAB_NAME=NAME, PICKET_SSH=picket + " lab exec", XDG_STATE_HOME=folder + "/state",
                      PATH=folder + "/bin:" + os.environ["PATH"])
    os.makedirs(folder + "/bin")
    os.symlink(picket, folder + "/bin/picket")
    os.makedirs(folder + "/secrets/ipmi")
    for node in ("ha1", "ha2"):
        with open("%s/secrets/ipmi/%s" % (folder, node), "w", encoding="utf-8") as file:
            file.write("hush-%s\n" % node)
        os.chmod("%s/secrets/ipmi/%s" % (folder, node), 0o600)
    with open(os.path.join(example, "pbx.picket"), encoding="utf-8") as file:
        text = file.read()
    policy = os.path.join(folder, "pbx.picket")
    with open(policy, "w", encoding="utf-8") as file:
        file.write(text.replace("systemd:asterisk", "ocf:pacemaker:Dummy"))
    with open(os.path.join(example, "README.md"), encoding="utf-8") as file:
        commands = [line[6:].rstrip() for line in file if line.startswith("    $ ")]
    up = subprocess.run([picket, "lab", "up", policy, "--bare", "--name", NAME], capture_output=True, text=True,
                        check=False)
    if up.returncode:
        print(up.stdout + up.stderr)
        return 0 if up.returncode == NO_LAB else 1
    try:
        return play(picket, folder, commands)
    finally:
        subprocess.run([picket, "lab", "down"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def play(picket, folder, commands):
    if len(commands) < 8:
        print("WRONG: README.md has %d commands" % len(commands))
        return 1
    for node in ("ha1", "ha2"):
        subprocess.run([picket, "lab", "exec", node, "--", "sh", "-c", PREPARE], check=True)
    seen = set()
    for command in commands:
        asked = command.startswith(("picket apply", "picket bootstrap")) and "--dry-run" not in command
        kind = next((word for word in ENDS if word in command), "")
        expected = ENDS[kind][-1 if kind in seen else 0] if kind else 0
        seen.add(kind)
        done = subprocess.run(["sh", "-c", command + (" --yes" if asked else "")], cwd=folder, capture_output=True,
                              text=True, check=False, stdin=subprocess.DEVNULL)   # A person is asked.
        if done.returncode != expected:
            print("WRONG: %s ends with %d, not %d:\n%s%s" %
                  (command, done.returncode, expected, done.stdout, done.stderr))
            return 1
        if "hush" in done.stdout + done.stderr:
            print("WRONG: %s tells a secret" % command)
            return 1
        print("    %s" % command, flush=True)
    where = subprocess.run([picket, "lab", "exec", "ha1", "--", "crm_mon", "-1"], capture_output=True, text=True,
                           check=False).stdout
    if "asterisk" not in where or "Promoted: [ ha1 ]" not in where and "Masters: [ ha1 ]" not in where:
        print("WRONG: the calls do not go through:\n" + where)
        return 1
    print("PASS  the guide")
    return 0


if __name__ == "__main__":
    sys.exit(main())
