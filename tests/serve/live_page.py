"""The live page of `picket serve` in headless Chromium, in the words of its users."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "browser"))
from opened import Opened, check, text  # noqa: E402


class LivePage(Opened):
    """What a link of `picket serve` opens. `origin` is where the page may ask."""

    def __init__(self, link, origin, **looks):
        super().__init__(link, **looks)
        self.origin = origin

    def is_live(self):
        self.until("it is live", "document.body.className === 'live' && !document.getElementById('where').hidden")

    def press(self, words, within="document"):
        """Presses the first button there whose text begins so."""
        found = self.ask("(() => { const b = [...%s.querySelectorAll('button')].find((b) => b.textContent.trim()"
                         ".startsWith(%s) && !b.hidden && !b.disabled); if (b) b.click(); return !!b; })()"
                         % (within, text(words)))
        check("there is a button %s" % words, found)

    def node(self, name):
        """The card of a node, as an expression."""
        return ("[...document.querySelectorAll('article')].find((a) => a.getAttribute('aria-label') === %s)"
                % text("node " + name))

    def answer(self):
        """Waits for what the simulation says, and gives it."""
        self.until("an answer", "!!document.getElementById('verdict')")
        return self.text("#answer")

    def clean(self, but=()):
        for complaint in self.complaints():
            own = complaint.startswith("asks for " + self.origin + "/")
            check(complaint, own or any(part in complaint for part in but))
