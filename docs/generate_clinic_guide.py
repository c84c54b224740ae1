"""Fill in what the commands of docs/clinic-guide.md and docs/library.md print.

In a block fenced as `console` every line `$ pen ...` is carried out, in the order of the page, in
an empty folder with empty records on one fixed day, and what it prints replaces what stood there.
A comment `<!-- edit FILE: BEFORE => AFTER -->` changes a file in between, as a reader would. Other
blocks are left as they are. One page is one world: nothing is carried over to the next.
"""

import contextlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest import mock

from host_controller import dates
from host_controller.cli.main import run

DOCS = Path(__file__).resolve().parent
PAGES = (DOCS / "clinic-guide.md", DOCS / "library.md")
TODAY = date(2026, 11, 23)
WIDTH = 80
LONGEST = 24  # lines of one command's output; the rest is left out with an ellipsis

_PARTS = re.compile(r"^```console\n(.*?)^```$|<!-- edit (\S+): (.*?) => (.*?) -->", re.M | re.S)


@contextlib.contextmanager
def world() -> Iterator[None]:
    """An empty folder, empty records, a fixed day, a terminal of a fixed width, no colour."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        places = {f"PEN_{name}_DIR": f"{folder}/{name}" for name in ("DATA", "CONFIG", "RUNTIME")}
        settings = {**places, "COLUMNS": str(WIDTH), "NO_COLOR": "1"}
        desk = Path(folder, "desk")
        desk.mkdir()
        os.chdir(desk)
        try:
            with (
                mock.patch.dict(os.environ, settings),
                mock.patch.object(dates, "today", return_value=TODAY),
            ):
                for name in ("PEN_PORT", "PEN_OPERATOR", "PEN_DATABASE_URL"):
                    os.environ.pop(name, None)
                yield
        finally:
            os.chdir(before)


def printed(line: str) -> list[str]:
    """What a command prints, both streams as a terminal shows them."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        run(shlex.split(line)[1:])
    lines = told.getvalue().rstrip("\n").splitlines()
    return lines if len(lines) <= LONGEST else [*lines[: LONGEST - 2], "…"]


def _block(body: str) -> str:
    out: list[str] = []
    for line in body.splitlines():
        if not line.startswith("$ "):
            continue
        if out:
            out.append("")
        out.append(line)
        out += printed(line[2:])
    return "```console\n" + "\n".join(out) + "\n```"


def _edit(file: str, before: str, after: str) -> None:
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    if before not in text:
        raise ValueError(f"{file} has no {before!r} to edit")
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def filled(page: str) -> str:
    """The text of a page with every block filled in."""

    def part(found: re.Match[str]) -> str:
        if found[2]:
            _edit(found[2], found[3], found[4])
            return found[0]
        return _block(found[1])

    with world():
        return _PARTS.sub(part, page)


def main() -> None:
    """Write the pages again."""
    for path in PAGES:
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
