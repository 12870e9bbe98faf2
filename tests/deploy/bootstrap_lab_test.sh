#!/bin/sh
exec python3 -BS tests/deploy/bootstrap_lab_test.py "$@"
