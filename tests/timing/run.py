#!/usr/bin/env python3
"""What `picket timing` says is what `picket test` sees.

    run.py PICKET FOLDER POLICY…

For each chain of each policy two tests are written and played: the service is away for at most as long as the chain
says, which must hold, and for less than that, which must not. Beyond that, plain.picket and assumed.picket in FOLDER
are one cluster, the second with every operation assumed to take its timeout: what the first says `at most` is what
the second says is so.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def chains(picket, policy):
    """The chains of a policy, as JSON has them."""
    answer = run(picket, "timing", "--format", "json", str(policy))
    if answer.returncode not in (0, 1):
        sys.exit(f"{policy}: exit status {answer.returncode}: {answer.stderr}")
    return json.loads(answer.stdout)["policies"][0]["chains"]


def faults(chain):
    """The faults of a chain in the words of a test."""
    node, subject = chain["node"], chain["subject"]
    return {
        "node dies": [f"kill {node}"],
        "device hangs": [f"fail {subject} fencing rc=timeout", f"kill {node}"],
        "resource fails": [f"fail {subject} on {node}"],
        "stop hangs": [f"fail {subject} stop on {node} rc=timeout", f"fail {subject} on {node}"],
    }[chain["fault"]]


def promotable(text, service):
    return f"promotable {service} " in text


def compare(picket, policy, work):
    """Complaints about one policy."""
    text = policy.read_text(encoding="utf-8")
    tests, wanted = [], {}
    for number, chain in enumerate(chains(picket, policy)):
        service, away = chain["service"], chain["assumed"]["away_ms"]
        # `downtime` asks whether anything runs, and not whether it is promoted.
        if promotable(text, service):
            continue
        steps = "\n  ".join(faults(chain))
        claims = {"for good": (f"not running {service}", True)} if away is None else {
            "at most": (f"downtime({service}) <= {away}ms", True), "less": (f"downtime({service}) < {away}ms", False)}
        for words, (claim, holds) in claims.items():
            name = f"timing {number}: {service}, {chain['fault']}, {words} {away}"
            tests.append(f'test "{name}" {{\n  {steps}\n  expect {claim}\n}}\n')
            wanted[name] = holds
        most = chain["at_most"]["away_ms"]
        if away is not None and most is not None and most < away:
            return [f"{policy.name}: {service}: at most {most} ms, but away for {away}"], 0
    for part in policy.parent.glob("*.inc"):
        shutil.copy(part, work)
    copy = pathlib.Path(work, policy.name)
    copy.write_text(text + "\n" + "".join(tests), encoding="utf-8")
    answer = run(picket, "test", "--format", "json", "-k", "timing ", str(copy))
    if not wanted:
        return [f"{policy.name}: no chains"], 0
    if not answer.stdout:
        sys.exit(f"{policy.name}: exit status {answer.returncode}: {answer.stderr[:2000]}")
    held = {one["name"]: one["passed"] for one in json.loads(answer.stdout)["policies"][0]["verdicts"]}
    complaints = [f"{policy.name}: `{name}` {'does not hold' if holds else 'holds'}"
                  for name, holds in wanted.items() if held.get(name) != holds]
    return complaints, len(wanted)


def main():
    picket, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    complaints, played = [], 0
    with tempfile.TemporaryDirectory() as work:
        for name in sys.argv[3:] + [str(folder / "plain.picket")]:
            found, count = compare(picket, pathlib.Path(name), work)
            complaints += found
            played += count
    plain, assumed = (chains(picket, folder / name) for name in ("plain.picket", "assumed.picket"))
    if [one["at_most"]["away_ms"] for one in plain] != [one["assumed"]["away_ms"] for one in assumed]:
        complaints.append(f"at most: {[one['at_most'] for one in plain]}")
        complaints.append(f"assumed: {[one['assumed'] for one in assumed]}")
    for complaint in complaints:
        print("FAIL:", complaint)
    print(f"{played} claims about chains were played")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
