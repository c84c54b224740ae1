"""What a byte pipe to a pen offers, whatever it is made of.

A transport is open from its construction on. Its errors are the host's own (`errors.PortBusy`,
`errors.PenUnplugged` ...); no exception of a library underneath escapes. Owns no state.
"""


class Transport:
    """A byte pipe; single user, not thread-safe."""

    url = ""

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Return what has come, 1..`limit` bytes; waits up to `timeout_s` seconds, then b"".

        Raises PenUnplugged once the other end is gone.
        """
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        """Send all of `data`; raises PenUnplugged once the other end is gone."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the port; closing twice is harmless."""
        raise NotImplementedError
