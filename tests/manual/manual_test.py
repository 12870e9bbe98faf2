#!/usr/bin/env python3
"""Runs what pages of the manual show, and compares what is printed with what the page says.

    manual_test.py PICKET PAGE…

A page tells a story: its blocks run one after the other in one empty folder.

    ```picket file=shop.picket      the block is written to that file
    ```picket append=shop.picket    the block is added to the end of that file
    ```console                      lines with `$ ` are commands; the lines below each are what it prints

Of what is printed the page shows all, or says `…` where it leaves lines out; a `…` within a line stands for any text.
What a command writes to either stream counts. A command ends with status 0, unless the next command of the block is
`echo $?`, which then shows the status. A heading `## …` begins a new story in a new folder where the page says
`<!-- each heading alone -->`.
Blocks of other kinds, and indented ones, are only looked at by people.
"""
import os
import re
import subprocess
import sys
import tempfile

ALONE = "<!-- each heading alone -->"
TIMEOUT_S = 120


class Block:
    def __init__(self, line, words, lines):
        self.line, self.words, self.lines = line, words, lines


def stories(text):
    """The blocks of a page, as lists that each have a folder of their own."""
    result, blocks, fence = [], [], None
    alone = ALONE in text
    for i, line in enumerate(text.split("\n")):
        if fence is None and alone and line.startswith("## "):
            result.append(blocks)
            blocks = []
        if line.startswith("```"):
            if fence is None:
                fence = Block(i + 1, line[3:].split(), [])
            else:
                blocks.append(fence)
                fence = None
        elif fence is not None:
            fence.lines.append(line)
    return [story for story in result + [blocks] if story]


def commands(block):
    """(line, command, lines that it shall print) of a console block. A line that ends with a backslash goes on."""
    found = []
    for i, line in enumerate(block.lines):
        if line.startswith("$ "):
            found.append([block.line + 1 + i, line[2:], []])
        elif found and found[-1][1].endswith("\\") and not found[-1][2]:
            found[-1][1] += "\n" + line
        elif found:
            found[-1][2].append(line)
    return found


def line_fits(said, shown):
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern, said.rstrip()) is not None


def fits(said, shown):
    """Whether the lines said are those shown, where a line `…` stands for any number of lines."""
    if not shown:
        return not said
    if shown[0].strip() == "…":
        return any(fits(said[n:], shown[1:]) for n in range(len(said) + 1))
    return bool(said) and line_fits(said[0], shown[0]) and fits(said[1:], shown[1:])


def without_blank_ends(lines):
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


class Story:
    def __init__(self, page, folder, environment):
        self.page, self.folder, self.environment = page, folder, environment
        self.status = 0
        self.wrong = []

    def complain(self, line, what):
        self.wrong.append("%s:%d: %s" % (self.page, line, what))

    def write(self, block):
        for word in block.words:
            kind, _, name = word.partition("=")
            if kind in ("file", "append"):
                with open(os.path.join(self.folder, name), "a" if kind == "append" else "w", encoding="utf-8") as f:
                    f.write("\n".join(block.lines) + "\n")

    def run(self, block):
        found = commands(block)
        if not found:
            self.complain(block.line, "a console block without a command")
        for i, (line, command, shown) in enumerate(found):
            asks = command.strip() == "echo $?"
            told = i + 1 < len(found) and found[i + 1][1].strip() == "echo $?"
            # The status of the command before is what `$?` says.
            script = "(exit %d)\n%s" % (self.status, command)
            try:
                done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment,
                                      timeout=TIMEOUT_S, check=False, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            except subprocess.TimeoutExpired:
                self.complain(line, "`%s` takes longer than %d s" % (command, TIMEOUT_S))
                continue
            self.status = done.returncode
            said = without_blank_ends(done.stdout.decode("utf-8", "replace").split("\n"))
            if not fits(said, without_blank_ends(shown)):
                self.complain(line, "`%s` prints something else:\n%s" % (command, "\n".join("    " + s for s in said)))
            if self.status != 0 and not asks and not told:
                self.complain(line, "`%s` ends with %d, and the page does not say so" % (command, self.status))

    def play(self, blocks):
        for block in blocks:
            if block.words[:1] == ["console"]:
                self.run(block)
            else:
                self.write(block)


def main(arguments):
    picket, pages = os.path.abspath(arguments[0]), arguments[1:]
    environment = dict(os.environ, PATH=os.path.dirname(picket) + ":" + os.environ.get("PATH", ""), LC_ALL="C.UTF-8",
                       COLUMNS="120")
    wrong, ran = [], 0
    for page in pages:
        with open(page, encoding="utf-8") as f:
            for blocks in stories(f.read()):
                with tempfile.TemporaryDirectory() as folder:
                    story = Story(page, folder, environment)
                    story.play(blocks)
                    wrong += story.wrong
                    ran += sum(1 for block in blocks if block.words[:1] == ["console"])
    for one in wrong:
        print(one)
    print("%d console blocks, %d differences" % (ran, len(wrong)))
    return 1 if wrong or not ran else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
