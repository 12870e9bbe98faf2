#!/usr/bin/python3 -B
"""Plays the scenarios on real nodes and keeps what happened: NAME.json in tests/agreement/recorded, of picketd in
recorded_picketd.

    bazel build //cli:picket
    tests/agreement/record.py                        all scenarios that have no recording yet, on Pacemaker
    tests/agreement/record.py --again monitor_fails  one of them anew

Needs root, Corosync and Pacemaker (docs/testing-policies.md says more of the lab). Several labs run side by side.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys

import scenarios

HERE = os.path.dirname(os.path.realpath(__file__))


def unplayed(path):
    """Why the recording is of no use, or empty."""
    try:
        with open(path, encoding="utf-8") as file:
            tests = json.load(file)["tests"]
    except (OSError, ValueError) as error:
        return str(error)
    if not tests:
        return "no test was played"
    return "; ".join(test["verdict"] for test in tests if test["verdict"].startswith("unplayed"))


def record(options, name):
    """What came of it, in a line."""
    path = "%s/%s.json" % (options.keep, name)
    why = ""
    for _ in range(options.tries):
        command = [options.picket, "test", scenarios.path(name), "--live", "--engine",
                   options.engine, "--record", path + ".new"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        with open("%s/%s.log" % (options.logs, name), "w", encoding="utf-8") as log:
            log.write(done.stdout)
        why = unplayed(path + ".new")
        if not why:
            os.rename(path + ".new", path)
            return "%s: %s" % (name, "as expected" if done.returncode == 0 else "an expectation does not hold")
    if os.path.exists(path + ".new"):
        os.remove(path + ".new")
    return "%s: not recorded: %s" % (name, why)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--engine", default="pacemaker", choices=["pacemaker", "picket"])
    parser.add_argument("--picket", default=HERE + "/../../bazel-bin/cli/picket", help="the program")
    parser.add_argument("--keep", help="the folder for recordings, if not the product's own")
    parser.add_argument("--logs", default="/tmp", help="the folder for what the lab printed")
    parser.add_argument("--jobs", type=int, default=2, help="labs at a time")
    parser.add_argument("--tries", type=int, default=2, help="how often a scenario that cannot be played is tried")
    parser.add_argument("--again", action="store_true", help="also those that have a recording")
    options = parser.parse_args()
    options.keep = options.keep or HERE + {"pacemaker": "/recorded", "picket": "/recorded_picketd"}[options.engine]
    os.makedirs(options.keep, exist_ok=True)
    os.makedirs(options.logs, exist_ok=True)
    names = [name for name in options.names or scenarios.names()
             if options.again or not os.path.exists("%s/%s.json" % (options.keep, name))]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as labs:
        for told in labs.map(lambda name: record(options, name), names):
            print(told, flush=True)
            failed += "not recorded" in told
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
