#!/bin/sh
# A program in Python as a test, which leaves no compiled modules in the checkout.
exec python3 -B "$@" ${PICKET_SCREENSHOTS:+--pictures "$PICKET_SCREENSHOTS"}
