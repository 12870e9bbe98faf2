#!/usr/bin/env python3
"""The runner of the manual's commands, on small pages."""
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import manual_test


class RunnerTest(unittest.TestCase):
    def wrong(self, page, picket="/bin/true", *words):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page.md")
            with open(path, "w", encoding="utf-8") as f:
                f.write(page)
            program = os.path.join(folder, "picket")
            os.symlink(picket, program)
            told = sys.stdout
            with open(os.devnull, "w", encoding="utf-8") as sys.stdout:
                status = manual_test.main([program, *words, path])
            sys.stdout = told
            return status

    def test_output(self):
        self.assertEqual(0, self.wrong("```console\n$ echo a; echo b\na\nb\n```\n"))
        self.assertEqual(1, self.wrong("```console\n$ echo a; echo b\na\n```\n"))
        self.assertEqual(1, self.wrong("```console\n$ echo a\nb\n```\n"))
        self.assertEqual(0, self.wrong("```console\n$ seq 9\n1\n…\n9\n```\n"))
        self.assertEqual(1, self.wrong("```console\n$ seq 9\n1\n…\n8\n```\n"))
        self.assertEqual(0, self.wrong("```console\n$ echo took 3 s\ntook … s\n```\n"))
        self.assertEqual(1, self.wrong("```console\n$ echo took 3 m\ntook … s\n```\n"))

    def test_status(self):
        self.assertEqual(1, self.wrong("```console\n$ false\n```\n"))
        self.assertEqual(0, self.wrong("```console\n$ (exit 3)\n$ echo $?\n3\n```\n"))
        self.assertEqual(1, self.wrong("```console\n$ (exit 3)\n$ echo $?\n2\n```\n"))

    def test_files(self):
        page = "```x file=a\none\n```\n```x append=a\ntwo\n```\n```console\n$ cat a\none\ntwo\n```\n"
        self.assertEqual(0, self.wrong(page))
        page = "<!-- each heading alone -->\n## A\n```x file=a\none\n```\n## B\n```console\n$ cat a\none\n```\n"
        self.assertEqual(1, self.wrong(page))

    def test_every_block_is_seen(self):
        ran = "```console\n$ true\n```\n"
        self.assertEqual(0, self.wrong(ran))
        self.assertEqual(1, self.wrong(ran + "\n    picket check\n"))
        self.assertEqual(1, self.wrong(ran + "```picket\nnode n1\n```\n"))
        self.assertEqual(0, self.wrong(ran + "<!-- not run: a drawing -->\n\n    a -> b\n"))
        self.assertEqual(0, self.wrong(ran + "<!-- not run: a drawing -->\n```\na -> b\n```\n"))
        self.assertEqual(0, self.wrong("<!-- indented blocks are not run: crmsh -->\n" + ran + "\n    crm status\n"))
        self.assertEqual(0, self.wrong(ran + "- a list\n\n    goes on\n"))
        self.assertEqual(1, self.wrong(ran + "```console in=no/such/test\n$ true\n```\n"))

    def test_policies_alone(self):
        self.assertEqual(0, self.wrong("```picket alone\nnode n1\n```\n```console\n$ true\n```\n"))
        self.assertEqual(1, self.wrong("```picket alone\nnode n1\n```\n```console\n$ true\n```\n", "/bin/false"))

    def test_lab(self):
        page = "```x file=a\none\n```\n```console\n$ cat a\none\n```\n```console lab\n$ cat a\ntwo\n```\n"
        self.assertEqual(0, self.wrong(page))
        self.assertEqual(1, self.wrong(page, "/bin/true", "--lab"))
        self.assertEqual(0, self.wrong(page.replace("two", "one"), "/bin/true", "--lab"))

    def test_list_of_what_is_not_run(self):
        page = "```console\n$ true\n```\n<!-- not run: a drawing -->\n```\na -> b\n```\n"
        with tempfile.TemporaryDirectory() as folder:
            kept = os.path.join(folder, "kept")
            self.assertEqual(["p.md: 1: a drawing"],
                             manual_test.not_run_lines([("p.md", manual_test.stories(page))]))
            with open(kept, "w", encoding="utf-8") as f:
                f.write("p.md: 1: a drawing\n")
            self.assertEqual([], manual_test.differs(kept, ["p.md: 1: a drawing"], False))
            self.assertEqual(2, len(manual_test.differs(kept, ["p.md: 2: a drawing"], False)))

    def test_nothing_ran(self):
        self.assertEqual(1, self.wrong("no blocks\n"))
        self.assertEqual(1, self.wrong("```console\nno command\n```\n"))


if __name__ == "__main__":
    unittest.main()
