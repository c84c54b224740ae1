"""Reads which Debian mirrors this machine's own apt uses, in both forms of its source files.

Owner of that reading. No mirror is ever named in this project: a machine that may install
packages has an address that works for it (a local mirror, a proxy's name), so that one is used.
"""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

APT_FOLDER = Path("/etc/apt")

# Suites only Debian's own archive has; a repository of someone else may use the same words, so
# addresses that look like the archive come first and the others are tried after them.
_SUITES = {
    *("bullseye", "bookworm", "trixie", "forky", "duke", "sid"),
    *("oldstable", "stable", "testing", "unstable"),
}
_FETCHABLE = ("http:", "https:", "ftp:", "file:", "copy:", "mirror:", "mirror+")


@dataclasses.dataclass(frozen=True)
class Mirror:
    """One archive: its address, and the keyring the machine trusts for it ("" if not stated)."""

    address: str
    signed_by: str = ""


def debian_mirrors(folder: Path = APT_FOLDER) -> list[Mirror]:
    """Return the Debian mirrors in `folder`, likeliest first, each address once."""
    found: dict[str, Mirror] = {}
    for mirror in _all_mirrors(folder):
        found.setdefault(mirror.address, mirror)
    return sorted(found.values(), key=lambda m: not m.address.endswith("/debian"))


def _all_mirrors(folder: Path) -> Iterator[Mirror]:
    parts = folder / "sources.list.d"
    for path in [folder / "sources.list", *sorted(parts.glob("*.list"))]:
        yield from _one_line_form(_read(path))
    for path in sorted(parts.glob("*.sources")):
        yield from _stanza_form(_read(path))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _one_line_form(text: str) -> Iterator[Mirror]:
    """`deb [signed-by=FILE arch=X] ADDRESS SUITE COMPONENT…`, one archive a line."""
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#]*)", line)
        if match is None:
            continue
        options, address, suite, components = match.groups()
        key = re.search(r"signed-by=(\S+)", options or "")
        yield from _accept([address], [suite], components.split(), key.group(1) if key else "")


def _stanza_form(text: str) -> Iterator[Mirror]:
    """`Field: value…` stanzas between blank lines; a line that begins with a space goes on."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", lines):
        joined = re.sub(r"\n[ \t]+", " ", stanza)
        pairs = (line.partition(":") for line in joined.splitlines())
        field = {name.strip().lower(): value.split() for name, _, value in pairs}
        if "deb" not in field.get("types", []) or field.get("enabled", ["yes"]) == ["no"]:
            continue
        key = field.get("signed-by", [])
        yield from _accept(
            field.get("uris", []),
            field.get("suites", []),
            field.get("components", []),
            key[0] if len(key) == 1 else "",  # a longer value is the key itself
        )


def _accept(
    addresses: list[str], suites: list[str], components: list[str], key: str
) -> Iterator[Mirror]:
    """Keep what can hold the main archive: not the security one, not other people's."""
    if "main" not in components or not _SUITES.intersection(suites):
        return
    for address in addresses:
        if address.startswith(_FETCHABLE):
            yield Mirror(address.rstrip("/"), key)
