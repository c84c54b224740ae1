"""Reads `[made_for]` of a plan file: for whom, for what, and the library it was made with.

Owns no state; the date and the libraries of this computer come in by `library_in_force`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from host_controller import dates
from host_controller.library import life, store
from host_controller.library.library import SKINS, USUAL, Library
from host_controller.planning import fields
from host_controller.planning.basis import EARLY_REASONS, FITZPATRICK
from host_controller.planning.failures import LibraryChanged
from host_controller.planning.problems import Problems
from host_controller.records.pseudonyms import is_pseudonym

KEYS = ("client", "concern", "fitzpatrick", "skin", "role", "early", "planned_at")
_HASH_DIGITS = 64


class MadeFor(NamedTuple):
    """What a plan says about itself, checked."""

    library: Library
    client: str
    concern: str
    fitzpatrick: str
    skin: str
    role: str
    early_reason: str
    planned_at: datetime | None


def library_in_force(sha256: str) -> Library:
    """The library in force, if it has this hash and is within its dates today.

    Raises LibraryChanged, LibraryExpired and what reading it raises.
    """
    library = store.in_force()
    if library.sha256 != sha256:
        raise LibraryChanged(
            f"This plan was made with the library {sha256[:8]}; in force is {library.name}, "
            f"{library.tag}."
        )
    life.in_time(library, dates.today())
    return library


def read(
    problems: Problems, data: dict[str, Any], library_of: Callable[[str], Library]
) -> MadeFor | None:
    """What the plan says; None where it names nobody, or after problems were noted."""
    if "made_for" not in data:
        if "library_sha256" in data:
            problems.add(
                "library_sha256",
                "A plan made with a library says for whom.",
                next_step="Make it again: `pen plan new --client NUMBER --concern NAME`.",
            )
        return None
    table = data["made_for"]
    if not isinstance(table, dict):
        problems.add("made_for", "This has to be a table: [made_for].")
        return None
    before = len(problems.found)
    fields.known_keys(problems, "made_for", table, KEYS)
    client = table.get("client")
    if not isinstance(client, str) or not is_pseudonym(client):
        problems.add(
            "made_for.client",
            "A client number was expected, never a name.",
            "up to 3 letters and up to 10 digits, as in C-1042",
        )
    fitzpatrick = table.get("fitzpatrick", "")
    if fitzpatrick:
        fields.word(problems, "made_for.fitzpatrick", fitzpatrick, FITZPATRICK)
    skin = fields.word(problems, "made_for.skin", table.get("skin", USUAL), SKINS)
    early = table.get("early", "")
    if early:
        fields.word(problems, "made_for.early", early, EARLY_REASONS)
    planned_at = table.get("planned_at")
    if planned_at is None and early:
        problems.add(
            "made_for.planned_at", "A reason for coming early holds from a moment on: when?"
        )
    elif planned_at is not None and not (isinstance(planned_at, datetime) and planned_at.tzinfo):
        problems.add("made_for.planned_at", "A moment was expected.", "as in 2026-11-23T09:30:00Z")
    sha256 = data.get("library_sha256")
    if not isinstance(sha256, str) or len(sha256) != _HASH_DIGITS:
        problems.add("library_sha256", "The hash of its library is missing.", "64 digits")
    if len(problems.found) > before:
        return None
    library = library_of(str(sha256))
    wanted = data.get("library")
    if wanted != library.library_id:
        problems.add("library", "This is not the library with that hash.", library.library_id)
    concern = fields.word(problems, "made_for.concern", table.get("concern"), library.indications)
    role = table.get("role", "")
    if role:
        fields.word(problems, "made_for.role", role, library.roles)
    if len(problems.found) > before:
        return None
    return MadeFor(
        library,
        str(client),
        str(concern),
        fitzpatrick,
        skin or USUAL,
        str(role),
        str(early),
        planned_at,
    )
