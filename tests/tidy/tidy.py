#!/usr/bin/env python3
"""The style of the source tree, checked: what a reviewer should not have to say twice.

    tests/tidy/tidy.py [ROOT]

Prints `file:line: rule: what is wrong` for each breach; exit status 1 if there is one. A line that has
to break a rule says so itself or in the line above, with a reason:

    // tidy: allow(print) an assertion that failed has nobody else to tell
"""
import os
import re
import sys

LINE_LENGTH = 120
CODE = (".cc", ".h", ".inc", ".py", ".sh", ".bzl")
CODE_NAMES = ("BUILD", "WORKSPACE")
PROSE = (".md", ".picket")
FUNCTION_LINES = 70
# What was there before the rule: these lists only get shorter.
WITH_LONG_FUNCTIONS = {
    "compiler/check/symbols.cc",
    "compiler/emit/bundle.cc",
    "compiler/emit/sets.cc",
    "simulator/world/faults.cc",
}
# Data that is what it is: recorded output, inputs that are wrong on purpose.
DATA_FOLDERS = ("testdata", "golden", "fixtures")


def allowed(rule, lines, i):
    mark = "tidy: allow(%s)" % rule
    return mark in lines[i] or (i > 0 and mark in lines[i - 1])


def is_code(path):
    return path.endswith(CODE) or os.path.basename(path) in CODE_NAMES


def in_solver(path):
    """The solver's own sources; its tests and benchmarks may print and sort as they like."""
    return path.startswith("solver/") and not re.search(r"_(test|bench)\.cc$", path)


def without_comment(line):
    return line.split("//")[0]


# Rules on one line: name, which files, what is wrong with the line (a text) or None.


def tab(path, line):
    return "a tab; indent with blanks" if "\t" in line else None


def trailing(path, line):
    return "blanks at the end of the line" if line != line.rstrip() else None


def control(path, line):
    return "a control character" if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line) else None


def length(path, line):
    if len(line) > LINE_LENGTH and "://" not in line:
        return "%d characters; at most %d" % (len(line), LINE_LENGTH)
    return None


def banner(path, line):
    return "a line of dashes; the words above it are enough" if re.match(r"\s*(//|#) ?[-=*]{10,}\s*$", line) else None


def absolute_path(path, line):
    # A folder of the machine it was written on: no reader has it.
    found = re.search(r"(?<![\w.~}$)*])/(work|home/\w+|Users/\w+)(?=[/\s\"'`:;,)]|$)", line)
    return "a path of somebody's own machine: %s" % found.group(0) if found else None


def todo(path, line):
    found = re.search(r"\b(TO" r"DO|FIX" r"ME)\b(?!\(#\d+\))", line)
    return "%s without an issue; write %s(#12)" % (found.group(1), found.group(1)) if found else None


def sort(path, line):
    if re.search(r"std::(ranges::)?sort\b", without_comment(line)):
        return "an unstable sort; order is part of the answer, use the specification's MergeSort"
    return None


def printing(path, line):
    code = without_comment(line)
    if re.search(r"#\s*include\s*<(iostream|print)>", code):
        return "the solver prints nothing; hand it on as data"
    if re.search(r"std::(cout|cerr|clog)\b|\b(f?printf|puts|fputs|perror)\s*\(|fmt::print", code):
        return "the solver prints nothing; hand it on as data"
    return None


LINE_RULES = [
    # The specification quotes output that has tabs.
    ("tab", lambda p: (is_code(p) or p.endswith(PROSE)) and not p.startswith("docs/specification/"), tab),
    ("trailing", lambda p: is_code(p) or p.endswith(PROSE), trailing),
    ("control", lambda p: is_code(p) or p.endswith(PROSE), control),
    ("length", is_code, length),
    ("banner", is_code, banner),
    # What data/ holds was said by other people's programs.
    ("path", lambda p: not p.startswith("data/"), absolute_path),
    ("todo", lambda p: True, todo),
    ("sort", in_solver, sort),
    ("print", in_solver, printing),
]


def check_lines(path, text):
    lines = text.split("\n")
    rules = [(name, rule) for name, applies, rule in LINE_RULES if applies(path)]
    for i, line in enumerate(lines):
        for name, rule in rules:
            wrong = rule(path, line)
            if wrong and not allowed(name, lines, i):
                yield path, i + 1, name, wrong


def check_header(path, text):
    """A header is protected against being read twice, and only once so."""
    if path.endswith(".h"):
        if text.count("#pragma once") == 0 and not re.search(r"#ifndef (\w+)\n#define \1\b", text):
            yield path, 1, "guard", "a header without `#pragma once`"
        if text.count("#pragma once") > 1:
            yield path, 1, "guard", "`#pragma once` more than once"


def check_essay(path, text):
    """A header says first what it is, what it is not, and how it stands to its neighbours; then come the includes."""
    if path.endswith(".h") and not text.startswith(("//", "/*")):
        yield path, 1, "essay", "a header begins with a comment that says what it is"


# Where a line at the left margin opens a block that is no function.
NOT_A_FUNCTION = re.compile(r"^(namespace|struct|class|enum|union|extern|constexpr|const|inline constexpr|static const|"
                            r"using|typedef)\b|=\s*\{$")


def head_of(lines, i):
    """The index of the line at the left margin where what line i opens begins; None if it begins elsewhere."""
    while i > 0 and lines[i].startswith(" "):
        i -= 1
        if lines[i].endswith((";", "{", "}")) or not lines[i]:
            return None
    return None if lines[i].startswith(("}", "#", "/")) else i


def long_functions(text):
    """(index of the line that it begins in, number of lines) of functions longer than a function may be."""
    lines = text.split("\n")
    i = 0
    while i < len(lines):
        head = head_of(lines, i) if lines[i].endswith("{") else None
        if head is not None and not NOT_A_FUNCTION.search(lines[head]) and not lines[i].endswith("= {"):
            end = next((j for j in range(i + 1, len(lines)) if lines[j].startswith("}")), len(lines) - 1)
            if end - head + 1 > FUNCTION_LINES:
                yield head, end - head + 1
            i = end
        i += 1


def check_long(path, text):
    if not path.endswith((".cc", ".h")) or path in WITH_LONG_FUNCTIONS:
        return
    lines = text.split("\n")
    for i, number in long_functions(text):
        if not allowed("long", lines, i):
            yield path, i + 1, "long", "a function of %d lines; at most %d" % (number, FUNCTION_LINES)


def check_end(path, text):
    if is_code(path) and text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield path, text.count("\n") + 1, "end", "a file ends with one newline"


def check_folders(paths):
    """Every folder of sources is a Bazel package, or what is in it is never built."""
    packages = {os.path.dirname(p) for p in paths if os.path.basename(p) == "BUILD"}
    for folder in sorted({os.path.dirname(p) for p in paths if p.endswith((".cc", ".h"))} - packages):
        yield folder or ".", 1, "build", "a folder with C++ sources and no BUILD"


def check_used(root, paths):
    """A header is included by somebody, and a source is in a BUILD, or neither is ever compiled."""
    included, included_from_system = set(), set()
    for path in paths:
        if path.endswith((".cc", ".h", ".inc")):
            with open(os.path.join(root, path), encoding="utf-8", errors="replace") as f:
                text = f.read()
            included.update(re.findall(r'#include "([^"]+)"', text))
            included_from_system.update(re.findall(r"#include <([^>]+)>", text))
    builds = {}
    for path in paths:
        if os.path.basename(path) == "BUILD":
            with open(os.path.join(root, path), encoding="utf-8") as f:
                builds[os.path.dirname(path)] = f.read()
    for path in paths:
        # What stands in a folder `include` may take the place of a system's header.
        port = path.split("/include/")[-1] if "/include/" in path else None
        if path.endswith(".h") and path not in included and port not in included_from_system:
            yield path, 1, "unused", "a header that no file includes"
        if not path.endswith((".cc", ".h")):
            continue
        folder = os.path.dirname(path)
        while folder and folder not in builds:
            folder = os.path.dirname(folder)
        build, name = builds.get(folder, ""), os.path.relpath(path, folder or ".")
        names = ('"%s"' % name, '"%s"' % os.path.splitext(name)[0], ":" + name)
        if "glob(" not in build and not any(word in build for word in names):
            yield path, 1, "dead", "a source that no BUILD names"


def types_of(text):
    """The types that a file shows to others: (line, name with its namespace). Layout as clang-format makes it."""
    spaces = []
    for number, line in enumerate(text.split("\n"), 1):
        opened = re.match(r"namespace ([\w:]*) ?{", line)
        if opened:
            spaces.append(opened.group(1))
        elif line.startswith("}  // namespace") and spaces:
            spaces.pop()
        named = re.match(r"(?:struct|class|union|enum class|enum) (\w+)(?: final)?(?: : .*)? {", line)
        if named and "" not in spaces:
            yield number, "::".join(spaces + [named.group(1)])


def check_once(root, paths):
    """Two types of one name make a program that crashes, without a word from the linker."""
    known = {}
    for path in paths:
        if not path.endswith((".cc", ".h")):
            continue
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as f:
            for line, name in types_of(f.read()):
                other = known.setdefault(name, path)
                if other != path:
                    yield path, line, "twice", "%s is a type of %s as well" % (name, other)


def files_of(root):
    """Paths relative to root. Hidden folders, Bazel's links and data folders are left out."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            d for d in folders
            if (not d.startswith(".") or d == ".ci") and not d.startswith("bazel-") and d != "__pycache__")
        for name in sorted(names):
            if name == ".git":  # In a linked worktree it is a file that names the repository's place.
                continue
            path = os.path.relpath(os.path.join(folder, name), root)
            if not set(path.split(os.sep)) & set(DATA_FOLDERS) and not os.path.islink(os.path.join(root, path)):
                yield path


def breaches(root):
    paths = list(files_of(root))
    for path in paths:
        try:
            with open(os.path.join(root, path), encoding="utf-8", newline="") as f:
                text = f.read()
        except FileNotFoundError:  # Somebody's editor was faster.
            continue
        except UnicodeDecodeError:
            if is_code(path) or path.endswith(PROSE):
                yield path, 1, "utf8", "not UTF-8"
            continue
        for check in (check_lines, check_header, check_essay, check_long, check_end):
            yield from check(path, text)
    yield from check_folders(paths)
    yield from check_used(root, paths)
    yield from check_once(root, paths)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../..")
    found = 0
    for path, line, rule, wrong in breaches(root):
        print("%s:%d: %s: %s" % (path, line, rule, wrong))
        found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
