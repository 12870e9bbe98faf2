#!/usr/bin/env python3
"""Every citation of the specification leads somewhere.

    tests/tidy/citations.py [ROOT] [--uncited]

A citation is `05 §12.3` in a source, a test or a page: chapter 05 of docs/specification, section 12.3. Further
sections of the same chapter may follow (`05 §12.3, §13`, `03 §4.2-4.3`). Prints `file:line: citation: …` for each
that leads nowhere; exit status 1 if there is one. With --uncited it lists the headings that no code cites instead.

A section exists if a heading, a paragraph, a row or a list item of its chapter carries its number: `### 12.3 Title`,
`1.1 **Title**`, or item 4 of a numbered list under `### 6.4` for §6.4.4.
"""
import os
import re
import sys

CHAPTERS = os.path.join("docs", "specification")
SOURCES = (".cc", ".h", ".inc", ".py", ".sh", ".md", ".bzl")
NUMBER = r"\d+(?:\.\d+)*"
# A chapter, then sections of it: the first with its sign, later ones with it, behind a dash, or behind a comma with a
# dot in the number (`§17.3, 17.4`).
CITATION = re.compile(r"\b(0[1-9]) §(%s)((?:(?:, | and |-|–)§%s|[-–]%s|, %s\.\d+)*)"
                      % (NUMBER, NUMBER, NUMBER, r"\d+"))
HEADING = re.compile(r"^#{2,6}\s+(%s)\b" % NUMBER)
PARAGRAPH = re.compile(r"^(?:[-*|]\s+)?\*{0,2}(\d+(?:\.\d+)+)\b")
ITEM = re.compile(r"^(\s*)(\d+)\.\s")


def sections_of(lines):
    """The numbers that a chapter gives to its sections, with the line of each."""
    found = {}
    numbered = None  # the section that a list stands in
    outer = None  # of nested lists: the item that a deeper one belongs to
    for i, line in enumerate(lines):
        title = HEADING.match(line)
        if title:
            numbered, outer = title.group(1), None
            found.setdefault(numbered, i + 1)
            continue
        paragraph = PARAGRAPH.match(line)
        if paragraph:
            found.setdefault(paragraph.group(1), i + 1)
            numbered, outer = paragraph.group(1), None
        item = ITEM.match(line)
        if item and numbered:
            if not item.group(1):
                outer = item.group(2)
            found.setdefault("%s.%s" % (numbered, item.group(2)), i + 1)
            if item.group(1) and outer:
                found.setdefault("%s.%s.%s" % (numbered, outer, item.group(2)), i + 1)
    return found


def chapters(root):
    """The sections of each chapter: {"01": {"2.1": line, …}, …}."""
    folder = os.path.join(root, CHAPTERS)
    result = {}
    for name in sorted(os.listdir(folder)):
        if re.match(r"0[1-9]-.*\.md$", name):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                result[name[:2]] = sections_of(f.read().split("\n"))
    return result


def citations_in(text):
    """(line, chapter, section) of everything that is cited."""
    for i, line in enumerate(text.split("\n")):
        for found in CITATION.finditer(line):
            yield i + 1, found.group(1), found.group(2)
            for section in re.findall(NUMBER, found.group(3)):
                yield i + 1, found.group(1), section


def files_of(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(d for d in folders
                            if not d.startswith(".") and not d.startswith("bazel-") and d != "__pycache__")
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root)
            if name.endswith(SOURCES) and not os.path.islink(os.path.join(root, path)):
                yield path


def cited(root):
    for path in files_of(root):
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as f:
            for line, chapter, section in citations_in(f.read()):
                yield path, line, chapter, section


def main(arguments):
    uncited = "--uncited" in arguments
    places = [a for a in arguments if a != "--uncited"]
    root = places[0] if places else "."
    known = chapters(root)
    seen = set()
    wrong = 0
    for path, line, chapter, section in cited(root):
        if not path.startswith("docs" + os.sep):
            parts = section.split(".")
            seen.update((chapter, ".".join(parts[:n])) for n in range(1, len(parts) + 1))
        if section not in known.get(chapter, {}) and not uncited:
            print("%s:%d: citation: chapter %s has no section %s" % (path, line, chapter, section))
            wrong += 1
    if uncited:
        for chapter in known:
            for section in known[chapter]:
                if section.count(".") <= 1 and (chapter, section) not in seen:
                    print("%s §%s" % (chapter, section))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
