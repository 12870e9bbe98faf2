"""A page in a headless Chromium of its own, with the words that every test of a page says."""
import base64
import json
import os
import shutil
import tempfile

from browse import PROGRAMS, Browser

PATIENCE_MS = 60000
KEYS = {"Enter": 13, "Escape": 27, "Tab": 9, " ": 32, "ArrowDown": 40, "ArrowUp": 38, "ArrowLeft": 37,
        "ArrowRight": 39, "End": 35, "Home": 36}


def chromium():
    """The program; None if there is none."""
    return next((found for found in map(shutil.which, PROGRAMS) if found), None)


def check(what, is_so):
    if not is_so:
        raise AssertionError(what)


def text(value):
    """A text as a literal of the page's language."""
    return json.dumps(value)


class Opened:
    """One page in one browser, which goes when the `with` block ends."""

    def __init__(self, url, width=1280, height=900, dark=False, program=None):
        self.profile = tempfile.mkdtemp()
        self.browser = browser = Browser(program or chromium(), self.profile)
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page", "Network", "DOM"):
            browser.call(domain + ".enable")
        scheme = "dark" if dark else "light"
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.resize(width, height)
        self.go(url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.end()
        shutil.rmtree(self.profile, ignore_errors=True)

    def resize(self, width, height):
        self.browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                          mobile=False)

    def go(self, url):
        """Opens another page in the same browser."""
        browser = self.browser
        browser.events = [one for one in browser.events if one.get("method") != "Page.loadEventFired"]
        browser.call("Page.navigate", url=url)
        browser.wait("Page.loadEventFired")

    def ask(self, expression):
        return self.browser.ask(expression)

    def text(self, selector):
        return self.ask("(document.querySelector(%s) || {}).textContent" % text(selector))

    def until(self, what, condition):
        """Waits for a condition of the page, which the page itself looks at."""
        is_so = self.ask("new Promise((done) => { const end = performance.now() + %d; const look = () => "
                         "document.body && (%s) ? done(true) : performance.now() > end ? done(false) "
                         ": setTimeout(look, 15); look(); })" % (PATIENCE_MS, condition))
        check(what, is_so)

    def key(self, name, modifiers=0):
        """One key, as a person presses it; 1 is Alt, 2 Control, 8 Shift."""
        typed = "" if modifiers & 2 else {"Enter": "\r"}.get(name, name if len(name) == 1 else "")
        code = KEYS.get(name, ord(name[0].upper()))
        for kind in ("keyDown", "keyUp"):
            self.browser.call("Input.dispatchKeyEvent", type=kind, key=name, code=name if len(name) > 1 else "",
                              windowsVirtualKeyCode=code, modifiers=modifiers,
                              text=typed if kind == "keyDown" else "")

    def type(self, words):
        """A text where the focus is."""
        self.browser.call("Input.insertText", text=words)

    def shoot(self, folder, name, whole=True):
        if not folder:
            return
        os.makedirs(folder, exist_ok=True)
        picture = self.browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(os.path.join(folder, name + ".png"), "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def complaints(self):
        """What the console says, and every request; a worker made of the page itself is none."""
        return [one for one in self.browser.complaints() if "asks for blob:" not in one]
