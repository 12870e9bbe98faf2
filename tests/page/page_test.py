"""The interactive page, used as a reader would use it. Fails on any console error and on any request.

    page_test.py PICKET FOLDER [SCREENSHOT_FOLDER]
"""
import bz2
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile

import clicks
from clicks import Page, check, text

PICTURES = None


def make(picket, work, name, *arguments):
    page = os.path.join(work, name + ".html")
    subprocess.run([picket, "report", *arguments, "--interactive", "-o", page], check=True)
    return page


def clean(page, what):
    for complaint in page.complaints():
        check(what + ": " + complaint, False)


def nothing_outside(path):
    with open(path, encoding="utf-8") as file:
        html = file.read()
    markup = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    check("the page refers to nothing outside", not re.search(r"(src|href)=(?!\"data:)", markup))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html).group(1)
    check("its security policy allows no inline script and no eval",
          "unsafe-inline" not in policy and "'unsafe-eval'" not in policy and policy.startswith("default-src 'none'"))
    check("the file is %d bytes, below 4 MB" % len(html), len(html) < 4 << 20)


def faults(pbx):
    with Page(pbx) as page:
        check("it says that it is simulated", page.ask("document.title").startswith("SIMULATED"))
        page.menu("ha1", "take its power")
        check("the node is away", page.ask("document.querySelector('.node.away') !== null"))
        check("the outage is told", page.result().startswith("outage 23.5 s"))
        page.shoot(PICTURES, "node")
        page.menu("ha1", "bring it back online")
        check("two steps", page.steps() == ["kill ha1", "online ha1"])
        page.press("at rest")
        page.quiet()
        page.menu("ring", "cut it for everybody")
        check("a link down is no outage", page.result().startswith("no outage"))
        page.press("at rest")
        page.quiet()
        page.menu("ipmi-ha1", "lies: says that it fenced, and did not")
        page.menu("ha1", "take its power")
        check("device and node", page.steps() == ["fail ipmi-ha1 fencing rc=0", "kill ha1"])
        page.press("at rest")
        page.quiet()
        page.menu("vip", "hangs: every operation runs into its timeout")
        check("a resource hangs", page.steps() == ["hang vip"])
        page.press("at rest")
        page.quiet()
        page.press("let 10min pass")
        page.quiet()
        check("time passes", page.steps() == ["advance 10min"])
        page.press("set")
        page.quiet()
        check("an attribute is set", page.steps()[-1] == "set pingd=0 on ha1")
        page.step("partition ha1 from ha2")
        check("any step in words", page.steps()[-1] == "partition ha1 from ha2")
        before = page.steps()
        page.step("there is no such fault")
        said = page.ask("document.querySelector('[role=alert]').textContent")
        check("a step that is none is told", "expected" in said)
        check("and leaves no trace", page.steps() == before)
        clean(page, "faults")


def in_the_middle(pbx):
    with Page(pbx) as page:
        page.menu("ha1", "take its power")
        words = page.in_the_middle(1)
        check("there is a moment to strike at", words)
        page.menu("ha2", "take its power")
        last = page.steps()[-1]
        check("the second fault is tied to it", last.startswith("during ") and "kill ha2" in last)
        check("both nodes are gone", page.result().startswith("stays down"))
        page.press("Undo")
        page.quiet()
        # The same by a click on a bar, and by the slider.
        page.ask("document.querySelector('.bar.clickable').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
        page.ask("new Promise((done) => setTimeout(done, 60))")
        check("a bar chooses its beginning", page.ask("document.querySelector('.strike select').value !== ''"))
        page.ask("(() => { const r = document.querySelector('.scrub input'); r.value = Number(r.max) - 3000;"
                 " r.dispatchEvent(new Event('input', {bubbles: true})); })()")
        page.ask("new Promise((done) => setTimeout(done, 60))")
        check("the slider shows what ran then", page.ask("document.querySelectorAll('.chip.starting').length") > 0)
        page.shoot(PICTURES, "middle")
        clean(page, "in the middle")


def why(pbx):
    with Page(pbx) as page:
        page.menu("vip", "why is it on ha1?")
        page.until("the reasons are there", "document.querySelectorAll('.why-answer .stack rect').length > 0")
        check("why not there", page.ask("[...document.querySelectorAll('.why-answer summary')].some("
                                        "(s) => s.textContent === 'why not on ha2')"))
        page.ask("document.querySelector('.why-answer .place').click()")
        page.until("its line is marked", "!!" + page.editor(".cm-line.cm-marked"))
        page.shoot(PICTURES, "why")
        page.press("at rest")
        page.menu("ha1", "take its power")
        page.menu("ha2", "take its power")
        page.until("what would change it", "document.querySelector('.why-answer').textContent.includes("
                   "'What would change it')")
        clean(page, "why")


def tree(pbx):
    with Page(pbx) as page:
        page.menu("ha1", "take its power")
        page.press("at rest")
        page.quiet()
        page.menu("ha2", "take its power")
        page.tab("Histories")
        check("two branches", page.ask("document.querySelectorAll('.tree li').length") == 2)
        page.shoot(PICTURES, "tree")
        page.press("kill ha1", "document.querySelector('.tree')")
        page.quiet()
        check("back in the first", page.steps() == ["kill ha1"])
        test = page.export()
        check("a test block", test.startswith('test "from the page" {\n  kill ha1\n  expect'))
        check("crm_simulate", "--node-fail=ha1" in page.ask("document.getElementById('export-crm').value"))
        fragment = page.ask("location.hash")
        clean(page, "tree")
    with Page(pbx, fragment=fragment) as page:
        page.quiet()
        check("the address brings the steps", page.steps() == ["kill ha1"])
        page.tab("Histories")
        check("and the other branch", page.ask("document.querySelectorAll('.tree li').length") == 2)
        clean(page, "fragment")
    with Page(pbx, fragment="#h=%7B%22n%22%3A%5B%5B7%2C1%5D%5D%7D") as page:
        check("an address that is none is the beginning", page.steps() == [])
        clean(page, "broken fragment")


def two_policies(picket, work, source):
    with open(source, encoding="utf-8") as file:
        changed = file.read().replace("prefers ha1 score=50", "prefers ha2 score=50")
    other = os.path.join(work, "other.picket")
    with open(other, "w", encoding="utf-8") as file:
        file.write(changed)
    with Page(make(picket, work, "two", source, other)) as page:
        page.until("both are drawn", "document.querySelectorAll('.lanes svg').length === 2")
        check("they differ at rest", page.ask("document.querySelectorAll('.differs').length") > 0)
        page.menu("ha1", "take its power")
        page.shoot(PICTURES, "two")
        told = page.ask("document.querySelector('.compare').textContent")
        check("the outage differs", "outage of pbx" in told)
        clean(page, "two policies")


def heat(pbx):
    with Page(pbx) as page:
        page.tab("Sweep")
        page.press("Try every fault")
        page.until("all rows", "document.querySelectorAll('.heat tbody tr').length === 11")
        page.shoot(PICTURES, "heat")
        cell = page.ask("document.querySelectorAll('.heat tbody tr')[0].querySelectorAll('button')[1].textContent")
        page.press("kill ha1: pbx is down for " + cell)
        page.quiet()
        check("a cell opens its history", page.steps() == ["kill ha1"])
        check("and it is as long", page.result().startswith("outage " + cell))
        page.press("Sweep as `picket sweep --failures 1`")
        page.until("the sweep is told", "!!document.querySelector('#panel pre')")
        check("as picket sweep tells it", "PASS" in page.ask("document.querySelector('#panel pre').textContent"))
        clean(page, "heat map")


def tests(pbx):
    with Page(pbx) as page:
        page.tab("Tests")
        page.press("Play all tests and invariants")
        page.until("all verdicts", "document.querySelectorAll('.tests .badge').length === 10")
        check("all pass", page.ask("document.querySelectorAll('.tests .badge.pass').length") == 10)
        page.press("standby and back")
        page.quiet()
        check("a test opens", page.steps() == ["given running pbx on ha1", "standby ha1", "online ha1"])
        clean(page, "tests")


def editing(pbx, source):
    with open(source, encoding="utf-8") as file:
        policy = file.read()
    mistakes = "document.querySelectorAll('.diagnostics .error').length"
    with Page(pbx) as page:
        page.menu("ha1", "take its power")
        page.until("the editor is there", "!!" + page.editor(".cm-content"))
        check("it has colours", page.ask(page.editor(".cm-line span") + " !== null"))
        page.rewrite(policy.replace("primitive vip", "assume start of vip takes 15s\nprimitive vip"))
        page.until("it runs again", "document.querySelector('.path-bar .result').textContent.startsWith('outage 36.5')")
        page.write("\nprimitive")
        page.until("a mistake is told", mistakes + " > 0")
        page.until("and underlined", "!!" + page.editor(".cm-lintRange-error"))
        page.shoot(PICTURES, "mistake")
        page.ask("document.querySelector('.diagnostics button').click()")
        page.until("its line is gone to", "!!" + page.editor(".cm-line.cm-marked"))
        page.key("z", 2)
        page.until("Ctrl-Z takes it back", mistakes + " === 0")
        page.press("Undo all edits")
        page.until("and undone", "document.querySelector('.path-bar .result').textContent.startsWith('outage 23.5')")
        clean(page, "editing")


def completion(pbx):
    """What the compiler knows may be chosen; and the keyboard gets out of the editor again."""
    with Page(pbx) as page:
        page.until("the editor is there", "!!" + page.editor(".cm-content"))
        offered = "[...document.querySelector('.editor').shadowRoot.querySelectorAll('.cm-completionLabel')]" \
            ".map((one) => one.textContent)"

        def offers(what, name):
            page.key(" ", 2)
            page.until("%s: %s" % (what, name), "(%s).includes(%s)" % (offered, text(name)))
            # The editor takes no key for a choice within 75 ms of the list.
            page.until("the list may be used", "performance.now() > (window.listed ??= performance.now() + 300)")
            page.ask("delete window.listed")

        page.write("\nprim")
        offers("a statement", "primitive")
        page.key("Enter")
        page.type(" late ocf:heartbeat:IPad")
        offers("an agent", "ocf:heartbeat:IPaddr2")
        page.key("Enter")
        page.type(" {\n  cidr")
        offers("a parameter of the agent", "cidr_netmask")
        page.shoot(PICTURES, "completion")
        page.key("Escape")
        page.type("_netmask=24\n}\ngroup more of v")
        offers("a name of the policy", "vip")
        page.key("Escape")
        page.key("f", 2)
        page.until("Ctrl-F opens the search", "!!" + page.editor(".cm-search input"))
        page.key("Escape")
        page.until("Escape closes it", "!" + page.editor(".cm-search input"))
        page.key("Escape")
        page.key("Tab")
        check("Escape, then Tab, leaves", not page.ask("document.activeElement.className === 'editor'"))
        clean(page, "completion")


def drop(page, name, content):
    """Drops a file, as a hand would."""
    import base64
    page.ask("(() => { const b = Uint8Array.from(atob(%s), (c) => c.charCodeAt(0)); const d = new DataTransfer();"
             " d.items.add(new File([b], %s)); document.dispatchEvent(new DragEvent('drop', {dataTransfer: d,"
             " bubbles: true, cancelable: true})); })()" % (text(base64.b64encode(content).decode()), text(name)))


def dropping(pbx, cib):
    with open(cib, "rb") as file:
        xml = file.read()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:bz2") as tar:
        member = tarfile.TarInfo("report/n1/cib.xml")
        member.size = len(xml)
        tar.addfile(member, io.BytesIO(xml))
    alert = "document.querySelector('[role=alert]')"
    for name, content in (("cib.xml", xml), ("pe-input-7.bz2", bz2.compress(xml)),
                          ("report.tar.bz2", archive.getvalue())):
        with Page(pbx) as page:
            drop(page, name, content)
            page.until(name + " is read", "document.querySelector('.titles').textContent.includes(%s)" % text(name))
            page.until(name + " is played", "!!document.querySelector('.node') && ![...document.querySelectorAll("
                       "'.node-name')].some((n) => n.textContent === 'ha1') || !!" + alert)
            said = page.ask(alert + "?.textContent")
            check("%s is no error: %s" % (name, said), not said)
            # The cluster may be drawn before the engine has answered what runs where.
            page.until(name + " runs", "document.querySelectorAll('.node .chip').length > 0")
            up = page.ask("document.querySelectorAll('.node.up').length")
            running = page.ask("document.querySelectorAll('.node .chip').length")
            check("%s: nodes are up (%s), and resources run (%s)" % (name, up, running), up > 0 and running > 0)
            page.shoot(PICTURES, "dropped " + name)
            clean(page, name)
    for name, content in (("damaged.bz2", bz2.compress(xml)[:200]), ("junk.xml", b"<cib"), ("x.xz", b"\xfd7zXZ\0")):
        with Page(pbx) as page:
            drop(page, name, content)
            page.until(name + " is refused", "!!document.querySelector('[role=alert]')")
            clean(page, name)


LIBRARY = b"define service(name) {\n  primitive ${name} ocf:pacemaker:Dummy { op monitor interval=10s }\n}\n"
MAIN = (b"import \"lib/service.picket\" as lib\nnode a1 { id=1 }\nnode a2 { id=2 }\n"
        b"property fencing-enabled=no no-quorum-policy=ignore\nuse lib::service(apart)\n")


def drop_all(page, files):
    """Drops several files at once."""
    import base64
    page.ask("(() => { const d = new DataTransfer(); for (const [name, text] of %s) d.items.add(new File(["
             "Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name)); document.dispatchEvent(new DragEvent("
             "'drop', {dataTransfer: d, bubbles: true, cancelable: true})); })()"
             % text([[name, base64.b64encode(content).decode()] for name, content in files]))


def imports(pbx):
    """A policy that imports others: with them, without them, and one after the other."""
    alert = "document.querySelector('[role=alert]')"
    plays = ("[...document.querySelectorAll('.node-name')].some((n) => n.textContent === 'a1') && "
             "[...document.querySelectorAll('.node .chip')].some((n) => n.textContent === 'apart')")
    for files in ([("main.picket", MAIN), ("service.picket", LIBRARY)], [("service.picket", LIBRARY),
                                                                       ("main.picket", MAIN)]):
        with Page(pbx) as page:
            drop_all(page, files)
            page.until("both files are one policy", plays)
            check("no error: %s" % page.ask(alert + "?.textContent"), not page.ask("!!" + alert))
            clean(page, "imports")
    with Page(pbx) as page:
        drop_all(page, [("main.picket", MAIN)])
        page.until("what is missing is told", alert + "?.textContent.includes('lib/service.picket')")
        page.shoot(PICTURES, "missing import")
        drop_all(page, [("service.picket", LIBRARY)])
        page.until("it is dropped too", plays)
        check("no error: %s" % page.ask(alert + "?.textContent"), not page.ask("!!" + alert))
        drop_all(page, [(name, b"node x { id=1 }\n") for name in ("1.picket", "2.picket", "3.picket")])
        page.until("which one is meant", alert + "?.textContent.includes('which one is meant')")
        clean(page, "missing import")


def contrast(page):
    """Pairs of colours that are too close to read, of all texts that are shown."""
    return page.ask("""(() => {
      const rgb = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
      const linear = (v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
      const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
      const behind = (e) => {
        for (; e; e = e.parentElement) {
          const c = rgb(getComputedStyle(e).backgroundColor);
          if (c.length === 3 || c[3] > 0) return c;
        }
        return [255, 255, 255];
      };
      const speaks = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      const bad = new Set();
      for (const e of document.querySelectorAll('main *, header *, footer')) {
        if (e.closest('svg') || e.disabled || !speaks(e) || !e.getClientRects().length) continue;
        const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
        const ratio = (a + .05) / (b + .05);
        if (ratio < 4.5) bad.add([e.tagName, e.className, e.textContent.slice(0, 20), ratio.toFixed(2)].join(' '));
      }
      return [...bad].join('\\n');
    })()""")


def access(pbx):
    for dark in (False, True):
        with Page(pbx, dark=dark) as page:
            page.menu("ha1", "take its power")
            page.tab("Sweep")
            page.press("Try every fault")
            page.until("all rows", "document.querySelectorAll('.heat tbody tr').length === 11")
            bad = contrast(page)
            check("texts can be read (dark: %s): %s" % (dark, bad), not bad)
            page.tab("Story")
            bad = contrast(page)
            check("texts can be read (dark: %s): %s" % (dark, bad), not bad)
            nameless = page.ask(
                "[...document.querySelectorAll('button, select, input, textarea, [role=button], [role=region]')]"
                ".filter((e) => !e.hidden && !(e.getAttribute('aria-label') || e.textContent.trim() || "
                "[...(e.labels || [])].some((l) => l.textContent.trim())))"
                ".map((e) => e.outerHTML.slice(0, 120)).join('\\n')")
            check("everything to press has a name: " + nameless, not nameless)
            check("ids are single", page.ask(
                "(() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);"
                " return new Set(ids).size === ids.length; })()"))
            rows = page.ask("document.querySelectorAll('.lanes details table tr').length")
            check("a table is behind the picture", rows > 5)
            check("headings begin with one", page.ask("document.querySelectorAll('h1').length") == 1)
            page.shoot(PICTURES, "dark" if dark else "light")
            clean(page, "access")
    with Page(pbx) as page:
        # By keyboard alone: to the node, open, down, choose.
        page.ask("document.querySelector('.node-name').focus()")

        def key(name):
            page.key(name)
            page.ask("new Promise((done) => setTimeout(done, 60))")

        key("Enter")
        check("Enter opens the menu", page.ask("document.activeElement.getAttribute('role')") == "menuitem")
        key("Escape")
        check("Escape closes it", not page.ask("!!document.querySelector('[role=menu]')"))
        check("and the focus is back", page.ask("document.activeElement.className") == "node-name")
        key("Enter")
        for _ in range(3):
            key("ArrowDown")
        key("Enter")
        page.quiet()
        check("a fault by keyboard", page.steps() == ["standby ha1"])
        page.ask("document.getElementById('tab-story').focus()")
        key("ArrowRight")
        check("arrows move between panels", page.ask("document.activeElement.id") == "tab-tree")
        page.browser.call("Emulation.setEmulatedMedia", media="print", features=[])
        shown = page.ask("getComputedStyle(document.querySelector('header .tools')).display")
        check("buttons are not printed", shown == "none")
        paper = page.browser.call("Page.printToPDF", preferCSSPageSize=True)["data"]
        check("it prints", len(paper) > 10000)
        clean(page, "keyboard")


def hostile(picket, work, folder):
    path = make(picket, work, "hostile", os.path.join(folder, "hostile.picket"))
    nothing_outside(path)
    with Page(path) as page:
        page.quiet()
        markup = page.ask("document.querySelectorAll('img, iframe, svg script, b svg').length")
        check("no markup came of a name", markup == 0)
        names = page.ask("[...document.querySelectorAll('.node-name')].map((b) => b.textContent)")
        check("names are shown as they are: %s" % names, any("<" in name for name in names))
        for name in names:
            page.menu(name, "take its power")
            page.press("at rest")
            page.quiet()
        for chip in page.ask("[...document.querySelectorAll('.chip')].map((c) => c.textContent)"):
            page.ask("[...document.querySelectorAll('.chip')].find((c) => c.textContent === %s).click()" % text(chip))
            page.ask("new Promise((done) => setTimeout(done, 30))")
            page.ask("document.body.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))")
        for tab in ("Histories", "Sweep", "Tests", "Take along"):
            page.tab(tab)
        page.tab("Tests")
        page.press("Play all tests and invariants")
        page.until("verdicts", "document.querySelectorAll('.tests .badge').length > 0")
        page.shoot(PICTURES, "hostile")
        clean(page, "hostile names")


def secrets(picket, work):
    policy = os.path.join(work, "secret.picket")
    with open(policy, "w", encoding="utf-8") as file:
        file.write("cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nproperty fencing-enabled=no\n"
                   "primitive db ocf:heartbeat:pgsql { rep_password=\"hunter2\" }\n")
    with open(make(picket, work, "secret", policy), encoding="utf-8") as file:
        html = file.read()
    check("a password does not reach the page", "hunter2" not in html and "********" in html)


def refused(picket, work, source):
    """What the page could not play is not written."""
    page = os.path.join(work, "refused.html")
    for arguments in ([source, "--after", "no such fault"], [source, "--after", "kill ha9"],
                      [os.path.join(work, "none")]):
        run = subprocess.run([picket, "report", *arguments, "--interactive", "-o", page], stderr=subprocess.PIPE,
                             check=False)
        check("%s is refused" % arguments, run.returncode in (2, 3) and run.stderr and not os.path.exists(page))


def large(picket, work):
    """16 nodes and 300 resources: the file, and an answer."""
    import time
    policy = os.path.join(work, "large.picket")
    with open(policy, "w", encoding="utf-8") as file:
        file.write("cluster large { link lan }\n")
        for i in range(16):
            file.write("node n%d { id=%d; link lan 192.0.2.%d }\n" % (i, i + 1, i + 1))
        for i in range(16):
            file.write("fence f%d stonith:fence_ipmilan for n%d { ip=192.0.2.%d }\n" % (i, i, 100 + i))
        for i in range(300):
            file.write("primitive r%d ocf:pacemaker:Dummy { op monitor interval=10s }\n" % i)
    began = time.time()
    path = make(picket, work, "large", policy)
    took = time.time() - began
    print("16 x 300: picket report took %.1f s, the file has %d bytes" % (took, os.path.getsize(path)))
    check("the file is below 4 MB", os.path.getsize(path) < 4 << 20)
    with Page(path) as page:
        page.quiet()
        check("collapsed at first", page.ask("document.querySelectorAll('.lanes rect').length") < 400)
        page.menu("n0", "take its power")
        print("16 x 300: " + page.result())
        page.shoot(PICTURES, "large")
        clean(page, "large")


def main(picket, folder, pictures=None):
    global PICTURES
    PICTURES = pictures
    if not clicks.chromium():
        print("SKIPPED: there is no Chromium on this machine, so the page was not looked at")
        return 0
    source = os.path.join(folder, "../../examples/pbx/pbx.picket")
    with tempfile.TemporaryDirectory() as work:
        pbx = make(picket, work, "pbx", source)
        nothing_outside(pbx)
        parts = [("faults", lambda: faults(pbx)), ("in the middle", lambda: in_the_middle(pbx)),
                 ("why", lambda: why(pbx)),
                 ("tree", lambda: tree(pbx)), ("two policies", lambda: two_policies(picket, work, source)),
                 ("heat map", lambda: heat(pbx)), ("tests", lambda: tests(pbx)),
                 ("editing", lambda: editing(pbx, source)), ("completion", lambda: completion(pbx)),
                 ("imports", lambda: imports(pbx)),
                 ("dropping", lambda: dropping(pbx, os.path.join(folder, "../browser/cib.xml"))),
                 ("access", lambda: access(pbx)), ("hostile", lambda: hostile(picket, work, folder)),
                 ("secrets", lambda: secrets(picket, work)), ("refused", lambda: refused(picket, work, source)),
                 ("large", lambda: large(picket, work))]
        failed = 0
        for name, part in parts:
            try:
                part()
                print("passed: " + name)
            except (AssertionError, RuntimeError) as error:
                failed += 1
                print("FAILED: %s: %s" % (name, error))
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
