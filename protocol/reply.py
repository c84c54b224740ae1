"""What a handler on the pen answers: fields, a JSON object, or a refusal with its details.

Owns the buffer of the reply, which after sealing is also the copy for a repeated request.
"""

from protocol import codec, codes, frame, schema
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from protocol.layout import Layout

# Bound and restated here, because the board looks up each dotted name at each use.
_seal = frame.seal
_OK = const(0)
_ANSWER = const(2)  # RESPONSE
_REFUSAL = const(10)  # RESPONSE and ERROR


class Reply:
    """One answer at a time; the link starts it before the handler is called."""

    def __init__(self) -> None:
        self.buffer = frame.new_buffer()
        self.size = 0  # bytes of payload at frame.PAYLOAD_AT
        self.result = codes.RESULT_OK
        self._layout: "Layout | None" = None

    def start(self, response: "Layout | None") -> None:
        """Begin an empty answer to a message whose response has this layout."""
        self.size = 0
        self.result = _OK
        self._layout = response

    def fields(self, *values: "Any") -> int:
        """Answer with the fields of the response; RESULT_OK. Raises as `codec.pack_into`."""
        if self._layout is None:
            raise ValueError("this message has no response")
        self.size = codec.pack_into(self._layout, self.buffer, frame.PAYLOAD_AT, values)
        return codes.RESULT_OK

    def json(self, pairs: "list[tuple[str, Any]]") -> int:
        """Answer with a JSON object; RESULT_OK. Raises as `codec.pack_json`."""
        data = codec.pack_json(pairs)
        self.size = len(data)
        self.buffer[frame.PAYLOAD_AT : frame.PAYLOAD_AT + self.size] = data
        return codes.RESULT_OK

    def refuse(
        self, result: int, context: int = 0, value: int = 0, low: int = 0, high: int = 0
    ) -> int:
        """Refuse with a RESULT_ number other than OK and its details; returns `result`."""
        self.result = result
        self.size = codec.pack_into(
            schema.ERROR_REPLY,
            self.buffer,
            frame.PAYLOAD_AT,
            (result, context, _fit(value), _fit(low), _fit(high)),
        )
        return result

    def seal(self, number: int, sequence: int) -> int:
        """Make the frame; number of bytes to send from `buffer`."""
        flags = _ANSWER if self.result == _OK else _REFUSAL
        return _seal(self.buffer, number, sequence, flags, self.size)


def _fit(value: int) -> int:
    """`value`, or the nearest that the signed 32-bit field of an error reply can show."""
    return min(max(value, -schema.I32), schema.I32)
