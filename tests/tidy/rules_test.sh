#!/bin/sh
python3 tests/tidy/rules_test.py && exec python3 tests/tidy/citations_test.py
