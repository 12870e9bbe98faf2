"""The live page in headless Chromium, used as a reader would use it. Fails on any console error, and on any request to
another server.

    browser_test.py PICKET PICKET_SERVE [SCREENSHOT_FOLDER]
"""
import json
import os
import sys
import tempfile

import served
from live_page import LivePage
from opened import check, chromium
from served import HOSTILE, Served, cluster

PICTURES = None


class Live(LivePage):
    """The live page of a server here."""

    def __init__(self, server, **looks):
        super().__init__(server.link, server.origin, **looks)

    def shoot(self, name):
        super().shoot(PICTURES, name)


def first(serve, work):
    with Served(serve, work, cluster()) as server, Live(server) as page:
        page.is_live()
        check("the title says live", page.ask("document.title") == "LIVE: demo")
        check("the token has left the address", page.ask("location.hash") == "")
        check("what runs where comes first",
              page.ask("document.querySelector('main section:not([hidden])').id") == "where")
        check("web is on ha1", "web" in page.ask(page.node("ha1") + ".querySelector('.chips').textContent"))
        check("failures have an age", "for 5 min" in page.text("#failures"))
        check("leftovers", "banned from ha9" in page.text("#left") and "in no configuration" in page.text("#left"))
        check("no drift without a policy", page.ask("document.getElementById('drift').hidden"))
        check("nobody can change anything", "Standby" not in page.text("main"))
        page.shoot("live")
        server.write(cluster(on=("ha2", "ha1"), epoch=8))
        page.until("events come", "document.getElementById('events').textContent.includes('web runs on ha2')")
        page.until("and the picture", page.node("ha2") + ".textContent.includes('web')")
        os.remove(server.file)
        page.until("the loss is seen", "document.body.className === 'old'")
        check("the title says so", page.ask("document.title").startswith("NOT LIVE, "))
        check("and how old it is", " old." in page.text("#alert"))
        check("nobody is asked to guess", "reboot" not in page.text("main"))
        page.shoot("lost")
        server.write(cluster(on=("ha2", "ha1"), epoch=8))
        page.until("and its end", "document.body.className === 'live' && document.getElementById('alert').hidden")
        page.clean()


def gone(serve, work):
    """The server itself is gone."""
    server = Served(serve, work, cluster())
    with server, Live(server) as page:
        page.is_live()
        server.process.kill()
        server.process.wait()
        page.until("the page notices", "document.body.className === 'old'")
        check("and says what it shows", "is shown" in page.text("#age") and " old" in page.text("#age"))
        page.shoot("gone")
        page.clean(but=["ERR_", "asks for"])


def again(serve, work):
    with Served(serve, work, cluster()) as server:
        with Live(server) as page:
            page.is_live()
            page.browser.call("Page.reload")
            page.until("a reload stays in", "document.body.className === 'live'")
            page.press("End session")
            page.until("and out", "document.getElementById('alert').textContent.includes('over')")
            page.until("what is shown is not live", "document.body.className === 'old'")
            page.clean()
        with Live(server) as page:
            page.until("the link is used up", "document.getElementById('alert').textContent.includes('used before')")
            check("nothing is shown", page.ask("document.getElementById('where').hidden"))
            page.shoot("refused")
            page.clean(but=["401"])


def questions(serve, work):
    with Served(serve, work, cluster()) as server, Live(server) as page:
        page.is_live()
        page.press("Safe to reboot?", page.node("ha1"))
        page.until("an answer", "!!document.getElementById('verdict')")
        said = page.text("#answer")
        check("in plain words: " + said, "Is it safe to reboot ha1 now?" in said and "moves from ha1 to ha2" in said
              and "away for" in said and "SIMULATED" in said)
        check("there is nothing to confirm", page.ask("document.getElementById('do').hidden"))
        page.shoot("question")
        page.press("Close")
        page.press("Safe to reboot?", page.node("ha2"))
        page.until("the other answer", "(document.getElementById('verdict') || {}).className === 'verdict yes'")
        page.press("Close")
        page.press("web", page.node("ha1"))
        page.until("details", "document.getElementById('answer').open")
        check("of the resource", "ocf:pacemaker:Dummy" in page.text("#answer"))
        page.clean()


def what_if(serve, work):
    if not os.path.getsize(os.environ.get("PICKET_ENGINE") or "/dev/null"):
        print("SKIPPED: the engine was built without its cross compiler")
        return
    with Served(serve, work, cluster()) as server, Live(server) as page:
        page.is_live()
        address = page.ask("`/what-if/${JSON.parse(JSON.stringify(sessionStorage.getItem('page')))}`")
        page.go(server.origin + address)
        page.until("it plays", "!!document.querySelector('.lanes svg') || !!document.querySelector('[role=alert]')")
        check("it says that it is simulated", page.ask("document.title").startswith("SIMULATED: demo as of"))
        check("nothing is wrong: %s" % page.text("[role=alert]"), not page.text("[role=alert]"))
        check("no secret", "hunter2" not in page.ask("document.documentElement.outerHTML"))
        check("it is another origin", page.ask("self.origin") == "null")
        page.shoot("what-if")
        page.clean()


def changes(serve, work):
    if not served.has_cibadmin():
        print("SKIPPED: there is no cibadmin on this machine, so nothing was changed")
        return
    with Served(serve, work, cluster(), "--allow-changes", live=True) as server, Live(server) as page:
        page.is_live()
        page.press("Standby", page.node("ha1"))
        page.until("it is shown first", "!!document.getElementById('verdict')")
        with open(server.file, encoding="utf-8") as file:
            check("nothing is done yet", 'name="standby"' not in file.read())
        page.shoot("confirm")
        page.press("Do it", "document.getElementById('answer')")
        page.until("done", "document.getElementById('answer').textContent"
                   ".includes('Done: put ha1 in standby')")
        page.press("Close")
        page.until("and seen", page.node("ha1") + ".className.includes('standby')")
        page.until("in the events", "document.getElementById('events').textContent"
                   ".includes('done from this page')")
        page.shoot("standby")
        page.clean()


def hostile(serve, work):
    """Names and reasons that mean harm stay texts."""
    bad = HOSTILE + "';--</script><script>alert(2)</script>"
    names = (bad + "1", "__proto__")
    cib = cluster(name=bad, web=bad, db='"><svg onload=alert(3)>', nodes=names, on=names, up=names)
    with Served(serve, work, cib) as server, Live(server) as page:
        page.ask("window.alert = () => { window.harmed = true; }; true")
        page.is_live()
        check("the name is a text", page.text("#name") == bad)
        check("no markup came of it",
              page.ask("document.querySelectorAll('main img, main svg, main script').length") == 0)
        check("the reason of a failure too", HOSTILE in page.text("#failures"))
        page.press("Safe to reboot?", page.node("__proto__"))
        page.until("an answer", "!!document.getElementById('verdict')")
        check("and in answers",
              page.ask("document.querySelectorAll('dialog img, dialog svg, dialog script').length") == 0)
        page.shoot("hostile")
        page.press("Close")
        page.press(bad)
        check("nothing ran", page.ask("window.harmed === undefined"))
        page.clean()


def policy(serve, work):
    file = os.path.join(work, "demo.picket")
    with open(file, "w", encoding="utf-8") as out:
        out.write('node ha1 { id=1 }\nnode ha2 { id=2 }\nproperty stonith-enabled=false no-quorum-policy=ignore\n'
                  'primitive web ocf:pacemaker:Dummy { op monitor interval=20s }\n')
    with Served(serve, work, cluster(), "--policy", file) as server, Live(server) as page:
        page.is_live()
        page.until("drift is told", "document.querySelectorAll('#drift li').length > 0")
        page.shoot("drift")
        page.clean()


CONTRAST = """(() => {
  const rgb = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const linear = (v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3) return c; } return [255, 255, 255]; };
  const speaks = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const bad = new Set();
  for (const e of document.querySelectorAll('main *, header *, footer, dialog *')) {
    if (e.disabled || !speaks(e) || !e.getClientRects().length) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) bad.add([e.tagName, e.className, e.textContent.slice(0, 20)].join(' '));
  }
  return [...bad].join('\\n');
})()"""


def access(serve, work):
    for dark in (False, True):
        with Served(serve, work, cluster(up=("ha1",))) as server, Live(server, dark=dark) as page:
            page.is_live()
            bad = page.ask(CONTRAST)
            check("texts can be read (dark: %s): %s" % (dark, bad), not bad)
            page.press("Safe to reboot?", page.node("ha1"))
            page.until("an answer", "!!document.getElementById('verdict')")
            bad = page.ask(CONTRAST)
            check("answers can be read (dark: %s): %s" % (dark, bad), not bad)
            page.shoot("dark" if dark else "light")
            nameless = page.ask("[...document.querySelectorAll('button, input, section, dialog, article')]"
                                ".filter((e) => !e.hidden && !(e.getAttribute('aria-label') || "
                                "e.getAttribute('aria-labelledby') || e.textContent.trim() || "
                                "(e.labels || []).length)).map((e) => e.outerHTML).join('\\n')")
            check("everything has a name: " + nameless, not nameless)
            check("ids are single", page.ask("(() => { const ids = [...document.querySelectorAll('[id]')]"
                                             ".map((e) => e.id); return new Set(ids).size === ids.length; })()"))
            page.clean()
    with Served(serve, work, cluster()) as server, Live(server, width=420) as page:
        page.is_live()
        check("it fits a small screen", page.ask("document.documentElement.scrollWidth <= 420"))
        # With the keyboard alone: the focus stays where it is while the page is drawn again.
        page.ask("[...document.querySelectorAll('button')].find((b) => b.dataset.key === 'reboot ha1').focus()")
        server.write(cluster(on=("ha2", "ha1"), epoch=8))
        page.until("drawn again", page.node("ha2") + ".textContent.includes('web')")
        check("the focus stays", page.ask("document.activeElement.dataset.key") == "reboot ha1")
        page.key("Enter")
        page.until("Enter asks", "!!document.getElementById('verdict')")
        page.key("Escape")
        page.until("Escape closes", "!document.getElementById('answer').open")
        page.shoot("small")
        page.clean()


def main(_picket, serve, pictures=None):
    global PICTURES
    PICTURES = pictures
    if not chromium():
        print("SKIPPED: there is no Chromium on this machine, so the page was not looked at")
        return 0
    with tempfile.TemporaryDirectory() as work:
        return served.play([
            ("first", lambda: first(serve, work)), ("gone", lambda: gone(serve, work)),
            ("again", lambda: again(serve, work)),
            ("questions", lambda: questions(serve, work)), ("what if", lambda: what_if(serve, work)),
            ("changes", lambda: changes(serve, work)), ("hostile", lambda: hostile(serve, work)),
            ("policy", lambda: policy(serve, work)), ("access", lambda: access(serve, work))])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
