"""`picket doctor` beside nodes and policies that mean harm. A program stands for ssh and plays the nodes.

    doctor_hostile_test.py PICKET        exit status: 0 all is well, 1 something is wrong
"""
import json
import os
import resource
import subprocess
import sys
import tempfile

NODES = """cluster shop {
  transport = knet
  crypto cipher=aes256 hash=sha256
  link lan
}
node n1 { id=1; link lan 192.0.2.1 }
node n2 { id=2; link lan 192.0.2.2 }
"""

# HOST -- env LC_ALL=C PATH=… WORD…: the probe, the clock, UDP, or a fence agent whose input is kept.
STAND_IN = """#!/bin/sh
host=$1
shift 5
case $*,$MODE in
sh*,endless) while :; do echo "picket-probe 0123456789012345678901234567890123456789012345678901234567890"; done ;;
sh*,links) printf 'picket-probe\\t1\\nclosed\\t99999999\\tx\\naddress\\nend\\n' ;;
sh*,keys) echo 'Host key verification failed.' >&2; exit 255 ;;
sh*,noise) printf 'no \033[2J\007way\n' >&2; exit 255 ;;
sh*,hang) [ "$host" = n1 ] || exec sleep 1000
    printf 'picket-probe\t1\nuid\t0\nname\t%s\nend\n' "$host" ;;
sh*,cut) printf 'picket-probe\t1\nuid\t0\nname\tn1\n' ;;
sh*,zeros) head -c 1000000 /dev/zero ;;
sh*,lines) printf 'picket-probe\\t1\\n'; yes uid=0 | tr = '\\t' | head -n 100000; echo end ;;
sh*,long | sh*,longer)
    [ "$MODE" = long ] && size=262144 || size=10485760
    printf 'picket-probe\\t1\\nuid\\t0\\nname\\t%s\\n' "$host"
    printf 'file\\t/etc/corosync/corosync.conf\\t644\\troot:root\\t10485760\\tabc\\t'
    head -c $size /dev/zero | tr '\\000' x | base64 | tr -d '\\n'; printf '\\nend\\n' ;;
sh*,escape) printf 'picket-probe\\t1\\nname\\t\\033[2J\\001x\\nend\\n' ;;
sh*) printf 'picket-probe\\t1\\nuid\\t0\\nname\\t%s\\nagent\\tstonith:fence_ipmilan\\tabc\\n' "$host"
     printf 'agent\\tstonith:poweroff\\tabc\\nend\\n' ;;
date*) date +%s.%N ;;
*) { echo "== $*"; cat; } >>"$KEEP.$host"; echo "DEBUG got password=S3cret" >&2; exit 1 ;;
esac
"""


class Test:
    def __init__(self, picket, folder):
        self.picket, self.folder, self.wrong = picket, folder, 0
        self.kept = os.path.join(folder, "kept")
        self.way = os.path.join(folder, "way")
        with open(self.way, "w", encoding="utf-8") as file:
            file.write(STAND_IN)
        os.chmod(self.way, 0o755)

    def doctor(self, policy, *options, mode="", own_ssh=False):
        path = os.path.join(self.folder, "p.picket")
        with open(path, "w", encoding="utf-8") as file:
            file.write(policy)
        for kept in self.all_kept():
            os.remove(kept)
        environment = dict(os.environ, MODE=mode, KEEP=self.kept, PICKET_SSH="" if own_ssh else self.way)
        run = subprocess.run(
            [self.picket, "doctor", path, *options], env=environment, capture_output=True, check=False, timeout=120
        )
        return run.returncode, run.stdout, run.stderr

    def all_kept(self):
        return [path for path in (self.kept + ".n1", self.kept + ".n2") if os.path.exists(path)]

    def asked(self):
        return "".join(open(path, encoding="utf-8").read() for path in self.all_kept())

    def expect(self, what, holds, seen=""):
        if not holds:
            self.wrong += 1
            print(f"WRONG: {what}\n{seen}")


def answers(test):
    """What a node answers, and what is told of it. Each is bounded: the time by `doctor`, the memory below."""
    for mode, expected, said in (
        ("keys", 3, "Host key verification failed"),
        ("noise", 3, "way"),
        ("cut", 3, "the probe was cut off"),
        ("zeros", 3, "the probe did not run"),
        ("lines", 3, "the probe told too much"),
        ("long", 1, "corosync.conf"),
        ("longer", 3, "an answer without end"),
        ("hang", 3, "no answer in time"),
    ):
        status, out, _ = test.doctor(NODES, "--format", "json", mode=mode)
        findings = [finding for check in json.loads(out)["checks"] for finding in check["findings"]]
        told = [finding["evidence"] for finding in findings if said in finding["evidence"]]
        test.expect(f"{mode}: {said}", status == expected and told, (status, findings))
        test.expect(f"{mode}: a remedy each", all(finding["remedy"] for finding in findings), findings)
        test.expect(f"{mode}: no control characters", b"\\u001b" not in out and b"\\u0007" not in out, out)
        if mode == "hang":  # The other node is looked at all the same.
            silent = {finding["node"] for finding in findings if said in finding["evidence"]}
            test.expect("n2 alone is not reached", silent == {"n2"}, findings)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    test.expect("all that in 200 MB", peak < 200_000, peak)


def names(test):
    """Names that a shell, a terminal or a reader of XML would take for something else."""
    for name in ("n'2", 'n\\"2', "n 2", "n;reboot", "$(reboot)", "n\\u{1b}[2J", "n\\n2", "<n2>", "../n2"):
        policy = NODES.replace("node n2", f'node "{name}"')
        for form in ("text", "json", "junit"):
            status, out, err = test.doctor(policy, "--format", form)
            test.expect(f"{name} in {form}: a verdict", status in (1, 2, 3), (status, out, err))
            test.expect(f"{name} in {form}: no control characters", b"\x1b" not in out + err, out + err)
            if form == "json" and status != 2:
                json.loads(out)


def locks(test):
    """A lock of agents that is damaged is named, and nothing is asked."""
    path = os.path.join(test.folder, "lock")
    for text in ("", "{", "[" * 100000, "\0" * 100, '{"format": 7}', '{"agents": {"a": null}}', "x" * (1 << 20)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        status, out, err = test.doctor(NODES, "--agents", path)
        test.expect(f"lock {text[:20]!r}", status == 2 and path.encode() in err and not out, (status, out, err))
    status, _, err = test.doctor(NODES, "--agents", path + "-missing")
    test.expect("a lock that is not there", status == 2 and b"cannot be read" in err, (status, err))


def main():
    with tempfile.TemporaryDirectory() as folder:
        test = Test(os.path.abspath(sys.argv[1]), folder)

        # A device is asked for its status, whatever the policy says of its action.
        device = 'fence f1 stonith:fence_ipmilan for n1, n2 { ip="192.0.2.9"; action="off"; password="S3cret" }\n'
        status, out, _ = test.doctor(NODES + device)
        asked = test.asked()
        test.expect("the device is asked", "== fence_ipmilan" in asked, asked)
        test.expect("for its status alone", "action=off" not in asked and "action=status" in asked, asked)
        test.expect("the last action is ours", all(
            part.strip().splitlines()[-1] == "action=status" for part in asked.split("== fence_ipmilan")[1:]), asked)
        test.expect("a password that an agent repeats is masked", b"S3cret" not in out and b"***" in out, out)
        test.expect("amiss", status == 1, status)

        status, out, _ = test.doctor(NODES + 'fence f1 stonith:poweroff for n1, n2 { ip="x" }\n')
        test.expect("what is no fence agent is not run", test.asked() == "", test.asked())
        status, out, _ = test.doctor(NODES + 'fence f1 stonith:fence_ipmilan for n1, n2 { ip="a\\naction=off" }\n')
        test.expect("a value of two lines is not sent", "action=off" not in test.asked(), test.asked())

        # No name or address becomes an option of ssh.
        mark = os.path.join(folder, "mark")
        hostile = NODES.replace("192.0.2.2", f'"-oProxyCommand=touch {mark}"')
        status, out, _ = test.doctor(hostile, own_ssh=True)
        test.expect("no option for ssh", not os.path.exists(mark) and status in (2, 3), status)

        # Nodes that tell nonsense.
        for mode in ("links", "escape"):
            for form in ("text", "json", "junit"):
                status, out, _ = test.doctor(NODES, "--format", form, mode=mode)
                test.expect(f"{mode} in {form}: a verdict", status in (1, 3) and out, status)
                test.expect(f"{mode} in {form}: no control characters", b"\x1b" not in out and b"\x01" not in out, out)
        peak_before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        status, out, _ = test.doctor(NODES, "--format", "json", mode="endless")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        verdict = json.loads(out)
        test.expect("an endless answer is not reached", status == 3 and not verdict["well"], status)
        test.expect("and costs little memory", peak < max(peak_before, 200_000), peak)
        answers(test)
        names(test)
        locks(test)
        print(f"{test.wrong} wrong")
        return 1 if test.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
