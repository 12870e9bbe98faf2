#!/bin/sh
exec python3 tests/input/input_test.py cli/picket
