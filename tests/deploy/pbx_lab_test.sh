#!/bin/sh
exec python3 -BS tests/deploy/pbx_lab_test.py "$@"
