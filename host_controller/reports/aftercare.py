"""The leaflet a client takes home: which areas, when, what to do, when to come back.

The advice comes from a TOML file that a clinic may replace; the facts from the record. It holds
the client's code and no name. Owns no state.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from host_controller.records.views import SessionRecord
from host_controller.reports import pdf
from host_controller.reports.failures import AftercareTextWrong
from host_controller.reports.treatment_report import local, marks, zone_map


def leaflet(session: SessionRecord, texts: Mapping[str, Any], next_session: date | None) -> bytes:
    """The leaflet as PDF/A-3a; `texts` from `read_texts`, `next_session` None when none is due."""
    treated = [zone.zone.replace("-", " ") for zone in session.zones if zone.treated]
    data = {
        "marks": marks(session),
        "record": session.record_id,
        "client": session.client or "not given",
        "day": local(session, session.begun).strftime("%Y-%m-%d"),
        "zones": treated,
        "zones_words": "Treated: " + (", ".join(treated) or "nothing") + ".",
        "next": next_session.isoformat() if next_session else "",
        "texts": dict(texts),
    }
    return pdf.render(
        "aftercare", data, {"map.svg": zone_map(session)}, session.ended or session.begun
    )


def shipped_texts() -> bytes:
    """The file that comes with the program, to begin one's own from."""
    return (files("host_controller.reports") / "aftercare.toml").read_bytes()


def read_texts(source: bytes | None = None) -> dict[str, Any]:
    """The clinic's file, or ours when None is given.

    `title` and `opening` are texts, `sections` a list of `heading`, `lines` and optionally
    `urgent`. Raises AftercareTextWrong for anything else.
    """
    if source is None:
        source = shipped_texts()
    try:
        texts = tomllib.loads(source.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AftercareTextWrong(f"The file of aftercare texts is not TOML: {error}.") from error
    for key in ("title", "opening"):
        if not isinstance(texts.get(key), str):
            raise AftercareTextWrong(f"The aftercare texts lack {key!r}, which has to be a text.")
    sections = texts.get("sections")
    if not isinstance(sections, list) or not sections:
        raise AftercareTextWrong("The aftercare texts lack [[sections]].")
    for number, section in enumerate(sections, 1):
        heading, lines = section.get("heading"), section.get("lines")
        if not isinstance(heading, str) or not isinstance(lines, list) or not lines:
            raise AftercareTextWrong(f"Section {number} needs a heading and a list of lines.")
        if not all(isinstance(line, str) for line in lines):
            raise AftercareTextWrong(f"Section {number} has a line that is not a text.")
        section.setdefault("urgent", False)
    return texts
