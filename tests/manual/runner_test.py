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
    def wrong(self, page):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page.md")
            with open(path, "w", encoding="utf-8") as f:
                f.write(page)
            told = sys.stdout
            with open(os.devnull, "w", encoding="utf-8") as sys.stdout:
                status = manual_test.main(["/bin/true", path])
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

    def test_nothing_ran(self):
        self.assertEqual(1, self.wrong("no blocks\n"))
        self.assertEqual(1, self.wrong("```console\nno command\n```\n"))


if __name__ == "__main__":
    unittest.main()
