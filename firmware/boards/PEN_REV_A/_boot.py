"""Stands where the port's own `_boot.py` would: no file system is mounted and none is formatted.

The port's would format the last quarter of the flash, which holds the pen's records. After this the
port runs the frozen `boot.py` (drive-enable low) and `main.py` (the pen). Owns no state.
"""
