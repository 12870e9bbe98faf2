#!/usr/bin/env python3
"""Runs what the pages of the manual show, and compares what is printed with what the page says.

    manual_test.py PICKET [--lab] [--not-run FILE [--update]] PAGE…

A page tells a story: its blocks run one after the other in one empty folder.

    ```picket file=shop.picket      the block is written to that file; any other first word does as well
    ```picket append=shop.picket    the block is added to the end of that file
    ```picket alone                 `picket check` reads the block and finds no error
    ```console                      lines with `$ ` are commands; the lines below each are what it prints
    ```console lab                  the same, run with --lab only: it needs root, Corosync and Pacemaker
    ```console in=tests/package     that test runs the commands: a file in its folder names the page

Of what is printed the page shows all, or says `…` where it leaves lines out; a `…` within a line stands for any text.
What a command writes to either stream counts. A command ends with status 0, unless the next command of the block is
`echo $?`, which then shows the status.

What a page says of its blocks is in comments, which readers do not see:

    <!-- each heading alone -->                     a heading `## …` begins a new story in a new folder
    <!-- begins with examples/pbx -->               the folder of the repository is in the story's folder from the start
    <!-- not run: REASON -->                        on a line just above a block: nobody runs it
    <!-- indented blocks are not run: REASON -->    the same for all indented blocks of the page

Any other block is an error: a page shows nothing that no test has seen. FILE lists what is not run, so that a new block
of that kind shows as a changed line; --update writes it.
"""
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

ALONE = "<!-- each heading alone -->"
BEGINS = re.compile(r"^<!-- begins with (\S+) -->$", re.MULTILINE)
NOT_RUN = re.compile(r"^<!-- not run: (.*) -->$")
INDENTED_NOT_RUN = re.compile(r"^<!-- indented blocks are not run: (.*) -->$", re.MULTILINE)
TIMEOUT_S = 120
# Pages whose blocks a test of their own reads.
ELSEWHERE = {"docs/language.md": "tests/golden/compiler", "docs/deploy.md": "tests/deploy"}


class Block:
    def __init__(self, line, words, lines, not_run=""):
        self.line, self.words, self.lines, self.not_run = line, words, lines, not_run

    def value(self, name):
        """`shop.picket` of the word `file=shop.picket`, or an empty text."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(name + "=")), "")

    def is_console(self):
        return self.words[:1] == ["console"]


def stories(text):
    """The blocks of a page, as lists that each have a folder of their own."""
    result, blocks, fence = [], [], None
    alone, indented = ALONE in text, INDENTED_NOT_RUN.search(text)
    lines = text.split("\n")
    in_list = False
    for i, line in enumerate(lines):
        reason = NOT_RUN.match(lines[i - 1]) or NOT_RUN.match(lines[i - 2]) if i > 1 else None
        why_not = reason.group(1) if reason else ""
        if fence is None and alone and line.startswith("## "):
            result.append(blocks)
            blocks = []
        if line.startswith("```"):
            if fence is None:
                fence = Block(i + 1, line[3:].split(), [], why_not)
            else:
                if fence.words == ["mermaid"]:
                    fence.not_run = "a drawing"
                blocks.append(fence)
                fence = None
        elif fence is not None:
            fence.lines.append(line)
        elif line.startswith("    ") and line.strip() and not in_list:
            if lines[i - 1].strip() == "" and not (blocks and blocks[-1].words == ["indented"]
                                                   and not any(l.strip() and not l.startswith("    ")
                                                               for l in lines[blocks[-1].line:i])):
                blocks.append(Block(i + 1, ["indented"], [], why_not or (indented.group(1) if indented else "")))
        elif line.strip() and not line.startswith(" "):
            in_list = re.match(r"([-*]|\d+\.) ", line) is not None
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

    def write(self, block, kind):
        path = os.path.join(self.folder, block.value(kind))
        with open(path, "a" if kind == "append" else "w", encoding="utf-8") as f:
            f.write("\n".join(block.lines) + "\n")

    def check(self, block):
        done = subprocess.run(["picket", "check", "-"], input="\n".join(block.lines) + "\n", env=self.environment,
                              check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            self.complain(block.line, "`picket check` finds:\n" + done.stdout)

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

    def play(self, blocks, lab):
        """Runs and writes what is to be run and written; gives the number of console blocks that were run."""
        ran = 0
        for block in blocks:
            if block.not_run or block.value("in"):
                continue
            if block.is_console():
                if lab or "lab" not in block.words:
                    self.run(block)
                    ran += 1
            elif block.value("file") or block.value("append"):
                self.write(block, "file" if block.value("file") else "append")
            elif block.words == ["picket", "alone"]:
                self.check(block)
        return ran


def names_the_page(folder, page):
    """Whether a file in the folder of a test names the page."""
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as f:
            if page in f.read():
                return True
    return False


def unseen(page, blocks):
    """What is wrong with blocks that no test runs."""
    wrong = []
    for block in blocks:
        folder = ELSEWHERE.get(page) or block.value("in")
        if block.not_run:
            continue
        if folder and not names_the_page(folder, page):
            wrong.append("%s:%d: no file in %s names this page" % (page, block.line, folder))
        if not folder and not block.is_console() and not block.value("file") and not block.value("append") and \
                block.words != ["picket", "alone"]:
            wrong.append("%s:%d: no test runs this block; make it a `console` block, or say `<!-- not run: REASON -->` "
                         "above it" % (page, block.line))
    return wrong


def not_run_lines(pages):
    """A line for each page and reason, with the number of blocks."""
    counts = collections.Counter()
    for page, told in pages:
        for blocks in told:
            counts.update((page, block.not_run) for block in blocks if block.not_run)
    return ["%s: %d: %s" % (page, number, reason) for (page, reason), number in sorted(counts.items())]


def differs(path, lines, update):
    """Compares what is not run with the list that is kept."""
    if update:
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        return []
    with open(path, encoding="utf-8") as f:
        kept = f.read().split("\n")[:-1]
    return ["%s: is not in the list: %s" % (path, line) for line in lines if line not in kept] + \
           ["%s: is no longer so: %s" % (path, line) for line in kept if line not in lines]


def environment_of(picket, home):
    """The program is `picket`, and nothing of the caller's own folders counts."""
    bin_folder = os.path.join(home, "bin")
    os.mkdir(bin_folder)
    for beside in os.environ.get("PICKET_BESIDE", "").split() + [picket]:
        shutil.copy(beside, bin_folder)
    author = {"GIT_%s_%s" % (who, what): "a@example.org" for who in ("AUTHOR", "COMMITTER")
              for what in ("NAME", "EMAIL")}
    return dict(os.environ, PATH=bin_folder + ":" + os.environ.get("PATH", "") + ":/usr/sbin:/sbin", LC_ALL="C.UTF-8",
                COLUMNS="120", HOME=home, XDG_STATE_HOME=os.path.join(home, "state"), **author)


def play_page(page, text, told, environment, lab):
    """Plays the stories of a page; gives the complaints and the number of console blocks that were run."""
    wrong, ran = [], 0
    for blocks in told:
        if lab and not any("lab" in block.words for block in blocks):
            continue
        with tempfile.TemporaryDirectory() as folder:
            for brought in BEGINS.findall(text):
                shutil.copytree(brought, os.path.join(folder, brought))
            story = Story(page, folder, environment)
            ran += story.play(blocks, lab)
            wrong += story.wrong
    return wrong, ran


def main(arguments):
    picket, lab, kept, update, pages = arguments[0], False, None, False, []
    words = iter(arguments[1:])
    for word in words:
        if word == "--lab":
            lab = True
        elif word == "--not-run":
            kept = next(words)
        elif word == "--update":
            update = True
        else:
            pages.append(word)
    wrong, ran, told = [], 0, []
    with tempfile.TemporaryDirectory() as home:
        environment = environment_of(picket, home)
        for page in pages:
            with open(page, encoding="utf-8") as f:
                text = f.read()
            told.append((page, stories(text)))
            if not lab:
                wrong += unseen(page, [block for blocks in told[-1][1] for block in blocks])
            if page not in ELSEWHERE:
                complaints, number = play_page(page, text, told[-1][1], environment, lab)
                wrong, ran = wrong + complaints, ran + number
    lines = not_run_lines(told)
    if kept and not lab:
        wrong += differs(kept, lines, update)
    for one in wrong:
        print(one)
    blocks = [block for _, page in told for story in page for block in story]
    print("%d pages, %d blocks, %d console blocks run, %d blocks not run, %d differences" %
          (len(pages), len(blocks), ran, sum(1 for block in blocks if block.not_run), len(wrong)))
    return 1 if wrong or not ran else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
