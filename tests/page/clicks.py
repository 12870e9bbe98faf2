"""Clicks in an interactive page of `picket report`, in headless Chromium over the DevTools pipe (tests/browser)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "browser"))
from opened import Opened, check, chromium, text  # noqa: E402, F401


class Page(Opened):
    """The page of a file."""

    def __init__(self, path, fragment="", **looks):
        super().__init__("file://" + os.path.abspath(path) + fragment, **looks)
        self.until("the engine has played", "!!document.querySelector('.lanes svg') || "
                   "!!document.querySelector('[role=alert]')")

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

    def editor(self, selector):
        """An element of the editor, which is in a tree of its own, as an expression."""
        return "document.querySelector('.editor').shadowRoot.querySelector(%s)" % text(selector)

    def edit(self):
        """Goes to the editor, which draws only what can be seen."""
        self.ask("document.querySelector('.editor').scrollIntoView({block: 'center'})")
        self.ask(self.editor(".cm-content") + ".focus()")

    def write(self, words):
        """Puts the cursor behind the policy's text, and types there."""
        self.edit()
        self.key("End", 2)
        self.type(words)

    def rewrite(self, words):
        """Another text in the place of the policy's."""
        self.edit()
        self.key("a", 2)
        self.type(words)

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
