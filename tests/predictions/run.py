#!/usr/bin/env python3
"""Warnings that say what will happen, and the world in which it happens: the two may not disagree.

    run.py PICKET FOLDER [CODE…]

A case is CODE.picket, or CODE.NAME.picket. In it stand

- the mistake: `picket check` warns of CODE;
- tests whose names begin with `predicted:`, which hold with the mistake: what the warning foretells happens;
- tests whose names begin with `mended:`, which do not;
- tests whose names begin with `same:`, which hold with it and without: where the warning says that a line has no
  effect, nothing is different when it is gone;
- lines `# cure: SED`, which do what the warning's help says. After that `check` does not warn of CODE any more, what
  was predicted does not happen, and what should happen does.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def codes(picket, policy):
    """What `check` says of a policy, as a set of codes, and the whole answer."""
    answer = run(picket, "check", "--format", "json", str(policy))
    found = json.loads(answer.stdout)["diagnostics"]
    return {one["code"] for one in found}, [one for one in found if one["severity"] == "error"]


def verdicts(picket, policy):
    """The tests of a policy: name and whether it holds."""
    answer = run(picket, "test", "--format", "json", str(policy))
    if not answer.stdout.strip():
        return {}, answer.stderr
    told = json.loads(answer.stdout)
    return {one["name"]: one["passed"] for policy in told["policies"] for one in policy["verdicts"]}, answer.stdout


def judge(picket, policy, code, cured):
    """Complaints about a policy with its mistake, or without it."""
    complaints = []
    state = "mended" if cured else "with the mistake"
    said, errors = codes(picket, policy)
    if errors:
        return [f"{state}: {errors}"]
    if (code in said) == cured:
        verb = "still warns" if cured else "does not warn"
        complaints.append(f"{state}: check {verb} of {code}; it says {sorted(said)}")
    held, told = verdicts(picket, policy)
    if not held:
        return complaints + [f"{state}: no test was played: {told[:2000]}"]
    for name, holds in held.items():
        if name.startswith("predicted:"):
            wanted = not cured
        elif name.startswith("mended:"):
            wanted = cured
        elif name.startswith("same:"):
            wanted = True
        else:
            complaints.append(f"the test `{name}` is none of `predicted:`, `mended:` and `same:`")
            continue
        if holds != wanted:
            complaints.append(f"{state}: the test `{name}` {'holds' if holds else 'does not hold'}")
    return complaints


def main():
    picket = str(pathlib.Path(sys.argv[1]).resolve())
    folder = pathlib.Path(sys.argv[2])
    wanted = sys.argv[3:]
    failed = played = 0
    for policy in sorted(folder.glob("*.picket")):
        code = policy.name.split(".")[0]
        if wanted and code not in wanted:
            continue
        played += 1
        text = policy.read_text(encoding="utf-8")
        cures = re.findall(r"^# cure: (.*)$", text, re.M)
        complaints = judge(picket, policy, code, False)
        if not cures:
            complaints.append("no cure")
        with tempfile.TemporaryDirectory() as work:
            cured = pathlib.Path(work, policy.name)
            for include in folder.glob("*.inc"):
                pathlib.Path(work, include.name).write_text(include.read_text(encoding="utf-8"), encoding="utf-8")
            scripts = [word for cure in cures for word in ("-e", cure)]
            cured.write_text(run("sed", "-E", *scripts, str(policy)).stdout, encoding="utf-8")
            if cures:
                complaints += judge(picket, cured, code, True)
        for complaint in complaints:
            print(f"FAIL: {policy.name}: {complaint}")
        failed += bool(complaints)
    print(f"{played} predictions, {failed} of them wrong")
    sys.exit(1 if failed or not played else 0)


if __name__ == "__main__":
    main()
