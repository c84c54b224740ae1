"""The first tables: entries, which cannot be changed or deleted, and their index."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _key(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "entry",
        _key("writer", sa.String(13)),
        _key("number", sa.Integer()),
        _text("record_id", 32),
        _text("type", 16),
        sa.Column("line", sa.Text, nullable=False),
    )
    op.create_index("entry_of_record", "entry", ["record_id", "writer", "number"])
    op.create_table("writer", _key("writer", sa.String(13)), _number("number"), _text("hash", 64))
    op.create_table(
        "session",
        _key("record_id", sa.String(32)),
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
        _text("client_set", 64),
        _text("operator_set", 64),
        _text("end_set", 64),
    )
    op.create_index("session_of_client", "session", ["client", "begun"])
    op.create_index("session_by_time", "session", ["begun"])
    op.create_index("session_of_pen", "session", ["pen", "session_id"])
    op.create_index("session_by_outcome", "session", ["outcome", "writer"])
    op.create_table(
        "zone",
        _key("record_id", sa.String(32)),
        _key("number", sa.Integer()),
        _text("zone", 24),
        _number("depth_um"),
        _number("rate_chz"),
        _number("passes"),
        _number("area_mm2"),
        _number("punctures_per_cm2"),
        _number("zone_ms"),
        _number("contact_ms"),
        _text("override_reason", 32),
    )
    op.create_table(
        "cartridge",
        _key("cartridge_id", sa.String(16)),
        _number("session_id"),
        _text("record_id", 32),
        _text("used", 32),
    )
    op.create_table(
        "pen_event",
        _key("pen", sa.String(32)),
        _key("log", sa.String(8)),
        _key("number", sa.BigInteger()),
        _key("digest", sa.String(16)),
        _number("session_id"),
        _text("body", 1000),
    )
    op.create_index("pen_event_of_session", "pen_event", ["pen", "session_id"])
    op.create_table(
        "score",
        _key("writer", sa.String(13)),
        _key("number", sa.Integer()),
        _text("client", 16),
        _text("concern", 32),
        _number("grade"),
        _text("given_on", 10),
        _text("given_by", 16),
        _text("record_id", 32),
        _text("photos", 2000),
    )
    op.create_index("score_of_client", "score", ["client", "given_on"])
    _append_only()


def _append_only() -> None:
    """Let the database itself refuse to change or delete an entry."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'entries are appended, never changed or deleted'; END $$"
        )
        op.execute(
            "CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION entry_is_append_only()"
        )
        return
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER entry_no_{what.lower()} BEFORE {what} ON entry BEGIN "
            "SELECT RAISE(ABORT, 'entries are appended, never changed or deleted'); END"
        )
