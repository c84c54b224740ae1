"""Reads a plan file into plain data: size, encoding, TOML or JSON, with line numbers.

Numbers stay exact (`Decimal`), so 0.255 mm is seen as what was written. Owns no state.
"""

import json
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from host_controller import errors
from host_controller.planning import source_lines

SIZE_MAX = 64 * 1024  # sixteen zones with long comments are under 8 KiB; larger is no plan
STDIN = "-"


class PlanSource(NamedTuple):
    """A parsed file: its name as shown, its content, and the lines of its entries."""

    name: str
    data: dict[str, Any]
    lines: dict[str, int]


def _too_large(name: str) -> errors.PlanUnreadable:
    return errors.PlanUnreadable(
        f"{name} is larger than {SIZE_MAX // 1024} KiB, so it was not read.",
        cause="This is not a plan: sixteen zones need about 4 KiB.",
    )


def read_bytes(path: str) -> bytes:
    """Return the content of a plan file ("-" reads stdin); never more than SIZE_MAX bytes."""
    if path == STDIN:
        content = sys.stdin.buffer.read(SIZE_MAX + 1)
    else:
        file = Path(path)
        try:
            if not file.exists():
                raise errors.PlanUnreadable(
                    f"There is no file {path}.", cause="The name is misspelt, or the folder is."
                )
            if not file.is_file():
                raise errors.PlanUnreadable(
                    f"{path} is not a file.",
                    cause="It is a folder or a device.",
                    next_step="Name the plan's own file; a pen's port goes with `--port`.",
                )
            if file.stat().st_size > SIZE_MAX:
                raise _too_large(path)
            with file.open("rb") as stream:
                content = stream.read(SIZE_MAX + 1)
        except (OSError, ValueError) as error:
            raise errors.PlanUnreadable(
                f"{path!r} cannot be read.", cause=f"The system says: {error}."
            ) from error
    if len(content) > SIZE_MAX:
        raise _too_large(path)
    return content


def _text(name: str, content: bytes) -> str:
    if not content.strip():
        raise errors.PlanUnreadable(f"{name} is empty.", cause="Nothing was saved in it.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise errors.PlanUnreadable(
            f"{name}:{line}: byte {error.start} is not UTF-8.",
            cause="The file was saved in another encoding, or it is no text file.",
            next_step="Save it as UTF-8, then run `pen plan check FILE`.",
        ) from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} is there twice")
        found[key] = value
    return found


def _parse(text: str, as_json: bool) -> Any:
    if as_json:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_constant=Decimal,
            object_pairs_hook=_no_duplicates,
        )
    return tomllib.loads(text, parse_float=Decimal)


def parse(name: str, content: bytes) -> PlanSource:
    """Parse a plan file's content, by its ending; without one, a brace in front means JSON."""
    text = _text(name, content)
    as_json = name.endswith(".json") or (
        not name.endswith(".toml") and text.lstrip().startswith("{")
    )
    language = "JSON" if as_json else "TOML"
    try:
        data = _parse(text, as_json)
        lines = source_lines.of_json(text) if as_json else source_lines.of_toml(text)
    except RecursionError as error:
        raise errors.PlanUnreadable(f"{name} is nested too deeply to be a plan.") from error
    except (ValueError, ArithmeticError) as error:
        reason = str(error)
        raise errors.PlanUnreadable(
            f"{name} is not valid {language}: {reason[:200]}.",
            cause=f"A quote, bracket, comma or equals sign is missing; {language} was expected.",
            next_step="Correct the line named above, or write a fresh one: `pen plan new FILE`.",
        ) from error
    if not isinstance(data, dict):
        raise errors.PlanUnreadable(
            f"{name} holds a {type(data).__name__} where a plan has named entries."
        )
    return PlanSource(name, data, lines)


def read(path: str) -> PlanSource:
    """Read and parse a plan file; raises PlanUnreadable."""
    return parse("(stdin)" if path == STDIN else path, read_bytes(path))
