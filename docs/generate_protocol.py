"""Write the tables of docs/protocol.md, between their markers, from protocol/schema.py.

What a field means stands in the comment behind its tuple, what a message does in the comment above
its row; they are read from the source, because the pen loads the table without them.
"""

import ast
import re
from pathlib import Path

from protocol import codes, frame, messages, schema, version, zones
from protocol.layout import JSON, Layout, Message
from tests.protocol.samples import PLAN_BYTES, Sample, samples

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "protocol.md"
CLIENT = DOCS / "protocol_client.py"
SOURCE = DOCS.parent / "protocol" / "schema.py"
CODES = SOURCE.with_name("codes.py")
RESULT = re.compile(r"RESULT_(\w+) = (\d+)(?:  # (.+))?$")
ROLES = ("request", "response", "event")
TYPES = {"B": "u8", "H": "u16", "I": "u32", "h": "i16", "i": "i32", "*": "bytes"}
MARKER = re.compile(r"(<!-- made: (\w+) -->\n)(.*?)(<!-- end -->\n)", re.DOTALL)

Meanings = dict[tuple[str, str, str], str]


def meanings() -> Meanings:
    """The comments of the table by (message, role, field); ("", ...) parts name what is wider."""
    text = SOURCE.read_text(encoding="utf-8")
    lines = text.splitlines()
    shared: dict[str, dict[str, str]] = {}
    found: Meanings = {}
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        if isinstance(statement.value, ast.Call):
            shared[statement.targets[0].id] = behind(statement.value, lines)
        elif statement.targets[0].id == "MESSAGES" and isinstance(statement.value, ast.Tuple):
            for row in statement.value.elts:
                assert isinstance(row, ast.Call)
                name = ast.literal_eval(row.args[1])
                found[name, "", ""] = lines[row.lineno - 2].strip().removeprefix("# ")
                for keyword in row.keywords:
                    role = keyword.arg or ""
                    known = shared.get(ast.unparse(keyword.value))
                    for field, text in (known or behind(keyword.value, lines)).items():
                        found[name, role, field] = text
    for field, text in shared["ERROR_REPLY"].items():
        found["", "refusal", field] = text
    return found


def behind(node: ast.AST, lines: list[str]) -> dict[str, str]:
    """Comment behind each field tuple inside `node`, by the field's name."""
    found = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Tuple) and len(inner.elts) == 5:
            first = inner.elts[0]
            if isinstance(first, ast.Constant):
                _, _, comment = lines[(inner.end_lineno or 0) - 1].partition("  # ")
                found[str(first.value)] = comment
    return found


def type_name(code: str) -> str:
    """How the page calls a field's type."""
    return TYPES.get(code) or (f"{code[:-1]} bytes" if code.endswith("s") else code)


def range_text(layout: Layout, code: str, low: int, high: int) -> str:
    """The allowed values, or the allowed length."""
    if layout.kind == JSON and code != "integer":
        return f"{low}..{high} {'entries' if code == 'list' else 'characters'}"
    if code == "*":
        return f"{low}..{high} bytes"
    return "" if code.endswith("s") and code != "text" else f"{low}..{high}"


def field_table(layout: Layout, explained: dict[str, str]) -> list[str]:
    """One payload as a table."""
    if layout.kind == JSON and not layout.fields:
        return ["A JSON object `{name: value, ...}`.", ""]
    rows = ["| offset | field | type | unit | range | meaning |", "|--:|---|---|---|---|---|"]
    offset = 0
    for name, code, unit, low, high in layout.fields:
        at = "" if layout.kind == JSON else str(offset)
        allowed = range_text(layout, code, low, high)
        cells = (at, f"`{name}`", type_name(code), unit, allowed, explained[name])
        rows.append("| " + " | ".join(cells) + " |")
        if layout.kind != JSON and code != "*":
            offset += (
                int(code[:-1]) if code.endswith("s") else {"B": 1, "H": 2, "h": 2}.get(code, 4)
            )
    return [*rows, ""]


def overview() -> str:
    """All messages in one table."""
    rows = ["| number | name | from | payload there | payload back |", "|---|---|---|---|---|"]
    for message in schema.MESSAGES:
        sender = "pen" if message.event else "host"
        there = message.event or message.request
        fixed = " (fixed)" if message.fixed else ""
        rows.append(
            f"| 0x{message.number:02X} | [{message.name}](#{message.name.lower()}){fixed} "
            f"| {sender} | {size_text(there)} | {size_text(message.response)} |"
        )
    return "\n".join(rows) + "\n"


def size_text(layout: Layout | None) -> str:
    """Length of a payload in words."""
    if layout is None:
        return ""
    if layout.kind == JSON:
        return "JSON"
    if layout.tail_high:
        return f"{layout.size + layout.tail_low}..{layout.size + layout.tail_high} bytes"
    return {0: "none", 1: "1 byte"}.get(layout.size, f"{layout.size} bytes")


def message_section(message: Message, explained: Meanings) -> list[str]:
    """One message with its payloads."""
    lines = [
        f"### {message.name}",
        "",
        f"`0x{message.number:02X}`. " + explained[message.name, "", ""],
        "",
    ]
    for role in ROLES:
        layout = getattr(message, role)
        if layout is None:
            continue
        title = {"request": "Request", "response": "Response", "event": "Event"}[role]
        if layout is schema.TELEMETRY_LAYOUT and role == "response":
            lines += [f"{title}: as [TELEMETRY](#telemetry).", ""]
        elif not layout.fields and layout.kind != JSON:
            lines += [f"{title}: no payload.", ""]
        else:
            names = {
                key[2]: text for key, text in explained.items() if key[:2] == (message.name, role)
            }
            lines += [f"{title}:", "", *field_table(layout, names)]
    return lines


def all_messages() -> str:
    """Every message with its payloads."""
    explained = meanings()
    lines = []
    for message in schema.MESSAGES:
        lines += message_section(message, explained)
    return "\n".join(lines[:-1]) + "\n"


def refusal() -> str:
    """The payload of a refusal."""
    names = {key[2]: text for key, text in meanings().items() if key[1] == "refusal"}
    return "\n".join(field_table(schema.ERROR_REPLY, names))


def numbers(prefix: str) -> str:
    """Names and numbers of one group of protocol/codes.py."""
    found = {
        value: name.removeprefix(prefix)
        for name, value in vars(codes).items()
        if name.startswith(prefix) and isinstance(value, int)
    }
    return ", ".join(f"{value} {name}" for value, name in sorted(found.items())) + "\n"


def results() -> str:
    """Every result with what its refusal carries, from the comments of protocol/codes.py."""
    rows = ["| number | name | figures and remarks |", "|--:|---|---|"]
    for line in CODES.read_text(encoding="utf-8").splitlines():
        if found := RESULT.match(line):
            name, number, comment = found.groups()
            rows.append(f"| {number} | {name} | {comment or ''} |")
    return "\n".join(rows) + "\n"


def zone_numbers() -> str:
    """The zones."""
    return ", ".join(f"{number} {name}" for number, name in zones.ZONES) + "\n"


def sample(name: str) -> Sample:
    """A golden frame by its name."""
    return next(one for one in samples() if one.name == name)


def worked_example() -> str:
    """SELECT_ZONE taken apart byte by byte."""
    one = sample("SELECT_ZONE request")
    wire = one.wire
    body = bytes([one.number, one.sequence, one.flags]) + one.payload
    check = wire[-5:-1]
    rows = [
        ("type", f"{body[0]:02x}", f"SELECT_ZONE is 0x{messages.SELECT_ZONE:02X}"),
        ("sequence", f"{body[1]:02x}", f"the host's {body[1]}th request"),
        ("flags", f"{body[2]:02x}", "REQUEST"),
        ("payload", f"{body[3]:02x}", "`zone` 6, cheek"),
        ("CRC-32", check.hex(" "), f"CRC-32 of `{body.hex(' ')}` is 0x{check[::-1].hex()}"),
    ]
    lines = ["| part | bytes | why |", "|---|---|---|"]
    lines += [f"| {part} | `{data}` | {why} |" for part, data, why in rows]
    lines += [
        "",
        f"Together `{body.hex(' ')} {check.hex(' ')}`, eight bytes without a zero among them, so stuffing",
        f"puts one byte in front: the distance to the end, `{wire[0]:02x}`. With the delimiter the frame is",
        "",
        f"    {wire.hex(' ')}",
        "",
        "and the pen answers with the same number and sequence, flags RESPONSE and no payload:",
        "",
        f"    {frame.build(one.number, one.sequence, frame.RESPONSE).hex(' ')}",
    ]
    return "\n".join(lines) + "\n"


def stuffing_example() -> str:
    """A message with zeros in it."""
    wire = frame.build(messages.PLAN_CHUNK, 2, frame.REQUEST, b"\x00\x00PN")
    before = bytes([messages.PLAN_CHUNK, 2, frame.REQUEST]) + b"\x00\x00PN" + wire[-5:-1]
    return f"    message     {before.hex(' ')}\n    frame    {wire.hex(' ')}\n"


def facts() -> str:
    """Identity of this edition."""
    return (
        f"This page describes schema id `{version.SCHEMA_ID}`, edition {schema.EDITION} of the table: "
        f"{len(schema.MESSAGES)} messages. The example plan has {len(PLAN_BYTES)} bytes.\n"
    )


def client() -> str:
    """The stand-alone client, with what only our linter needs left out."""
    source = CLIENT.read_text(encoding="utf-8").replace("  # noqa: D103", "")
    return f"```python\n{source}```\n"


def client_lines() -> str:
    """How long it is."""
    return f"{len(CLIENT.read_text(encoding='utf-8').splitlines())} lines with Python's standard library and nothing of ours.\n"


def write_schema_id() -> None:
    """Put the schema id of this table into the client, so that the file runs as it is."""
    source = CLIENT.read_text(encoding="utf-8")
    told = re.sub(r'^SCHEMA = b"\w{8}"', f'SCHEMA = b"{version.SCHEMA_ID}"', source, flags=re.M)
    CLIENT.write_text(told, encoding="utf-8")


PARTS = {
    "facts": facts,
    "worked": worked_example,
    "stuffing": stuffing_example,
    "refusal": refusal,
    "overview": overview,
    "messages": all_messages,
    "states": lambda: numbers("STATE_"),
    "conditions": lambda: numbers("COND_"),
    "faults": lambda: numbers("FAULT_"),
    "stops": lambda: numbers("STOP_"),
    "results": results,
    "zones": zone_numbers,
    "client_lines": client_lines,
    "client": client,
}


def made(page: str) -> str:
    """The page with everything between its markers made anew."""
    return MARKER.sub(lambda match: match[1] + PARTS[match[2]]() + match[4], page)


def main() -> None:
    """Write the client's schema id, then the page."""
    write_schema_id()
    PAGE.write_text(made(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
