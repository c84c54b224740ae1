"""HELLO's answer: who the pen is. Its keys are fixed for ever; later ones may join them.

Owns no state.
"""

from protocol import codec, version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PRODUCT = "microneedling-pen"
SIMULATED = "73696d"  # "sim": numbers that begin so belong to simulated boards, on every twin


def pairs(
    serial: str, firmware: str, library: str, capabilities: "list[str]", image: str = ""
) -> "list[tuple[str, Any]]":
    """The answer of a pen, for `Reply.json`; `image` is left out while it is not known."""
    found = [
        ("product", PRODUCT),
        ("serial", serial),
        ("firmware", firmware),
        ("schema", version.SCHEMA_ID),
        ("library", library),
        ("capabilities", capabilities),
    ]
    if image:
        found.append(("image", image))
    return found


class PenIdentity:
    """The answer as the host reads it."""

    def __init__(
        self,
        product: str,
        serial: str,
        firmware: str,
        schema: str,
        library: str,
        capabilities: "list[str]",
        image: str = "",
    ):
        self.product = product
        self.serial = serial
        self.firmware = firmware
        self.schema = schema
        self.library = library
        self.capabilities = capabilities
        self.image = image  # beginning of the hash of what lies in its flash; "" not known yet

    @property
    def simulated(self) -> bool:
        """Whether the board is a simulated one: the bench gives its chip such a number."""
        return self.serial.startswith(SIMULATED)

    @property
    def speaks_our_schema(self) -> bool:
        """Whether more than HELLO, STOP and UPDATE will be understood."""
        return self.schema == version.SCHEMA_ID


def parse(payload: "bytes | bytearray") -> PenIdentity:
    """Read the answer; keys that are unknown are passed over. ValueError when one is missing."""
    found = codec.unpack_json(payload)
    texts = []
    for key in ("product", "serial", "firmware", "schema", "library"):
        value = found.get(key)
        if not isinstance(value, str):
            raise _missing("text '%s'" % key)
        texts.append(value)
    names = found.get("capabilities")
    if not isinstance(names, list):
        raise _missing("list 'capabilities'")
    image = found.get("image", "")
    return PenIdentity(
        texts[0],
        texts[1],
        texts[2],
        texts[3],
        texts[4],
        [str(name) for name in names],
        image if isinstance(image, str) else "",
    )


def _missing(what: str) -> ValueError:
    return ValueError("the pen's answer to HELLO has no %s" % what)
