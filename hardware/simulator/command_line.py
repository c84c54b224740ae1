"""`python -m hardware.simulator serve`: options, what is printed, and how it ends.

Exit codes: 0 ended in order, 1 cannot run, 2 wrong usage, 5 a port is busy or not permitted.
Owns the process: its signals and the order in which things are opened and closed.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from hardware.simulator.bench import Bench
from hardware.simulator.cartridges import KINDS
from hardware.simulator.control import Control
from hardware.simulator.control_port import ControlPort
from hardware.simulator.door import Door
from hardware.simulator.parent_watch import ParentWatch
from hardware.simulator.server import Server
from hardware.simulator.tcp_door import TcpDoor
from hardware.simulator.twin import TwinError
from hardware.simulator.twins import TWINS

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PORT = 5
DEFAULT_LISTEN = "127.0.0.1:7333"


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, for instance 127.0.0.1:0")
    return host.strip("[]") or "127.0.0.1", int(port)


def _cartridge(text: str) -> int | None:
    if text == "none":
        return None
    if not text.isdecimal() or int(text) not in KINDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not 12, 24, 36, 0 (nano) or none")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The options."""
    top = argparse.ArgumentParser(
        prog="python -m hardware.simulator",
        description="A simulated microneedling pen: the real firmware on a simulated board.",
    )
    commands = top.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve one pen until interrupted")
    add = serve.add_argument
    add("--twin", choices=TWINS, default="micropython", help="interpreter of the firmware")
    add(
        "--listen",
        type=_address,
        metavar="HOST:PORT",
        help=f"default {DEFAULT_LISTEN}",
    )
    add("--pty", type=Path, metavar="LINK", help="also serve a pseudo-terminal under this name")
    add("--control", type=_address, metavar="HOST:PORT", help="JSON lines: person, faults, truth")
    add("--clock", choices=("realtime", "stepped"), default="realtime", help="who moves time")
    add("--seed", type=int, default=1, help="of everything random")
    add("--flash", type=Path, metavar="FILE", help="keep the pen's memory in this file")
    add("--boot-disk", type=Path, metavar="DIR", help="empty folder that plays the boot disk")
    add("--cartridge", type=_cartridge, default=12, metavar="PINS", help="12, 24, 36, 0, none")
    add("--json", action="store_true", help="print one JSON object when ready")
    add("--exit-with-parent", action="store_true", help="end when the starting process ends")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; returns the exit code."""
    top = parser()
    options = top.parse_args(arguments)
    stepped = options.clock == "stepped"
    if stepped and (options.listen or options.pty):
        top.error("with --clock stepped the bytes travel over --control; leave --listen and --pty")
    if stepped and not options.control:
        top.error("--clock stepped needs --control HOST:PORT")
    if options.pty and os.name != "posix":
        top.error("--pty needs a POSIX system; use --listen")
    parent = ParentWatch() if options.exit_with_parent else None
    try:
        with contextlib.ExitStack() as stack:
            ended = stack.enter_context(_EndSignals())
            doors: list[Door] = [] if stepped else _open_doors(options, stack)
            bench = stack.enter_context(
                Bench(
                    options.twin,
                    seed=options.seed,
                    flash_file=options.flash,
                    cartridge_pins=options.cartridge,
                    boot_disk=options.boot_disk,
                )
            )
            control = None
            if options.control:
                host, port = options.control
                control = ControlPort(host, port, Control(bench, stepped))
                stack.callback(control.close)
            _announce(options, bench, doors, control)
            Server(
                bench,
                doors,
                control,
                not stepped,
                lambda: ended.seen or (parent is not None and parent.gone()),
            ).run()
    except OSError as error:
        return _fail(EXIT_PORT, f"Cannot open the port or file: {error}.")
    except ValueError as error:
        return _fail(EXIT_USAGE, str(error))
    except TwinError as error:
        return _fail(EXIT_FAILED, str(error))
    return 0


class _EndSignals:
    """Remembers that somebody asked us to end, while it is entered."""

    def __init__(self) -> None:
        self.seen = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                number = getattr(signal, name)
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, *_: object) -> None:
        self.seen = True


def _open_doors(options: argparse.Namespace, stack: contextlib.ExitStack) -> list[Door]:
    doors: list[Door] = [TcpDoor(*(options.listen or _address(DEFAULT_LISTEN)))]
    stack.callback(doors[0].close)
    if options.pty:
        from hardware.simulator.pty_door import PtyDoor

        doors.append(PtyDoor(options.pty))
        stack.callback(doors[1].close)
    return doors


def _announce(
    options: argparse.Namespace, bench: Bench, doors: list[Door], control: ControlPort | None
) -> None:
    facts = {
        "ready": True,
        "url": doors[0].address if doors else None,
        "pty": doors[1].address if len(doors) > 1 else None,
        "control": control.address if control else None,
        "clock": options.clock,
        "twin": bench.twin.name,
        "interpreter": bench.twin.interpreter,
        "seed": options.seed,
        "unique_id": bench.unique_id.hex(),
        "boot_disk": str(options.boot_disk) if options.boot_disk else None,
        "process_id": os.getpid(),
        "firmware_error": bench.firmware_error,
    }
    if options.json:
        print(json.dumps(facts), flush=True)
        return
    ways = [str(facts[name]) for name in ("url", "pty") if facts[name]]
    if control:
        ways.append(f"control {control.address}")
    print(f"Simulated pen on {facts['interpreter']}: {', '.join(ways)}", flush=True)


def _fail(code: int, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return code
