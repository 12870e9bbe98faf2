"""Ways through the page by clicks. Each is exported as a `test` block, which `picket test` plays: it passes, and it
takes as long as the page says; and expecting the least bit less fails, so that the block proves something.

    paths_test.py PICKET FOLDER
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import clicks
from clicks import Page, check
from page_test import make

POWER = "take its power"
BACK = "bring it back online"

# Which example, then what is clicked: (thing, item), ("middle", number),
# ("set", attribute, value, node), or a step in words.
PATHS = [
    ("pbx/pbx.picket", [("ha1", POWER)]),
    ("pbx/pbx.picket", [("ha1", POWER), ("ha1", BACK)]),
    ("pbx/pbx.picket", [("ha1", POWER), ("middle", 0), ("ha2", POWER), ("ha1", BACK), ("ha2", BACK)]),
    ("pbx/pbx.picket", [("ipmi-ha1", "refuses to fence"), ("ha1", POWER), ("ipmi-ha1", "works again")]),
    ("pbx/pbx.picket", [("ha1", "put it in standby"), ("middle", 1), "fail fs start on ha2", ("ha1", BACK)]),
    ("pbx/pbx.picket", [("vip", "fails: its monitor says"), ("vip", "clean up its failures")]),
    ("pbx/pbx.picket", [("ring", "cut it for everybody"), ("lan", "cut it for everybody"), "heal"]),
    ("database/database_test.picket", [("first node", POWER), ("middle", 0), "advance 5s"]),
    ("nfs/nfs_test.picket", [("first node", "shut it down in good order"), ("first node", BACK)]),
    ("loadbalancer/loadbalancer_test.picket", [("first node", "cut it off from all others"), "heal"]),
    ("loadbalancer/loadbalancer_test.picket", ["partition lb1 from {lb2, lb3}", "heal"]),
    ("loadbalancer/loadbalancer_test.picket", [("set", "pingd", "0", "lb1"), ("lb2", POWER)]),
    ("geo/geo_test.picket", [("sales", "grant it"), ("sales", "revoke it"), ("sales", "grant it")]),
    ("pbx/pbx.picket", [("ipmi-ha1", "lies: says that it fenced, and did not"), ("ha1", POWER)]),
    ("pbx/pbx.picket", [("vip", "its next start fails"), ("ha1", POWER)]),
]


def play(page, path):
    first = page.ask("document.querySelector('.node-name').textContent")
    for one in path:
        if isinstance(one, str):
            page.step(one)
        elif one[0] == "middle":
            check("there is a moment", page.in_the_middle(one[1]))
        elif one[0] == "set":
            for place, value in zip(("name of the attribute", "value of the attribute"), one[1:3]):
                page.ask("(() => { const i = document.querySelector('[aria-label=\"%s\"]'); i.value = '%s'; "
                         "i.dispatchEvent(new Event('input', {bubbles: true})); })()" % (place, value))
            page.ask("(() => { const s = document.querySelector('[aria-label=\"node of the attribute\"]'); "
                     "s.value = '%s'; s.dispatchEvent(new Event('change', {bubbles: true})); })()" % one[3])
            page.ask("new Promise((done) => setTimeout(done, 30))")
            page.press("set")
            page.quiet()
        elif one[1].startswith("fails:"):
            page.ask("[...document.querySelectorAll('.chip')].find((c) => c.textContent === '%s').click()" % one[0])
            page.until("its menu is open", "!!document.querySelector('[role=menu] form')")
            page.ask("document.querySelector('[role=menu] form').requestSubmit()")
            page.ask("new Promise((done) => setTimeout(done, 30))")
            page.quiet()
        else:
            page.menu(first if one[0] == "first node" else one[0], one[1])
        check("no objection to %s: %s" % (one, page.ask("document.querySelector('[role=alert]')?.textContent")),
              not page.ask("!!document.querySelector('[role=alert]')"))


def verdict(picket, policy, work, block):
    with open(policy, encoding="utf-8") as file:
        whole = file.read()
    # Beside the policy, for what it imports.
    path = os.path.join(os.path.dirname(policy), "exported.picket")
    copy = os.path.join(work, "copy")
    subprocess.run(["cp", "-rL", os.path.dirname(policy), copy], check=True)
    path = os.path.join(copy, "exported.picket")
    with open(path, "w", encoding="utf-8") as file:
        file.write(whole + "\n" + block)
    run = subprocess.run([picket, "test", path, "-k", "from the page", "--format", "json"], stdout=subprocess.PIPE,
                         check=False)
    subprocess.run(["rm", "-rf", copy], check=True)
    return json.loads(run.stdout)["policies"][0]["verdicts"][0]


def main(picket, folder, _pictures=None):
    if not clicks.chromium():
        print("SKIPPED: there is no Chromium on this machine, so nothing was clicked")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        pages = {}
        for number, (example, path) in enumerate(PATHS):
            policy = os.path.realpath(os.path.join(folder, "../../examples", example))
            try:
                if example not in pages:
                    pages[example] = make(picket, work, "page%d" % number, policy)
                with Page(pages[example]) as page:
                    page.quiet()
                    play(page, path)
                    block = page.export()
                    told_ms = \
                        int(page.ask("document.getElementById('export-test').getAttribute('data-time')"))
                    for complaint in page.complaints():
                        check(complaint, False)
                got = verdict(picket, policy, work, block)
                check("the test passes\n%s\n%s" % (block, got), got["passed"])
                took_ms = got["cluster_time_ms"]
                check("it takes %s ms, the page says %s" % (took_ms, told_ms), took_ms == told_ms)
                times = re.findall(r"<= (\d+)ms", block)
                shorter = [int(time) for time in times if int(time) > 0]
                if shorter:
                    tightened = block.replace("<= %dms" % shorter[0], "<= %dms" % (shorter[0] - 1))
                    check("a millisecond less fails", not verdict(picket, policy, work, tightened)["passed"])
                steps = re.findall(r"^  (?!expect)(.*)$", block, flags=re.M)
                print("passed: path %d: %s" % (number + 1, "; ".join(steps)))
            except (AssertionError, RuntimeError, KeyError, ValueError) as error:
                failed += 1
                print("FAILED: path %d: %s" % (number + 1, error))
    print("%d paths, %d failed" % (len(PATHS), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
