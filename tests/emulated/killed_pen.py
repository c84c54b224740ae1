"""The `pen` command that is killed as it writes firmware, at one block whatever the machine's pace.

    python -m tests.emulated.killed_pen BLOCK WORDS...

The screen cannot say when: from 30 % to the end a disk may take less time than it takes to look.
"""

import itertools
import os
import signal
import sys

from host_controller.cli.main import main
from host_controller.flashing.world import World

_flush = World.flush
_last = int(sys.argv.pop(1))
_blocks = itertools.count(1)


def _flush_or_die(world: World, descriptor: int) -> None:
    if next(_blocks) == _last:
        os.kill(os.getpid(), signal.SIGKILL)
    _flush(world, descriptor)


World.flush = _flush_or_die  # type: ignore[method-assign]
main()
