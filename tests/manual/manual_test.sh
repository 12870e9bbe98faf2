#!/bin/sh
# Every page but the specification, which has no commands.
exec python3 tests/manual/manual_test.py cli/picket --not-run tests/manual/not_run.txt \
  CHANGELOG.md CONTRIBUTING.md README.md SECURITY.md docs/*.md docs/ci/*.md docs/internals/*.md docs/solver/*.md
