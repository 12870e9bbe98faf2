#!/usr/bin/env python3
"""The reader of citations, on small chapters and lines."""
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import citations

CHAPTER = """# 05 Actions

## 1. Words

## 2. Stages

1. first
2. second, which goes on and says
   9.9 of something
   3. nested

### 2.1 Identity

1. one

2.2 **A paragraph**

1. its item

*2.3* Another.
| 2.4 | a row |
"""


class CitationsTest(unittest.TestCase):
    def test_sections(self):
        known = citations.sections_of(CHAPTER.split("\n"))
        # 2.2 is item 2 of the list under 2 first, then a paragraph; both are the same number.
        self.assertEqual(["1", "2", "2.1", "2.1.1", "2.2", "2.2.1", "2.2.3", "2.3", "2.4"], sorted(known))

    def of(self, line):
        return ["%s %s" % found[1:] for found in citations.citations_in(line)]

    def test_citations(self):
        self.assertEqual(["05 12.3"], self.of("// As spec 05 §12.3 says."))
        self.assertEqual(["02 17", "05 6"], self.of("(spec 02 §17, 05 §6)"))
        self.assertEqual(["01 17.3", "01 17.4"], self.of("01 §17.3, 17.4"))
        self.assertEqual(["03 4.2", "03 4.3"], self.of("03 §4.2-4.3"))
        self.assertEqual(["06 2", "06 7"], self.of("06 §2-§7"))
        self.assertEqual(["01 4", "01 5", "01 25.6"], self.of("01 §4, §5, §25.6"))
        self.assertEqual([], self.of("2005 § 12, section 12.3"))
        # A number that goes on in words is no section.
        self.assertEqual(["01 13.7"], self.of("01 §13.7, first part."))

    def test_tree(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, citations.CHAPTERS))
            with open(os.path.join(root, citations.CHAPTERS, "05-actions.md"), "w", encoding="utf-8") as f:
                f.write(CHAPTER)
            source = os.path.join(root, "x.cc")
            with open(source, "w", encoding="utf-8") as f:
                f.write("// spec 05 §2.1\n")
            self.assertEqual(0, citations.main([root]))
            with open(source, "w", encoding="utf-8") as f:
                f.write("// spec 05 \u00a72.9\n// spec 06 \u00a71\n")
            self.assertEqual(1, citations.main([root]))


if __name__ == "__main__":
    unittest.main()
