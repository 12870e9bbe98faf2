#!/bin/sh
exec python3 -BS tests/deploy/doctor_lab_test.py "$@"
