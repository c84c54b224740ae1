"""Reads JSON payloads in hex, a line each, and prints what the pen's interpreter makes of them.

`micropython tests/fuzz/json_on_micropython.py < FILE`
"""

import sys

sys.path.insert(0, ".")

from protocol import codec

for line in sys.stdin:
    payload = bytes.fromhex(line.strip())
    try:
        found = codec.unpack_json(payload)
        pairs = sorted([(key, str(value)) for key, value in found.items()])
        print("taken", ",".join([(key + "=" + value).encode().hex() for key, value in pairs]))
    except ValueError:
        print("refused")
