"""A client with nothing of ours in it: says HELLO, asks for telemetry, prints some of it."""

import binascii
import json
import os
import socket
import struct
import sys

SCHEMA = b"1b154798"  # of the table this was written by
TELEMETRY = "<HIBBBBBBIHHHhhHhhIIIHHH"


def frame(number, sequence, payload=b""):  # noqa: D103
    body = bytes([number, sequence, 1]) + payload
    body += struct.pack("<I", binascii.crc32(body))
    return b"".join(bytes([len(part) + 1]) + part for part in body.split(b"\0")) + b"\0"


def frames(stream):  # noqa: D103
    piece = b""
    while byte := stream.read(1):
        piece += byte
        if byte == b"\0":
            body, at = b"", 0
            while at < len(piece) - 1:  # each link says how far it is to the next zero
                body += piece[at + 1 : at + piece[at]] + b"\0"
                at += piece[at]
            body, piece = body[:-1], b""
            if len(body) > 6 and struct.pack("<I", binascii.crc32(body[:-4])) == body[-4:]:
                yield body[0], body[1], body[2], body[3:-4]


def ask(stream, number, sequence, payload=b""):  # noqa: D103
    stream.write(b"\0" + frame(number, sequence, payload))
    answers = (found[2:] for found in frames(stream) if found[:2] == (number, sequence))
    flags, answer = next(answers, None) or sys.exit("the pen has gone: is it still running?")
    return sys.exit(f"refused: {answer.hex()}") if flags & 8 else answer


if __name__ == "__main__":
    host, _, port = "".join(sys.argv[1:2]).removeprefix("socket://").rpartition(":")
    if not port.isdecimal():
        sys.exit(f"usage: python3 {sys.argv[0]} HOST:PORT (as `pen simulate` shows it)")
    try:
        line = socket.create_connection((host, int(port)), 5)
    except OSError as why:
        sys.exit(f"no pen listens on {host}:{port} ({why}): start `pen simulate --listen` first")
    with line.makefile("rwb", buffering=0) as pen:
        print(json.loads(ask(pen, 0x01, 1, SCHEMA + os.urandom(4))))  # HELLO
        ask(pen, 0x21, 2, bytes([50]))  # TELEMETRY_RATE 50 Hz
        telemetry = (found[3] for found in frames(pen) if found[0] == 0x40)
        for _ in range(10):
            print(struct.unpack(TELEMETRY, next(telemetry)))
        ask(pen, 0x21, 3, bytes([0]))
