#!/bin/sh
exec python3 tests/manual/runner_test.py
