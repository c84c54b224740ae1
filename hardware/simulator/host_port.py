"""The cable between host and pen: two byte queues, and the faults that a cable can have.

Owns the bytes in flight in both directions and the `LinkFault` of each. Time is the bench's:
a delayed byte waits in virtual milliseconds. The same seed and the same writes give the same
faults, whatever the pace of the host.
"""

from collections import deque
from random import Random

# Full-speed USB moves at most 19 bulk packets of 64 bytes per millisecond; the pen's own buffers
# are smaller, so one step never hands over more than the pin link carries.
QUEUE_LIMIT = 1 << 20  # bytes waiting for the host; beyond this the oldest are lost, as counted


class LinkFault:
    """What goes wrong in one direction. Rates are per byte and per million; 0 is a clean cable."""

    def __init__(self) -> None:
        self.drop_ppm = 0
        self.corrupt_ppm = 0
        self.duplicate_ppm = 0
        self.delay_ms = 0
        self.silent = False  # every byte is lost

    @property
    def active(self) -> bool:
        """True when bytes need to be looked at one by one."""
        return bool(self.drop_ppm or self.corrupt_ppm or self.duplicate_ppm or self.silent)

    def clear(self) -> None:
        """Back to a clean cable."""
        self.__init__()  # type: ignore[misc]

    def apply(self, data: bytes, random: Random) -> bytes:
        """Return `data` as it comes out at the other end."""
        if self.silent:
            return b""
        out = bytearray()
        for byte in data:
            # One draw decides: the three rates share the interval, so that switching one fault
            # on does not move the positions of another.
            draw = random.randrange(1_000_000)
            if draw < self.drop_ppm:
                continue
            draw -= self.drop_ppm
            if 0 <= draw < self.corrupt_ppm:
                out.append(byte ^ (1 << random.randrange(8)))
                continue
            draw -= self.corrupt_ppm
            out.append(byte)
            if 0 <= draw < self.duplicate_ppm:
                out.append(byte)
        return bytes(out)


class Direction:
    """One way of the cable: bytes put in now come out later, or differently, or not at all."""

    def __init__(self, seed: int) -> None:
        self.fault = LinkFault()
        self.bytes_in = 0
        self.bytes_out = 0
        self.bytes_lost = 0  # by faults and by the queue's limit
        self.busy = False  # something is in flight
        self._ready = bytearray()
        self._late: deque[tuple[int, bytes]] = deque()
        self._random = Random(seed)

    def put(self, data: bytes, now_ms: int) -> None:
        """Send `data` at `now_ms`."""
        self.busy = True
        self.bytes_in += len(data)
        fault = self.fault
        if fault.active:
            passed = fault.apply(data, self._random)
            self.bytes_lost += max(0, len(data) - len(passed))
            data = passed
        if fault.delay_ms or self._late:
            # A shorter delay never overtakes: the cable keeps the order.
            due_ms = max(now_ms + fault.delay_ms, self._late[-1][0] if self._late else 0)
            self._late.append((due_ms, data))
        else:
            self._ready += data
            if len(self._ready) > QUEUE_LIMIT:
                excess = len(self._ready) - QUEUE_LIMIT
                self.bytes_lost += excess
                del self._ready[:excess]

    def arrived(self, now_ms: int) -> bool:
        """True when `take` would return something."""
        while self._late and self._late[0][0] <= now_ms:
            self._ready += self._late.popleft()[1]
        return bool(self._ready)

    def take(self, limit: int, now_ms: int) -> bytes:
        """Return up to `limit` bytes that have arrived by `now_ms`."""
        self.arrived(now_ms)
        data = bytes(self._ready[:limit])
        del self._ready[:limit]
        self.busy = bool(self._ready or self._late)
        self.bytes_out += len(data)
        return data

    def drop_all(self) -> None:
        """Lose what is in flight (the cable was pulled, or the pen restarted)."""
        self.bytes_lost += len(self._ready) + sum(len(data) for _, data in self._late)
        self._ready.clear()
        self._late.clear()
        self.busy = False


class HostPort:
    """Both directions, and whether the cable is plugged in."""

    def __init__(self, seed: int) -> None:
        self.to_pen = Direction(seed * 2 + 1)
        self.to_host = Direction(seed * 2 + 2)
        self.plugged = True

    def unplug(self) -> None:
        """Pull the cable: what is in flight is lost, and so is all that follows."""
        self.plugged = False
        self.to_pen.drop_all()
        self.to_host.drop_all()

    def plug(self) -> None:
        """Put the cable back."""
        self.plugged = True
