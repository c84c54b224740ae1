"""How one payload is laid out: its kind, its fields in order, and the `struct` format they give.

A field is a tuple `(name, code, unit, low, high)`, which the board keeps in flash. `code` is a
`struct` code ("B", "H", "h", "I", "i"), and low..high the range of the value; or "4s", "8s", "16s",
"32s", so many bytes; or "*", all bytes that follow (last field only); or, in a JSON object, "text",
"integer" or "list". Where the value is no number, low..high is its length.
Owns no state: layouts are made once, by `protocol/schema.py`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    Field = tuple[str, str, str, int, int]

STRUCT = "struct"  # little endian, no padding
JSON = "json"  # one JSON object in ASCII, without floats


class Layout:
    """One payload: `size` bytes of `format`, then a tail of `tail_low`..`tail_high` bytes."""

    def __init__(self, kind: str, fields: "tuple[Field, ...]"):
        self.kind = kind
        self.fields = fields
        self.format = "<"
        self.size = 0  # bytes before the tail
        self.tail_low = 0
        self.tail_high = 0
        if kind == JSON:
            self.tail_low = 2  # an empty object
            self.tail_high = 240
            return
        for _, code, _, low, high in fields:
            if code == "*":
                self.tail_low = low
                self.tail_high = high
            else:
                self.format += code
                self.size += code_size(code)

    def fits(self, size: int) -> bool:
        """Whether a payload of `size` bytes has a length this layout allows."""
        return self.size + self.tail_low <= size <= self.size + self.tail_high


def code_size(code: str) -> int:
    """Bytes of one field with `struct` code `code` ("B", "H", "h", "I", "i" or "8s")."""
    if code[-1] == "s":
        return int(code[:-1])
    return {"B": 1, "b": 1, "H": 2, "h": 2, "I": 4, "i": 4}[code]


class Message:
    """One row of the table: `request` and `response` for a request, `event` for an event."""

    def __init__(
        self,
        number: int,
        name: str,
        request: "Layout | None" = None,
        response: "Layout | None" = None,
        event: "Layout | None" = None,
        since: int = 1,
        fixed: bool = False,
    ):
        self.number = number  # the type byte of its frames
        self.name = name
        self.request = request  # host to pen
        self.response = response  # pen to host, same number and sequence
        self.event = event  # pen to host, unasked
        self.since = since  # first edition of the table that has it
        self.fixed = fixed  # layout and number never change, whatever the schema id
