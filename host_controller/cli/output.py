"""What the program prints: results to stdout, everything else to stderr.

With `--json` a result is one object (streams: one object per line) and so is an error. Colour and
bars come from rich, loaded only when something moves; it leaves both out when NO_COLOR is set or
the output is no terminal. Owns the console on stderr.
"""

import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from host_controller.errors import PenError

if TYPE_CHECKING:
    from rich.console import Console


class Output:
    """Prints for people or for programs."""

    def __init__(self, as_json: bool = False, verbose: bool = False) -> None:
        self.as_json = as_json
        self.verbose = verbose
        self._errors: Console | None = None

    @property
    def errors(self) -> "Console":
        """Console on stderr, for messages and progress."""
        if self._errors is None:
            from rich.console import Console

            self._errors = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())
        return self._errors

    def object(self, schema: str, fields: dict[str, Any]) -> None:
        """Print one JSON object with its `schema` in front; used for results and stream lines."""
        sys.stdout.write(json.dumps({"schema": schema, **fields}, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def line(self, text: str = "") -> None:
        """Print one line of a result, for people."""
        sys.stdout.write(text + "\n")

    def table(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()
    ) -> None:
        """Print a table of a result, for people; `right` names right-aligned columns.

        Nothing is ever cut off: in a narrow terminal the last column is wrapped.
        """
        widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
        indent = sum(widths[:-1]) + 2 * len(widths[:-1])
        room = max(20, shutil.get_terminal_size().columns - indent)
        for row in (header, *rows):
            cells = [
                f"{text:>{width}}" if name in right else f"{text:<{width}}"
                for name, text, width in zip(header, row, widths, strict=True)
            ]
            if sys.stdout.isatty() and widths[-1] > room:
                wrapped = textwrap.wrap(row[-1], room) or [""]
                cells[-1] = ("\n" + " " * indent).join(wrapped)
            self.line("  ".join(cells).rstrip())

    def message(self, text: str) -> None:
        """Tell the person something that is not the result."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def pairs(self, rows: list[tuple[str, str]]) -> None:
        """Print names and values in two columns."""
        width = max((len(name) for name, _ in rows), default=0)
        for name, value in rows:
            self.line(f"{name:<{width}}  {value}".rstrip())

    def error(self, error: PenError) -> None:
        """Print what happened, its probable cause (if any more is known) and the next step."""
        if self.as_json:
            fields = error.as_dict()
            self.object(str(fields.pop("schema")), fields)
        bold, plain = ("\033[1;31m", "\033[0m") if _colour(sys.stderr) else ("", "")
        self.message(f"{bold}{error.heading} {error.number}{plain}: {error.sentence}")
        for line in error.lines:
            self.message(f"  {line}")
        if error.cause:
            self.message(f"  cause: {error.cause}")
        self.message(f"  next:  {error.next_step}")


def _colour(stream: Any) -> bool:
    import os

    return bool(stream.isatty()) and "NO_COLOR" not in os.environ and os.name == "posix"
