#!/usr/bin/env python3
"""Each rule of tidy.py against a tree that breaks it, and against its nearest neighbours that do not."""
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tidy


class RulesTest(unittest.TestCase):
    def found(self, files):
        """What tidy says of a tree with these files and a BUILD in every folder: `path:line rule`."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8", newline="") as f:
                    f.write(text)
            return ["%s:%d %s" % breach[:3] for breach in tidy.breaches(root)]

    def of(self, line, path="solver/x.cc"):
        """The rules that one line breaks."""
        build = os.path.join(os.path.dirname(path), "BUILD")
        return [f.split()[1] for f in self.found({path: line + "\n", build: "glob()\n"})]

    def test_clean(self):
        self.assertEqual([], self.found({
            "solver/BUILD": "glob()\n", "solver/x.cc": "#include \"solver/x.h\"\n\nint x;\n",
            "solver/x.h": "// X.\n#pragma once\n\nint X();\n"}))

    def test_layout(self):
        self.assertEqual(["tab"], self.of("\tint x;"))
        self.assertEqual(["trailing"], self.of("int x; "))
        self.assertEqual(["trailing", "control"], self.of("int x;\r"))
        self.assertEqual(["length"], self.of("x" * 121))
        self.assertEqual([], self.of("é" * 120))
        self.assertEqual([], self.of("// http://example.org/" + "x" * 120))
        self.assertEqual([], self.of("x" * 121, "docs/manual.md"))
        self.assertEqual(["trailing"], self.of("text ", "docs/manual.md"))
        self.assertEqual([], self.of("\trecorded ", "tests/suite.expected"))
        self.assertEqual([], self.of("\twrong on purpose ", "compiler/testdata/tab.picket"))

    def test_end_of_file(self):
        self.assertEqual(["a/x.cc:1 end"], self.found({"a/BUILD": "glob()\n", "a/x.cc": "int x;"}))
        self.assertEqual(["a/x.cc:3 end"], self.found({"a/BUILD": "glob()\n", "a/x.cc": "int x;\n\n"}))

    def test_paths(self):
        for line in ("see /wo" "rk/shared", "'/wo" "rk'", "/wo" "rk", "/ho" "me/ada/x"):
            self.assertEqual(["path"], self.of(line, "docs/manual.md"), line)
        for line in ("%workspace%/x", "tests/workload", "and/work", "/workload", "x.org/work", "$x/work/y"):
            self.assertEqual([], self.of(line, "docs/manual.md"), line)

    def test_todo(self):
        self.assertEqual(["todo"], self.of("// TO" "DO: later"))
        self.assertEqual(["todo"], self.of("// TO" "DO(ada): later"))
        self.assertEqual([], self.of("// TO" "DO(#12): later"))

    def test_sort(self):
        self.assertEqual(["sort"], self.of("std::sort(a, b);"))
        self.assertEqual(["sort"], self.of("std::ranges::sort(a);"))
        self.assertEqual([], self.of("// not std::sort, since"))
        self.assertEqual([], self.of("std::sort(a, b);  // tidy: allow(sort) the elements are unique numbers"))
        self.assertEqual([], self.of("// tidy: allow(sort) unique\nstd::sort(a, b);"))
        self.assertEqual(["sort"], self.of("// tidy: allow(print) other\nstd::sort(a, b);"))
        self.assertEqual([], self.of("std::sort(a, b);", "compiler/x.cc"))
        self.assertEqual([], self.of("std::sort(a, b);", "solver/x_test.cc"))

    def test_banner(self):
        self.assertEqual(["banner"], self.of("// " + "-" * 20))
        self.assertEqual(["banner"], self.of("# " + "=" * 20, "x.py"))
        self.assertEqual([], self.of("// --- reading"))

    def test_print(self):
        for line in ("#include <iostream>", "std::cerr << 1;", "printf(x);", "fmt::print(x);"):
            self.assertEqual(["print"], self.of(line), line)
        for line in ("#include <sstream>", "#include <cstdio>", "fmt::format(x);", "snprintf(b, n, x);",
                     "// std::cout"):
            self.assertEqual([], self.of(line), line)
        self.assertEqual([], self.of("#include <iostream>", "cli/x.cc"))

    # A source that includes every header, so that none counts as unused.
    USES = {"a/BUILD": "glob()\n", "a/x.cc": '#include "a/x.h"\n'}

    def test_headers(self):
        self.assertEqual(["a/x.h:1 guard"], self.found({**self.USES, "a/x.h": "// X.\nint x;\n"}))
        self.assertEqual([], self.found({**self.USES, "a/x.h": "// X.\n#ifndef X_H\n#define X_H\n#endif\n"}))

    def test_essay(self):
        self.assertEqual(["a/x.h:1 essay"], self.found({**self.USES, "a/x.h": "#pragma once\n\nint X();\n"}))
        self.assertEqual([], self.found({**self.USES, "a/x.h": "// X.\n#pragma once\n\nint X();\n"}))
        self.assertEqual(["a/x.h:1 essay"],
                         self.found({**self.USES, "a/x.h": "#pragma once\n\n#include <a>\n\n/// X.\nint X();\n"}))

    def test_unused(self):
        header = {"a/x.h": "// X.\n#pragma once\n"}
        self.assertEqual([], self.found({**self.USES, **header}))
        self.assertEqual(["a/x.h:1 unused"], self.found({**self.USES, **header, "a/x.cc": "int x;\n"}))
        self.assertEqual(["a/x.cc:1 dead", "a/x.h:1 dead"],
                         sorted(self.found({**self.USES, **header, "a/BUILD": "srcs = [\"y.cc\"]\n"})))
        self.assertEqual([], self.found({**self.USES, **header, "a/BUILD": "srcs = [\"x.cc\", \"x.h\"]\n"}))
        self.assertEqual([], self.found({"a/b/x.cc": "int x;\n", "a/BUILD": "\"b/x.cc\"\n", "a/b/BUILD": "\"x\"\n"}))

    def test_twice(self):
        text = "// X.\n#pragma once\nnamespace a {\nstruct %s {\n};\n}  // namespace a\n"
        files = {**self.USES, "a/x.h": text % "X", "a/x.cc": '#include "a/x.h"\n#include "a/y.h"\n'}
        self.assertEqual([], self.found({**files, "a/y.h": text % "Y"}))
        self.assertEqual(["a/y.h:4 twice"], self.found({**files, "a/y.h": text % "X"}))
        self.assertEqual([], self.found({**files, "a/y.h": (text % "X").replace("namespace a {", "namespace b {")}))
        hidden = "namespace a {\nnamespace {\nstruct X {\n};\n}  // namespace\n}  // namespace a\n"
        self.assertEqual([], self.found({**files, "a/y.h": "// Y.\n#pragma once\n" + hidden}))

    def test_long(self):
        body = "  x();\n"
        self.assertEqual([], self.of("void F() {\n" + body * 68 + "}", "a/x.cc"))
        self.assertEqual(["long"], self.of("void F() {\n" + body * 69 + "}", "a/x.cc"))
        self.assertEqual(["long"], self.of("int x;\nvoid F(int a,\n       int b) {\n" + body * 69 + "}", "a/x.cc"))
        self.assertEqual([], self.of("// tidy: allow(long) a table\nvoid F() {\n" + body * 69 + "}", "a/x.cc"))
        for head in ("namespace a {", "struct A {", "constexpr int a[] = {"):
            self.assertEqual([], self.of(head + "\n" + body * 90 + "};", "a/x.cc"), head)

    def test_folders(self):
        self.assertEqual(["a/b:1 build"], self.found({"a/BUILD": "glob()\n", "a/b/x.cc": "int x;\n"}))

    def test_left_out(self):
        self.assertEqual([], self.found({".git/x.cc": "\t", ".build/x.cc": "\t", "bazel-out/x.cc": "\t"}))
        self.assertEqual([".ci/run.sh:1 tab"], self.found({".ci/run.sh": "\tx\n"}))


if __name__ == "__main__":
    unittest.main()
