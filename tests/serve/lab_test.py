"""`picket serve` beside a live cluster in a lab, looked at with headless Chromium: what it shows is what the cluster
says and what really runs, what it foretells is what then happens, and what it was asked to change is changed.

    lab_test.py --engine picket|pacemaker [--binaries FOLDER] [--pictures FOLDER]

Each act waits for what must come true; nothing is asserted after a fixed time.
"""
import argparse
import json
import os
import re
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "live"), os.path.join(HERE, "..", "browser")]
import cluster as cluster_module  # noqa: E402
import engines  # noqa: E402
import lab as lab_module  # noqa: E402
from live_page import LivePage  # noqa: E402
from opened import chromium  # noqa: E402

NODES = ["n1", "n2", "n3"]
SERVE = "/usr/libexec/picket/picket-serve"
ENGINE = "/usr/share/picket/engine.wasm.gz"
PORT = 7680
POLICY = "/etc/live.picket"


class Desk:
    """A person at one node: the server there, and a browser that reaches it by the node's own loopback."""

    def __init__(self, cluster, node, pictures):
        self.cluster, self.node, self.pictures = cluster, node, pictures
        self.name = "%s-" % cluster.engine.name
        self.times = 0
        self.wrapper = os.path.join(tempfile.mkdtemp(), "chromium")

    def serve(self, *options):
        """Starts the server; gives its link."""
        self.times += 1
        self.service = "picket-serve-%d" % self.times
        self.cluster.lab.start(self.node, self.service, [SERVE, "--listen", "127.0.0.1:%d" % PORT, "--every", "0.5",
                                                         *options])
        self.cluster.wait("picket serve has a link", lambda: "/#token=" in self.log())
        return self.link()

    def log(self):
        return self.cluster.lab.log(self.node, self.service)

    def link(self):
        return re.findall(r"http://\S+", self.log())[-1]

    def end(self):
        self.cluster.lab.run(self.node, ["sh", "-c", "kill -TERM $(pidof picket-serve)"], 10)
        self.cluster.wait("it has ended", lambda: self.service not in self.cluster.lab.running(self.node))

    def browse(self, **looks):
        with open(self.wrapper, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nexec nsenter -t %d -n -- %s \"$@\"\n" % (
                self.cluster.lab.process(self.node), chromium()))
        os.chmod(self.wrapper, 0o755)
        return LivePage(self.link(), "http://127.0.0.1:%d" % PORT, program=self.wrapper, **looks)

    def shoot(self, page, name):
        page.shoot(self.pictures, self.name + name)


def picture(page):
    """What the page was told last, as it shows it."""
    return page.ask("JSON.parse(JSON.stringify(state.data.picture))")


def shown_on(page, resource):
    """The nodes in whose cards the resource stands."""
    return page.ask("[...document.querySelectorAll('article.node')].filter((a) => [...a.querySelectorAll('.chip')]"
                    ".some((c) => c.dataset.key.startsWith(%s)))"
                    ".map((a) => a.getAttribute('aria-label').replace('node ', ''))" % json.dumps(
                        "chip %s " % resource))


def carry_out(cluster, page, ask):
    """Asks for a change, looks at what would happen, confirms it; as a person who looks again where the cluster has
    moved on meanwhile. Gives what was shown."""
    for _ in range(5):
        ask()
        shown = page.answer()
        page.press("Do it", "document.getElementById('answer')")
        page.until("it is told what became of it",
                   "/Done: |Not done/.test(document.getElementById('answer').textContent)")
        told = page.text("#answer")
        page.press("Close")
        if "Done: " in told:
            return shown
        cluster.require("look again" in told, "it is done: " + told)
        cluster.wait("it has settled", cluster.settled)
    raise cluster_module.Failed("it is not done, however often it is asked for")


def where(cluster, page, desk):
    """What runs where is what the cluster says, and what the agents' records say."""
    page.is_live()
    cluster.require(page.ask("document.title").startswith("LIVE: "), "the title says that it is live")
    for resource in ("vip", "work", "plain"):
        cluster.require(shown_on(page, resource) == cluster.where(resource),
                        "%s is shown where it is: %s, and not %s" % (resource, shown_on(page, resource),
                                                                     cluster.where(resource)))
    cluster.require(shown_on(page, "work") == cluster.active("work"), "and there it really runs")
    states = {node["name"]: node["state"] for node in picture(page)["nodes"]}
    cluster.require(states == dict.fromkeys(NODES, "online"), "all are online: %s" % states)
    coordinators = [node["name"] for node in picture(page)["nodes"] if node["coordinator"]]
    cluster.require(coordinators == [cluster.coordinator()], "%s coordinates" % cluster.coordinator())
    cluster.require(page.text("#failures-body") == "none", "there are no failures: " + page.text("#failures-body"))
    cluster.require(page.text("#left-body") == "nothing", "nothing is left over: " + page.text("#left-body"))
    cluster.require(page.text("#drift-body").startswith("none"), "no drift: " + page.text("#drift-body"))
    desk.shoot(page, "where")


def viewer(cluster, page, desk):
    """Without --allow-changes nothing can be changed, whatever is asked for."""
    cluster.require("Standby" not in page.text("main"), "there is no button for a change")
    page.press("Safe to reboot?", page.node("n2"))
    page.answer()
    cluster.require(page.ask("document.getElementById('do').hidden"), "there is nothing to confirm")
    refused = page.ask("post('/do', {ticket: 'x'}).then((a) => a.status)")
    cluster.require(refused == 403, "an attempt is refused: %s" % refused)
    asked = page.ask("post('/ask', {verb: 'standby', node: 'n2'}).then((a) => a.json.ticket === null)")
    cluster.require(asked, "a question gives nothing that could be confirmed")
    page.press("Close")


def failure(cluster, page, desk):
    """A service fails: it is shown with its age, it is in the events, and it can be forgotten."""
    node = cluster.runs_on("plain")
    cluster.lab.run(node, ["sh", "-c", "rm -f /run/Dummy-plain.state /run/resource-agents/Dummy-plain.state"])
    page.until("the failure is shown", "document.getElementById('failures').textContent.includes('plain')")
    page.until("with its age", "/for \\d+ s/.test(document.getElementById('failures').textContent)")
    page.until("it is in the events",
               "document.getElementById('events').textContent.includes('monitor of plain on %s failed')" % node)
    cluster.wait("the cluster has settled", cluster.settled)
    page.until("it runs again", "%s.textContent.includes('plain')" % page.node(cluster.runs_on("plain")))
    desk.shoot(page, "failure")
    shown = carry_out(cluster, page, lambda: page.press("Forget", "document.getElementById('failures')"))
    cluster.require("asked anew" in shown, "it says what forgetting does")
    page.until("it is forgotten", "document.getElementById('failures-body').textContent === 'none'")


def reboot(cluster, page, desk):
    """The answer says what moves, and where to; then that happens."""
    holder = cluster.runs_on("work")
    page.press("Safe to reboot?", page.node(holder))
    said = page.answer()
    cluster.require("SIMULATED" in said and "away for" in said, "the answer is a simulation: " + said)
    cluster.require(re.search(r"(work|front) moves from %s to n\d" % holder, said), "it tells what moves: " + said)
    desk.shoot(page, "reboot")
    page.press("Close")
    idle = [name for name in NODES if name not in cluster.where("work") + cluster.where("plain")]
    if idle:
        page.press("Safe to reboot?", page.node(idle[0]))
        said = page.answer()
        cluster.require("ha9" not in said, said)
        desk.shoot(page, "reboot-idle")
        page.press("Close")


def standby(cluster, page, desk):
    """Shown, confirmed, carried out: the service goes where it was said that it would."""
    holder = cluster.runs_on("work")
    page.press("Standby", page.node(holder))
    said = page.answer()
    goes = re.search(r"(?:work|front) moves from %s to (n\d)" % holder, said)
    cluster.require(goes, "it is shown where it goes: " + said)
    cluster.require(cluster.where("work") == [holder], "nothing is done before it is confirmed")
    desk.shoot(page, "standby-asked")
    page.press("Close")
    cluster.require(cluster.where("work") == [holder], "and closing it does nothing")
    said = carry_out(cluster, page, lambda: page.press("Standby", page.node(holder)))
    goes = re.search(r"(?:work|front) moves from %s to (n\d)" % holder, said)
    page.until("the node is in standby", page.node(holder) + ".className.includes('standby')")
    cluster.wait("the service is where it was said", lambda: cluster.where("work") == [goes[1]])
    page.until("the page shows it", "%s.textContent.includes('work')" % page.node(goes[1]))
    page.until("the events tell it", "document.getElementById('events').textContent.includes('done from this page')")
    cluster.wait("it has settled", cluster.settled)
    cluster.require(cluster.active("work") == [goes[1]], "it really runs there")
    desk.shoot(page, "standby-done")
    carry_out(cluster, page, lambda: page.press("End standby", page.node(holder)))
    page.until("the node is back", page.node(holder) + ".className.includes('online')")


def moved(cluster, page, desk):
    """A move by hand is left over until it is taken back. Pacemaker only: picketd has no such verb."""
    holder = cluster.runs_on("plain")
    other = cluster.others(holder)[0]

    def of_plain(node, words):
        page.press("plain", page.node(node))
        page.press(words, "document.getElementById('answer')")

    carry_out(cluster, page, lambda: of_plain(holder, "Move to " + other))
    cluster.wait("it has moved", lambda: cluster.where("plain") == [other])
    page.until("the rule is left over", "document.getElementById('left').textContent.includes('plain')")
    page.until("and the policy knows nothing of it",
               "document.getElementById('drift').textContent.includes('cli-prefer-plain')")
    desk.shoot(page, "moved")
    carry_out(cluster, page, lambda: of_plain(other, "Take back"))
    page.until("nothing is left over", "document.getElementById('left-body').textContent === 'nothing'")


def drift(cluster, page, desk):
    """The cluster is changed beside its policy: the page says in what, and when it is over."""
    if cluster.engine.name == "picket":
        cluster.change("maintenance", "on", "--node", "n3")
    else:
        cluster.lab.run("n1", ["crm_attribute", "-t", "crm_config", "-n", "no-quorum-policy", "-v", "ignore"])
    page.until("the drift is told", "document.querySelectorAll('#drift li').length > 0")
    desk.shoot(page, "drift")
    if cluster.engine.name == "picket":
        carry_out(cluster, page, lambda: page.press("End maintenance", page.node("n3")))
    else:
        cluster.apply(desk.policy)
    page.until("and its end", "document.getElementById('drift-body').textContent.startsWith('none')")
    cluster.wait("it has settled", cluster.settled)


def what_if(cluster, page, desk):
    """The page that plays begins with the cluster as it is."""
    address = "http://127.0.0.1:%d/what-if/%s" % (PORT, page.ask("state.page"))
    here = cluster.runs_on("work")
    page.go(address)
    page.until("it plays", "!!document.querySelector('.lanes svg') || !!document.querySelector('[role=alert]')")
    cluster.require(page.ask("document.title").startswith("SIMULATED: "), "the title says that it is simulated")
    cluster.require(not page.text("[role=alert]"), "nothing is wrong: %s" % page.text("[role=alert]"))
    cards = page.ask("[...document.querySelectorAll('article.node')].filter((a) => [...a.querySelectorAll('.chip')]"
                     ".some((c) => c.textContent === 'work')).map((a) => a.querySelector('.node-name').textContent)")
    cluster.require(cards == [here], "it begins with what is so: %s" % cards)
    desk.shoot(page, "what-if")
    page.go("http://127.0.0.1:%d/" % PORT)
    page.is_live()


def node_dies(cluster, page, desk):
    """A node loses its power: the page says so, and where its services went."""
    holder = cluster.runs_on("work")
    if holder == desk.node:  # the server would go with it
        cluster.change("standby", holder)
        cluster.wait("work has moved", lambda: cluster.settled() and holder not in cluster.where("work"))
        cluster.change("online", holder)
        cluster.wait("it has settled", cluster.settled)
        holder = cluster.runs_on("work")
    page.is_live()
    cluster.lab.away.add(holder)
    cluster.lab.power_off(holder)
    page.until("the node is gone", "['lost', 'offline', 'unclean'].some((s) => %s.className.includes(s))"
               % page.node(holder))
    desk.shoot(page, "node-lost")
    cluster.wait("the service runs elsewhere",
                 lambda: cluster.settled() and cluster.where("work") not in ([holder], []))
    page.until("the page shows it", "%s.textContent.includes('work')" % page.node(cluster.runs_on("work")))
    page.until("it is in the events", "document.getElementById('events').textContent.includes('work runs on %s')"
               % cluster.runs_on("work"))
    desk.shoot(page, "node-dead")
    cluster.lab.away.clear()
    cluster.lab.power_on(holder)
    page.until("and it is back", page.node(holder) + ".className.includes('online')")


def daemon_lost(cluster, page, desk):
    """The daemon beside the server dies: the page says how old what it shows is, and offers nothing."""
    if cluster.engine.name == "picket":
        cluster.engine.kill(cluster.lab, desk.node)
    else:
        cluster.engine.stop(cluster.lab, desk.node)
    page.until("the loss is seen", "document.body.className === 'old'")
    cluster.require(page.ask("document.title").startswith("NOT LIVE, "), "the title says so")
    cluster.require(re.search(r"is \d+ s old", page.text("#alert") or ""), "and how old: %s" % page.text("#alert"))
    cluster.require("reboot" not in page.text("main") and "Standby" not in page.text("main"), "nothing is offered")
    refused = page.ask("post('/ask', {verb: 'reboot', node: 'n2'}).then((a) => a.status)")
    cluster.require(refused == 409, "nothing is simulated: %s" % refused)
    desk.shoot(page, "lost")
    # The node may have been fenced for it, and the server with it.
    cluster.wait("the node is in a ring again", lambda: cluster.lab.is_on(desk.node) and cluster.ring_is(NODES), 120)


def back(cluster, desk):
    """Whatever became of the node: the daemon runs there again, and a server."""
    lab = cluster.lab
    daemon = "picketd" if cluster.engine.name == "picket" else "pacemakerd"
    if daemon not in lab.running(desk.node):
        cluster.engine.boot(lab, desk.node)
    cluster.wait("all take part", lambda: sorted(cluster.engine.online(lab, desk.node)) == NODES, 120)
    if desk.service not in lab.running(desk.node):
        return False
    return True


def play(engine, programs, pictures):
    cluster = cluster_module.Cluster(NODES, engine)
    for source, path, mode in programs:
        with open(source, "rb") as file:
            content = file.read()
        lab_module._write(cluster.lab.folder + "/common" + path, content, mode)
    desk = Desk(cluster, "n1", pictures)
    acts = [failure, reboot, standby, drift, what_if, node_dies, daemon_lost]
    if engine.name == "pacemaker":
        acts.insert(3, moved)
    try:
        cluster.say("== cold start")
        # The lab's Pacemaker has that from its first moment.
        properties = "dc-deadtime=2s" if engine.name == "pacemaker" else ""
        desk.policy = cluster.policy(cluster_module.FRONT + cluster_module.BACK, properties)
        cluster.cold_start(desk.policy)
        desk.serve("--policy", POLICY)
        with desk.browse() as page:
            for act in (where, viewer):
                cluster.say("== %s: %s" % (act.__name__, act.__doc__))
                act(cluster, page, desk)
            page.clean(but=["403"])
        desk.end()
        desk.serve("--policy", POLICY, "--allow-changes")
        with desk.browse() as page:
            page.is_live()
            for act in acts:
                cluster.say("== %s: %s" % (act.__name__, act.__doc__))
                act(cluster, page, desk)
            if back(cluster, desk):
                page.is_live()
                cluster.say("the page is live again")
                desk.shoot(page, "back")
            page.clean(but=["403", "409", "ERR_"])
        return True
    except (cluster_module.Failed, lab_module.LabError, AssertionError, RuntimeError) as error:
        cluster.say("FAILED: %s" % error)
    except Exception:
        traceback.print_exc(file=sys.stdout)
    cluster.tell()
    if desk.times:
        print(engines.tail("picket-serve", desk.log()))
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=list(engines.ENGINES), default="picket")
    parser.add_argument("--binaries", default=".", help="the folder with cli/picket and so on")
    parser.add_argument("--pictures", help="where screenshots go")
    options = parser.parse_args()
    missing = cluster_module.missing() or ("" if chromium() else "there is no Chromium on this machine")
    if options.engine == "pacemaker" and not missing and not os.access("/usr/sbin/pacemakerd", os.X_OK):
        missing = "Pacemaker is not installed"
    if missing:
        print("skipped: " + missing)
        return
    built = lambda path: os.path.realpath(os.path.join(options.binaries, path))  # noqa: E731
    programs = [(built("cli/picket-serve"), SERVE, 0o755), (built("web/engine.wasm.gz"), ENGINE, 0o644)]
    well = play(engines.ENGINES[options.engine](engines.binaries(options.binaries)), programs, options.pictures)
    sys.stdout.flush()
    # The lab goes with the process; threads that serve it are not waited for.
    os._exit(0 if well else 1)


if __name__ == "__main__":
    main()
