"""`picket lab`: a lab that stays up until it is taken down, and the words that are said to it.

The lab is one process (lab.py), which listens on a socket in a folder of its own. `up` starts that process and returns
when the policy is in force; the other words connect to it.
"""
import itertools
import json
import os
import shutil
import socket
import sys
import time
import traceback

import bare
import lab as lab_module
import live as live_module
import operators
import substitutes

HERE = os.path.dirname(os.path.realpath(__file__))
UNPACKED = "/tmp/picket-lab-"    # where `picket` puts these programs for as long as they are wanted
_ENTER = ["-m", "-u", "-i", "-n", "-p", "-w/"]


def _folder(name):
    return "%s/picket-lab-%d-%s" % (os.environ.get("XDG_RUNTIME_DIR") or "/tmp", os.getuid(), name)


# --- up ----------------------------------------------------------------------------------------------------------


def up(name, plan, engine):
    """The exit status; the lab goes on in a process of its own. Without an engine the nodes are bare."""
    folder = _folder(name)
    if _connect(folder) is not None:
        print("a lab called %s is up already" % name)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, 0o700)
    told, tell = os.pipe()
    if os.fork() == 0:
        os.close(told)
        os.setsid()
        _serve(folder, plan, engine, tell)
        os._exit(0)
    os.close(tell)
    with os.fdopen(told, encoding="utf-8") as lines:
        last = ""
        for line in lines:
            last = line.strip()
            if last != "ready":
                print(last, flush=True)
    if last != "ready":
        shutil.rmtree(folder, ignore_errors=True)
        return 1
    print("the lab is up: picket lab status, picket lab exec %s -- CMD, picket lab down" % plan["nodes"][0]["name"])
    return 0


def _serve(folder, plan, engine, tell):
    log = os.open(folder + "/log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    with os.fdopen(tell, "w", encoding="utf-8") as out:
        try:
            live = live_module.Live(plan, engine) if engine else bare.Bare(plan)
            for line in live.substitutes.statement():
                print(line, file=out, flush=True)
            live.start()
            server = socket.socket(socket.AF_UNIX)
            server.bind(folder + "/socket")
            server.listen(8)
            print("ready", file=out, flush=True)
        except (live_module.Failed, lab_module.LabError, substitutes.Impossible) as failure:
            print("the lab does not come up: %s" % failure, file=out)
            return
        except Exception:
            traceback.print_exc(file=out)
            return
    while True:
        connection, _ = server.accept()
        with connection:
            if not _answer(live, connection):
                break
    live.lab.power_off(*live.names)
    shutil.rmtree(folder, ignore_errors=True)
    if HERE.startswith(UNPACKED):
        shutil.rmtree(HERE, ignore_errors=True)


def _answer(live, connection):
    """False after `down`."""
    try:
        request = json.loads(connection.makefile().readline())
        answer = {"text": _WORDS[request["do"]](live, *request["words"])}
    except (live_module.Failed, lab_module.LabError, operators.Unwilling, ValueError, KeyError, TypeError) as error:
        answer = {"error": str(error)}
        request = {"do": ""}
    if isinstance(answer.get("text"), dict):
        answer = answer["text"]
    connection.sendall(json.dumps(answer).encode() + b"\n")
    return request["do"] != "down"


def _status(live):
    text = ""
    for name in live.names:
        quorate, members = lab_module.membership(live.lab, name) if live.lab.is_on(name) else (False, 0)
        text += "%s  %s\n" % (name, "off" if not live.lab.is_on(name) else
                              "on, in a ring of %d, %s quorum" % (members, "with" if quorate else "without"))
    for one, other in sorted(live.apart):
        text += "%s and %s do not hear each other\n" % (one, other)
    for name, link in sorted(live.cut):
        text += "%s is not on link %s\n" % (name, live.link_names[link])
    part = live.main_part() if live.engine else []
    return text + (live.engine.overview(live.lab, part[0]) if part else "")


def _node(live, name):
    if name not in live.names:
        raise ValueError("there is no node %s; there are %s" % (name, ", ".join(live.names)))
    return name


def _kill(live, name):
    live.power_off(_node(live, name))


def _start(live, name):
    live.power_on(_node(live, name))


def _partition(live, groups):
    sides = [[_node(live, name) for name in side.split(",")] for side in groups.split("/")]
    live.apart = {(one, other) for left, right in itertools.combinations(sides, 2) for one in left for other in right}
    live.part()


def _heal(live):
    live.apart, live.cut = set(), set()
    live.part()


def _cut(live, name, link):
    if link not in live.link_names:
        raise ValueError("there is no link %s; there are %s" % (link, ", ".join(live.link_names)))
    live.cut.add((_node(live, name), live.link_names.index(link)))
    live.part()


def _exec(live, name):
    if not live.lab.is_on(_node(live, name)):
        raise ValueError("%s is off" % name)
    return {"pid": live.lab.process(name)}


_WORDS = {"down": lambda live: None, "status": _status, "exec": _exec, "kill": _kill, "start": _start,
          "partition": _partition, "heal": _heal, "cut": _cut}


# --- the other words ---------------------------------------------------------------------------------------------


def _connect(folder):
    caller = socket.socket(socket.AF_UNIX)
    try:
        caller.connect(folder + "/socket")
        return caller
    except OSError:
        return None


def ask(do, words):
    """Says a word to the lab that is up; the exit status."""
    name, command = os.environ.get("LAB_NAME", "default"), []
    if "--" in words:
        words, command = words[:words.index("--")], words[words.index("--") + 1:]
    elif do == "exec":
        words, command = words[:1], words[1:]
    caller = _connect(_folder(name))
    if caller is None:
        print("no lab is up%s" % ("" if do == "down" else "; `picket lab up FILE` makes one"), file=sys.stderr)
        return 0 if do == "down" else 1
    with caller:
        caller.sendall(json.dumps({"do": do, "words": words}).encode() + b"\n")
        answer = json.loads(caller.makefile().readline() or '{"error": "the lab does not answer"}')
    if "error" in answer:
        print("picket lab %s: %s" % (do, answer["error"]), file=sys.stderr)
        return 1
    if "pid" in answer:
        sys.stdout.flush()
        os.execvp("nsenter", ["nsenter", "-t", str(answer["pid"]), *_ENTER, "--", *(command or ["bash", "--norc"])])
    if do == "down":
        while os.path.exists(_folder(name)):
            time.sleep(0.05)
    print(answer.get("text") or "", end="")
    return 0
