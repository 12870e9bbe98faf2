"""Plays some scenarios on real nodes, on both engines: what they expect holds there.

    live_test.py --picket PROGRAM

Prints `skipped: …` where there cannot be a lab or where Pacemaker is not installed.
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
NAMES = ("monitor_fails", "threshold_reached", "start_fails_everywhere", "promoted_fails", "standby",
         "two_nodes_one_killed", "race_of_two", "levels_second")
_NO_LAB = 3


def play(picket, name, engine):
    """Whether it went well or could not be played, and what was printed."""
    command = [picket, "test", "%s/scenarios/%s.picket" % (HERE, name), "--live", "--engine", engine]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    skipped = [line for line in done.stdout.splitlines() if line.startswith("skipped: ")]
    if done.returncode == _NO_LAB and skipped:
        return True, "%s on %s %s" % (name, engine, skipped[0])
    well = done.returncode == 0
    return well, "%s on %s: %s%s" % (name, engine, "well" if well else "NOT WELL", "" if well else "\n" + done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picket", required=True)
    picket = parser.parse_args().picket
    plays = [(name, engine) for engine in ("pacemaker", "picket") for name in NAMES]
    with concurrent.futures.ThreadPoolExecutor(4) as labs:
        results = list(labs.map(lambda each: play(picket, *each), plays))
    for _, told in results:
        print(told)
    sys.exit(0 if all(well for well, _ in results) else 1)


if __name__ == "__main__":
    main()
