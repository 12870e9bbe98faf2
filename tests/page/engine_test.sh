#!/bin/sh
# See engine_test.mjs. Where there is no Node it says so and passes.
set -eu
command -v node >/dev/null || { echo 'SKIPPED: there is no Node on this machine'; exit 0; }
exec node --no-warnings --stack-size=4000 "$@"
