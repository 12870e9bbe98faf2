"""Opens a page of `picket report` in headless Chromium, uses it as a reader would, and fails on any console error.

    browse.py PAGE [SCREENSHOT_FOLDER]

Talks the DevTools protocol over a pipe, which needs nothing beside Chromium and Python. Chromium gets a profile of its
own, which is thrown away, and no network: a page that refers outside would fail to load that, and is told so.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAMS = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--window-size=1280,900", "--remote-debugging-pipe"]


class Browser:
    def __init__(self, program, profile):
        to_read, self.write = os.pipe()
        self.read, to_write = os.pipe()

        def wire():
            # Through numbers that are surely free, so that neither end is closed by the other's move.
            os.dup2(to_read, 103)
            os.dup2(to_write, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        self.process = subprocess.Popen([program, *FLAGS, "--user-data-dir=" + profile, "about:blank"], close_fds=False,
                                        preexec_fn=wire, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.number = 0
        self.rest = b""
        self.events = []
        self.session = None

    def receive(self):
        while b"\0" not in self.rest:
            some = os.read(self.read, 1 << 16)
            if not some:
                raise RuntimeError("Chromium has gone")
            self.rest += some
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]
            self.events.append(answer)

    def wait(self, event):
        while not any(known.get("method") == event for known in self.events):
            self.events.append(self.receive())

    def ask(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError("%s: %s" % (expression, answer["exceptionDetails"]["text"]))
        return answer["result"].get("value")

    def complaints(self):
        found = []
        for event in self.events:
            method, what = event.get("method"), event.get("params", {})
            if method == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
                found.append("console: " + " ".join(str(part.get("value", "")) for part in what["args"]))
            if method == "Runtime.exceptionThrown":
                found.append("exception: " + what["exceptionDetails"]["text"])
            if method == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
                found.append("log: " + what["entry"]["text"])
            if method == "Network.requestWillBeSent" and not what["request"]["url"].startswith(("file:", "data:")):
                found.append("asks for " + what["request"]["url"])
        return found

    def end(self):
        self.process.terminate()
        self.process.wait()


def shoot(browser, folder, name):
    if folder:
        picture = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        with open(os.path.join(folder, name + ".png"), "wb") as file:
            file.write(base64.b64decode(picture["data"]))


def check(what, is_so):
    if not is_so:
        raise AssertionError(what)


def use(browser, page, folder):
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Runtime", "Log", "Page", "Network"):
        browser.call(domain + ".enable")
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    browser.call("Page.navigate", url="file://" + os.path.abspath(page))
    browser.wait("Page.loadEventFired")
    shoot(browser, folder, "light")

    background = "getComputedStyle(document.body).backgroundColor"
    light = browser.ask(background)
    browser.ask("document.getElementById('theme').click()")
    check("the button turns the page dark", browser.ask(background) != light)
    shoot(browser, folder, "dark")
    browser.ask("document.getElementById('theme').click()")
    check("and light again", browser.ask(background) == light)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    browser.ask("delete document.documentElement.dataset.theme")
    check("it follows the system", browser.ask(background) != light)

    # Every history can be chosen, and one is shown at a time.
    histories = browser.ask("document.querySelectorAll('.history').length")
    for i in range(histories):
        browser.ask("(() => { const s = document.getElementById('history'); s.value = '%d';"
                    " s.dispatchEvent(new Event('change')); })()" % i)
        check("history %d is shown alone" % i,
              browser.ask("[...document.querySelectorAll('.history')].findIndex(h => !h.hidden)") == i and
              browser.ask("[...document.querySelectorAll('.history')].filter(h => !h.hidden).length") == 1)
        check("it is a picture",
              browser.ask("document.querySelectorAll('.history')[%d].querySelectorAll('rect').length" % i) > 0)

    # Every score and name opens what it is made of.
    buttons = browser.ask("document.querySelectorAll('[data-why]').length")
    check("there are scores", buttons > 0)
    for i in range(min(buttons, 60)):
        browser.ask("document.querySelectorAll('[data-why]')[%d].click()" % i)
        check("dialog %d opens" % i, browser.ask("document.getElementById('why').open"))
        check("it says something", browser.ask("document.getElementById('why-body').textContent.length") > 0)
        check("and has a title", browser.ask("document.getElementById('why-title').textContent.length") > 0)
        if i == 1:
            shoot(browser, folder, "dialog")
        browser.ask("document.querySelector('#why .close').click()")
        check("and closes", not browser.ask("document.getElementById('why').open"))

    for link in range(browser.ask("document.querySelectorAll('nav a').length")):
        check("link %d leads somewhere" % link, browser.ask(
            "!!document.querySelector(document.querySelectorAll('nav a')[%d].getAttribute('href'))" % link))
    check("every picture and control has a name", browser.ask(
        "[...document.querySelectorAll('button, select, [role=img]')].every(e => "
        "e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && e.labels.length))"))
    check("one script only, ours", browser.ask("document.scripts.length") == 1)


def main(page, folder=None):
    program = next((found for found in map(shutil.which, PROGRAMS) if found), None)
    if not program:
        print("SKIPPED: there is no Chromium on this machine, so the page was not looked at")
        return 0
    profile = tempfile.mkdtemp()
    browser = Browser(program, profile)
    try:
        use(browser, page, folder)
        complaints = browser.complaints()
        for complaint in complaints:
            print("FAILED: " + complaint)
        return 1 if complaints else 0
    except AssertionError as error:
        print("FAILED: %s" % error)
        return 1
    finally:
        browser.end()
        shutil.rmtree(profile, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
