"""The tables. `entry` is the truth, appended to and never changed; the rest is an index of it.

The index answers questions without reading every entry; `verify` makes it again from the entries
and compares. Made by `migrations/`; a test holds the two together. Owns no state.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()


def _text(name: str, length: int) -> "Column[str]":
    return Column(name, String(length), nullable=False, server_default="")


def _number(name: str) -> "Column[int]":
    return Column(name, BigInteger, nullable=False, server_default="0")


entry = Table(
    "entry",
    metadata,
    Column("writer", String(13), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("record_id", 32),
    _text("type", 16),
    Column("line", Text, nullable=False),  # canonical JSON with its hash
    Index("entry_of_record", "record_id", "writer", "number"),
)

writer = Table(  # the head of each chain
    "writer",
    metadata,
    Column("writer", String(13), primary_key=True),
    _number("number"),
    _text("hash", 64),
)

session = Table(
    "session",
    metadata,
    Column("record_id", String(32), primary_key=True),
    _text("writer", 13),
    _text("client", 16),
    _text("operator", 16),
    _text("begun", 32),
    _text("ended", 32),
    _text("outcome", 24),
    _text("pen", 32),
    _number("session_id"),
    _text("simulated", 32),
    _number("demo"),
    _text("continues", 32),
    _text("concern", 32),
    _text("library_id", 32),
    _number("pins"),
    _number("needle_um"),
    _text("early_reason", 32),
    _text("zones", 400),
    _number("faults"),
    _text("client_set", 64),  # which correction set it, so that the newest wins in any order
    _text("operator_set", 64),
    _text("end_set", 64),
    Index("session_of_client", "client", "begun"),
    Index("session_by_time", "begun"),
    Index("session_of_pen", "pen", "session_id"),
    Index("session_by_outcome", "outcome", "writer"),
    Index("session_of_pen_by_time", "pen", "begun"),
)

zone = Table(
    "zone",
    metadata,
    Column("record_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # of its entry
    _text("zone", 24),
    _number("depth_um"),
    _number("rate_chz"),
    _number("passes"),
    _number("area_mm2"),
    _number("punctures_per_cm2"),
    _number("zone_ms"),
    _number("contact_ms"),
    _text("override_reason", 32),
    _number("runs"),
)

event = Table(  # what a month's figures count: stops, faults, values outside the soft limits
    "event",
    metadata,
    Column("record_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # of its entry
    Column("part", Integer, primary_key=True, autoincrement=False),  # of several in one entry
    _text("kind", 8),  # stop, fault or override
    _text("zone", 24),
    _text("field", 8),  # of an override: depth, rate, passes or dose
    _text("word", 32),  # reason of a stop or an override, number of a fault
)

cartridge = Table(  # every cartridge that has been used
    "cartridge",
    metadata,
    Column("cartridge_id", String(16), primary_key=True),
    _number("session_id"),
    _text("record_id", 32),
    _text("used", 32),
)

pen_event = Table(  # what was read out of pens' own logs
    "pen_event",
    metadata,
    Column("pen", String(32), primary_key=True),
    Column("log", String(8), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(16), primary_key=True),
    _number("session_id"),
    _text("body", 1000),
    Index("pen_event_of_session", "pen", "session_id"),
)

score = Table(
    "score",
    metadata,
    Column("writer", String(13), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("client", 16),
    _text("concern", 32),
    _number("grade"),
    _text("given_on", 10),
    _text("given_by", 16),
    _text("record_id", 32),
    _text("photos", 2000),
    Index("score_of_client", "client", "given_on"),
)

calibration = Table(
    "calibration",
    metadata,
    Column("writer", String(13), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("pen", 32),
    _text("done", 32),
    _text("done_by", 16),
    _number("depth_error_um"),  # largest found, before it was adjusted
    _number("rate_error_ppt"),
    Index("calibration_of_pen", "pen", "done"),
)

INDEX = (session, zone, event, cartridge, pen_event, score, calibration)
