"""Raises the errors of `protocol/` on MicroPython and prints what they say."""

import sys

sys.path.insert(0, ".")

from protocol import codec, plan_layout, schema

try:
    plan_layout.unpack(bytes(60))
except plan_layout.PlanFormatError as error:
    print(error.offset, error)
try:
    codec.pack(schema.ERROR_REPLY, (300, 0, 0, 0, 0))
except codec.FieldError as error:
    print(error.name, error)
