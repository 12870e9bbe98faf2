#!/bin/sh
exec python3 tests/json/json_test.py cli/picket data/schemas runtime/daemon/picketd runtime/attributes/picket-agent-tool
