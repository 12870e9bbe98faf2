"""The lab's program, which `picket lab` and `picket test --live` run.

    main.py --programs FOLDER test PLAN [--engine E] [--record OUT] [-k TEXT]
    main.py --programs FOLDER up PLAN [--engine E] [--name NAME]
    main.py --programs FOLDER up PLAN --bare [--name NAME]
    main.py --programs FOLDER down | status | heal
    main.py --programs FOLDER exec NODE -- CMD | kill NODE | start NODE | partition A,B/C | cut NODE LINK

Exit status: 0 well, 1 an expectation does not hold or a command failed, 3 there can be no lab here.
"""
import argparse
import json
import os
import shutil
import sys

import bare
import engines
import lab as lab_module
import play
import serve

_NO_LAB = 3


def programs(folder):
    """Where picket's programs are: beside one another where they are installed, by folder where Bazel built them."""
    found = {}
    for name, built in (("picket", "picket"), ("picketd", "../runtime/daemon/picketd"),
                        ("picket-agent-tool", "../runtime/attributes/picket-agent-tool")):
        places = [os.path.join(folder, name), os.path.join(folder, built), shutil.which(name) or ""]
        found[name] = next((os.path.realpath(place) for place in places if os.access(place, os.X_OK)
                            and os.path.isfile(place)), "")
    return found


def missing(engine, found):
    if engine == "pacemaker" and not shutil.which("pacemakerd"):
        return "the program pacemakerd is not installed"
    for name in ("picketd", "picket-agent-tool"):
        if engine == "picket" and not found[name]:
            return "the program %s is not beside picket" % name
    return lab_module.missing()


def main():
    folder, do, words = sys.argv[2], sys.argv[3], sys.argv[4:]
    if do not in ("up", "test"):
        sys.exit(serve.ask(do, words))
    parser = argparse.ArgumentParser(prog="picket", description=__doc__.splitlines()[0])
    parser.add_argument("plan")
    parser.add_argument("--engine", choices=sorted(engines.ENGINES))
    parser.add_argument("--record")
    parser.add_argument("--name", default=os.environ.get("LAB_NAME", "default"))
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("-k", dest="only", default="")
    options = parser.parse_args(words)
    with open(options.plan, encoding="utf-8") as file:
        plan = json.load(file)
    if options.bare:
        why = lab_module.missing() or bare.missing()
        if why:
            print("skipped: " + why)
            sys.exit(_NO_LAB)
        sys.exit(serve.up(options.name, plan, None))
    found = programs(folder)
    name = options.engine or plan["engine"]
    why = missing(name, found)
    if why:
        print("skipped: " + why)
        sys.exit(_NO_LAB)
    engine = engines.ENGINES[name](found)
    if do == "test":
        well = play.play(plan, engine, options.only, options.record)
        sys.stdout.flush()
        os._exit(0 if well else 1)
    sys.exit(serve.up(options.name, plan, engine))


if __name__ == "__main__":
    main()
