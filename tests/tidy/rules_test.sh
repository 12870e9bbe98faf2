#!/bin/sh
exec python3 tests/tidy/rules_test.py
