"""Takes in a plan piece by piece; nothing is in force before all of it is whole, right and stored.

Begin, chunks in order, commit. The old plan stays in force until the new one has the announced
hash, passes every limit and is in the flash. Owns the bytes received so far, in RAM only: a host
or a supply that goes away in the middle leaves nothing behind.
"""

from protocol import codes, plan_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    Refusal = tuple[int, int, int, int, int]

OK = (codes.RESULT_OK, 0, 0, 0, 0)


class PlanReceiver:
    """`check(data)` says why a plan is refused; `keep(data)` stores it and puts it in force."""

    def __init__(
        self,
        check: "Callable[[bytearray], Refusal]",
        keep: "Callable[[bytes, bytes], Refusal]",
    ) -> None:
        self._check = check
        self._keep = keep
        self._data: "bytearray | None" = None
        self._filled = 0
        self._hash = b""

    def begin(self, size: int, sha256: bytes) -> "Refusal":
        """Expect `size` bytes (range checked by the table) with this hash."""
        self._data = bytearray(size)
        self._filled = 0
        self._hash = sha256
        return OK

    def chunk(self, offset: int, data: bytes) -> "Refusal":
        """Take the bytes at `offset`; a gap, an overlap or too much ends the transfer."""
        held = self._data
        if held is None:
            return (codes.RESULT_CHUNK_GAP, 0, offset, 0, 0)
        expected = self._filled
        if offset != expected or expected + len(data) > len(held):
            self.abandon()
            return (codes.RESULT_CHUNK_GAP, 0, offset, expected, 0)
        held[expected : expected + len(data)] = data
        self._filled = expected + len(data)
        return OK

    @property
    def next_offset(self) -> int:
        """Offset that the next chunk must have."""
        return self._filled

    def commit(self) -> "Refusal":
        """Check and keep what was received; whatever the outcome, the transfer is over."""
        held, filled = self._data, self._filled
        self.abandon()
        if held is None:
            return (codes.RESULT_CHUNK_GAP, 0, 0, 0, 0)
        if filled != len(held):
            return (codes.RESULT_CHUNK_GAP, 0, filled, len(held), 0)
        if plan_layout.digest(held) != self._hash:
            return (codes.RESULT_HASH_MISMATCH, 0, 0, 0, 0)
        refusal = self._check(held)
        if refusal[0] != codes.RESULT_OK:
            return refusal
        return self._keep(bytes(held), self._hash)

    def abandon(self) -> None:
        """Forget what was received."""
        self._data = None
        self._filled = 0
