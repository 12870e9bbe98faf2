"""Clicks in an interactive page of `picket report`, in headless Chromium over the DevTools pipe (tests/browser)."""
import base64
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "browser"))
from browse import PROGRAMS, Browser  # noqa: E402

PATIENCE_MS = 60000


def chromium():
    return next((found for found in map(shutil.which, PROGRAMS) if found), None)


def check(what, is_so):
    if not is_so:
        raise AssertionError(what)


def text(value):
    """A text as a literal of the page's language."""
    import json
    return json.dumps(value)


class Page:
    """One page in one browser, which goes when the `with` block ends."""

    def __init__(self, path, width=1280, height=900, fragment="", dark=False):
        self.profile = tempfile.mkdtemp()
        self.browser = Browser(chromium(), self.profile)
        browser = self.browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page", "Network", "DOM"):
            browser.call(domain + ".enable")
        scheme = "dark" if dark else "light"
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                     mobile=False)
        browser.call("Page.navigate", url="file://" + os.path.abspath(path) + fragment)
        browser.wait("Page.loadEventFired")
        self.until("the engine has played", "!!document.querySelector('.lanes svg') || "
                   "!!document.querySelector('[role=alert]')")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.end()
        shutil.rmtree(self.profile, ignore_errors=True)

    def ask(self, expression):
        return self.browser.ask(expression)

    def until(self, what, condition):
        """Waits for a condition of the page; the page itself looks, at each frame."""
        is_so = self.ask("new Promise((done) => { const end = performance.now() + %d; const look = () => "
                         "(%s) ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 15); look(); })"
                         % (PATIENCE_MS, condition))
        check(what, is_so)

    def quiet(self):
        """Waits until what was asked is answered."""
        self.until("the page is done", "(() => { const s = document.querySelector('.path-bar .result'); "
                   "return s && !s.textContent.endsWith('…'); })()")
        self.ask("new Promise((done) => setTimeout(done, 60))")

    def press(self, words, within="document"):
        """Presses the first button that says this."""
        found = self.ask("(() => { const said = (b) => [b.getAttribute('aria-label'), b.textContent.trim()]; "
                         "const b = [...%s.querySelectorAll('button')].find((b) => said(b).includes(%s)); "
                         "if (b) b.click(); return !!b; })()" % (within, text(words)))
        check("there is a button %s" % words, found)
        self.ask("new Promise((done) => setTimeout(done, 30))")

    def menu(self, name, item):
        """Opens the menu of a node, resource, device or link and chooses from it."""
        opened = self.ask("(() => { const b = [...document.querySelectorAll('.cluster .menu > button')].find((b) => "
                          "b.textContent === %s); if (b) b.click(); return !!b; })()" % text(name))
        check("the cluster shows %s" % name, opened)
        self.until("the menu of %s is open" % name, "!!document.querySelector('[role=menu]')")
        self.press(item, "document.querySelector('[role=menu]')")
        self.quiet()

    def tab(self, name):
        self.press(name, "document.querySelector('[role=tablist]')")

    def step(self, words):
        """Types a step of a test."""
        self.ask("(() => { const i = document.querySelector('input.any'); i.value = %s; "
                 "i.dispatchEvent(new Event('input', {bubbles: true})); })()" % text(words))
        self.ask("new Promise((done) => setTimeout(done, 30))")
        self.ask("document.querySelector('input.any').form.requestSubmit()")
        self.ask("new Promise((done) => setTimeout(done, 30))")
        self.quiet()

    def in_the_middle(self, number=0):
        """Chooses a moment of the reaction that is shown for the next fault; gives its words."""
        words = self.ask("(() => { const s = document.querySelector('.strike select'), o = s.options[%d + 1]; "
                         "if (!o) return null; s.value = o.value; "
                         "s.dispatchEvent(new Event('change', {bubbles: true})); return o.value; })()" % number)
        self.ask("new Promise((done) => setTimeout(done, 30))")
        return words

    def steps(self):
        return self.ask("[...document.querySelectorAll('.path-bar button')].map((b) => b.textContent)"
                        ".filter((t) => t !== 'Undo').slice(1)")

    def result(self):
        return self.ask("document.querySelector('.path-bar .result').textContent")

    def export(self):
        """The exported `test` block."""
        self.tab("Take along")
        self.until("the test is written", "(document.getElementById('export-test') || {}).value && "
                   "document.getElementById('export-test').value !== '…'")
        return self.ask("document.getElementById('export-test').value")

    def shoot(self, folder, name, whole=True):
        if not folder:
            return
        os.makedirs(folder, exist_ok=True)
        picture = self.browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(os.path.join(folder, name + ".png"), "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def complaints(self):
        return [one for one in self.browser.complaints() if "asks for blob:" not in one]
