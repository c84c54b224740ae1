"""`python -m hardware.simulator`: see `command_line.py`."""

import sys

from hardware.simulator.command_line import main

if __name__ == "__main__":
    sys.exit(main())
