"""The door through which a host reaches the simulated pen: bytes in, bytes out, nothing else.

A door never blocks. What a client does not read is kept up to `PENDING_LIMIT` and then lost by
whole writes, which the host sees as gaps in the telemetry's counter.
"""

PENDING_LIMIT = 64 * 1024


class Door:
    """One way in. `occupied` tells whether a client is there."""

    occupied = False
    address = ""  # as a host would write it: socket://..., /path/of/pty

    def watch(self) -> list[int]:
        """File numbers that become readable when something happens here."""
        raise NotImplementedError

    def poll(self, refuse: bool) -> bytes:
        """Return what the client sent. `refuse`: another door is occupied, let nobody in."""
        raise NotImplementedError

    def send(self, data: bytes) -> None:
        """Send `data` to the client; without one it is lost."""
        raise NotImplementedError

    def disconnect(self) -> None:
        """Throw the client out (the cable was pulled)."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the door for good."""
        raise NotImplementedError
