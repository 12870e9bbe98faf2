#!/bin/sh
exec python3 -BS tests/deploy/doctor_hostile_test.py "$@"
