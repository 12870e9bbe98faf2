#!/bin/sh
exec python3 tests/json/json_test.py cli/picket data/schemas
