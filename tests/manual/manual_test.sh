#!/bin/sh
# The pages that tell a story with commands.
exec python3 tests/manual/manual_test.py cli/picket docs/start.md docs/from-crmsh-and-pcs.md
