#!/usr/bin/python3 -B
"""Asks the fencers of a live Pacemaker to fence, and keeps every call of an agent: NAME.json in tests/agreement/fencer.

    bazel build //cli:picket
    tests/agreement/record_fencer.py                 all scenes that have no recording yet
    tests/agreement/record_fencer.py --again NAME    one of them anew

Three nodes in a lab; the targets are names that are no nodes (a fencer does not mind), so nothing loses its power. The
agent `fence_scene` does what the device's parameters say, and writes each call down. Needs root, Corosync and
Pacemaker.
"""
import argparse
import json
import os
import re
import subprocess
import time

from fencer_scenes import SCENES

HERE = os.path.dirname(os.path.realpath(__file__))
NODES = ("n1", "n2", "n3")
# The agents of the scenes by what they can do. `played_as`: an agent that Picket knows and that can do the same.
AGENTS = {
    "fence_scene": {"actions": "on off reboot status list monitor", "played_as": "fence_apc"},
    "fence_scene_board": {"actions": "on off reboot status monitor", "played_as": "fence_ipmilan"},
    "fence_scene_switch": {"actions": "on off status list monitor", "played_as": "fence_ifmib"},
    # By its metadata it has to let a node in when the node joins.
    "fence_scene_auto": {"actions": "on off reboot status list monitor", "played_as": "fence_apc", "unfences": True},
}
LOG = "/run/fencer-scenes.log"  # on each node
POLICY = "cluster scenes {\n  link ring\n  totem token=1000\n}\n" + "".join(
    "node %s { id=%d; link ring 192.0.2.%d }\n" % (node, i + 1, i + 11) for i, node in enumerate(NODES))
AGENT = r'''#!/usr/bin/python3 -BSE
import os, sys, time
given = dict(line.strip().split("=", 1) for line in sys.stdin if "=" in line)
action = given.get("action", "reboot")
can = %(can)r[os.path.basename(sys.argv[0])].split()
if action == "metadata":
    print('<?xml version="1.0"?><resource-agent name="fence_scene" shortdesc="x"><longdesc>x</longdesc><parameters>')
    for name in ("action", "plug", "device", "fails", "fails_on", "takes_ms", "list", "status"):
        print('<parameter name="%%s" unique="0" required="0"><content type="string"/>'
              '<shortdesc lang="en">x</shortdesc></parameter>' %% name)
    auto = ' automatic="1"' if sys.argv[0].endswith("_auto") else ""
    print("</parameters><actions>" + "".join('<action name="%%s"%%s/>' %% (one, auto if one == "on" else "")
                                             for one in can + ["metadata"]))
    sys.exit(print("</actions></resource-agent>"))
node, begin_s = os.uname()[1], time.time()
if action in ("on", "off", "reboot", "cycle"):
    with open("%(log)s", "a") as log:
        log.write("%%s %%s %%.3f %%s %%s\n" %% (node, given["device"], begin_s, action, given.get("plug", "")))
    time.sleep(int(given.get("takes_ms", "0")) / 1000)
fails = action in given.get("fails", "").split() and node in given.get("fails_on", node).split()
if action == "list" and not fails:
    print("\n".join(given.get("list", "").split()))
sys.exit(1 if fails else int(given.get("status", "0")) if action == "status" else 0)
'''


def resources(scene):
    """The devices as the cluster gets them, and as they are played."""
    text = ""
    for name, device in scene["devices"].items():
        parameters = dict(device.get("parameters", {}), device=name)
        for key in ("fails", "fails_on", "list"):
            if key in device:
                parameters[key] = " ".join(device[key])
        for key in ("takes_ms", "status"):
            if key in device:
                parameters[key] = str(device[key])
        pairs = "".join('<nvpair id="%s-%s" name="%s" value="%s"/>' % (name, key, key, value)
                        for key, value in parameters.items())
        meta = "".join('<nvpair id="%s-m-%s" name="%s" value="%s"/>' % (name, key, key, value)
                       for key, value in device.get("meta", {}).items())
        text += ('<primitive id="%s" class="stonith" type="%s"><instance_attributes id="%s-p">%s</instance_attributes>'
                 '<meta_attributes id="%s-m">%s</meta_attributes></primitive>'
                 % (name, device.get("agent", "fence_scene"), name, pairs, name, meta))
    constraints = "".join(
        '<rsc_location id="%s-%s" rsc="%s" node="%s" score="%s"/>' % (name, node, name, node, score)
        for name, device in scene["devices"].items() for node, score in device.get("scores", {}).items())
    levels = "".join('<fencing-level id="l%d" %s index="%d" devices="%s"/>' % (i, target, index, devices)
                     for i, (target, index, devices) in enumerate(scene.get("levels", ())))
    return text, constraints, levels


def configuration(scene, played=False):
    devices, constraints, levels = resources(scene)
    if played:
        for agent, can in AGENTS.items():
            devices = devices.replace('type="%s"' % agent, 'type="%s"' % can["played_as"])
    nodes = "".join('<node id="%d" uname="%s"/>' % (i + 1, node) for i, node in enumerate(NODES))
    return ('<configuration><crm_config><cluster_property_set id="o"><nvpair id="o-s" name="stonith-enabled" '
            'value="true"/></cluster_property_set></crm_config><nodes>%s</nodes><resources>%s</resources>'
            '<constraints>%s</constraints>%s</configuration>'
            % (nodes, devices, constraints, "<fencing-topology>%s</fencing-topology>" % levels if levels else ""))


class Lab:
    def __init__(self, picket):
        self.picket = picket
        self.environment = dict(os.environ, LAB_NAME="fencer-scenes")
        policy = "/tmp/fencer-scenes.picket"
        with open(policy, "w", encoding="utf-8") as file:
            file.write(POLICY)
        up = self.call("up", policy, "--engine", "pacemaker")
        if up.returncode != 0:
            raise SystemExit("picket lab up: " + up.stdout + up.stderr)
        text = AGENT % {"can": {agent: can["actions"] for agent, can in AGENTS.items()}, "log": LOG}
        for node in NODES:
            for agent in AGENTS:
                self.run(node, "cat > /usr/sbin/%s; chmod 755 /usr/sbin/%s" % (agent, agent), text)

    def call(self, *words, **more):
        return subprocess.run([self.picket, "lab", *words], text=True, capture_output=True, env=self.environment,
                              check=False, **more)

    def run(self, node, command, given=""):
        return self.call("exec", node, "--", "sh", "-c", command, input=given)

    def apply(self, xml):
        replace = "cat > /run/scene.xml; cibadmin --replace --scope configuration --xml-file /run/scene.xml"
        done = self.run("n1", replace, xml)
        if done.returncode != 0:
            raise SystemExit("cibadmin: " + done.stdout + done.stderr)

    def started(self):
        """Where each device is started, once nothing moves any more."""
        known = None
        for _ in range(60):
            time.sleep(1)
            text = self.run("n1", "crm_mon -1 -r").stdout
            found = dict(re.findall(r"\* (\S+)\s+\(stonith:fence_\w+\):\s+Started (\S+)", text))
            if found == known and "Stopping" not in text and "Starting" not in text:
                return found
            known = found
        return known

    def fence(self, request):
        for node in NODES:
            self.run(node, ": > " + LOG)
        verb = {"on": "unfence", "off": "fence"}.get(request.get("action"), "reboot")
        words = "stonith_admin --%s %s -t %d" % (verb, request["target"], request["timeout_ms"] // 1000)
        if "delay_ms" in request:
            words += " --delay %d" % (request["delay_ms"] // 1000)
        begin_s = time.time()
        status = self.run(request["requester"], words).returncode
        duration_ms = int((time.time() - begin_s) * 1000)
        time.sleep(0.5)
        calls = []
        for node in NODES:
            for line in self.run(node, "cat " + LOG).stdout.splitlines():
                _, device, at_s, action, plug = (line + " ").split(" ")[:5]
                calls.append({"device": device, "node": node, "action": action, "plug": plug,
                              "begin_ms": int((float(at_s) - begin_s) * 1000)})
        calls.sort(key=lambda call: call["begin_ms"])
        return {"status": status, "duration_ms": duration_ms, "calls": calls}

    def down(self):
        self.call("down")


def cib(scene):
    return ('<cib crm_feature_set="3.16.2" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">%s'
            '<status/></cib>' % configuration(scene, played=True))


def record(lab, name, scene):
    lab.apply(configuration({"devices": {}}))  # A level that is only changed would leave its old target behind.
    before = dict(scene, levels=scene["levels_before"]) if "levels_before" in scene else None
    if before:
        lab.apply(configuration(before))
        lab.started()
    lab.apply(configuration(scene))
    started = lab.started()
    request = dict({"target": "d1", "requester": "n1", "timeout_ms": 20000}, **scene.get("request", {}))
    for _ in range(scene.get("earlier", 0)):
        lab.fence(request)
    recorded = lab.fence(request)
    request["peers"] = list(NODES)
    agents = {device: {key: one[key] for key in ("fails", "fails_on", "takes_ms", "list", "status") if key in one}
              for device, one in scene["devices"].items()}
    kept = {"what": scene["what"], "cib": cib(scene), "agents": agents, "started": started, "request": request,
            "recorded": recorded}
    if before:
        kept["before"] = cib(before)
    if "earlier" in scene:
        kept["earlier"] = scene["earlier"]
    unfences = [device for device, one in scene["devices"].items()
                if AGENTS[one.get("agent", "fence_scene")].get("unfences")]
    if unfences:
        kept["unfences"] = unfences
    with open("%s/fencer/%s.json" % (HERE, name), "w", encoding="utf-8") as file:
        file.write(json.dumps(kept, indent=1) + "\n")
    print("%s: status %d, %d calls" % (name, recorded["status"], len(recorded["calls"])), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--again", default="", help="the scene to record anew")
    parser.add_argument("--picket", default=HERE + "/../../bazel-bin/cli/picket", help="the program")
    options = parser.parse_args()
    wanted = [name for name in SCENES
              if name == options.again or not os.path.exists("%s/fencer/%s.json" % (HERE, name))]
    if not wanted:
        return
    lab = Lab(options.picket)
    try:
        for name in wanted:
            record(lab, name, SCENES[name])
    finally:
        lab.down()


if __name__ == "__main__":
    main()
