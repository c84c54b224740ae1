"""Questions about a month, counted where the sessions lie.

Records without an end of their own are apart: what they lack stands in their samples alone, so
whoever asks has to read them whole. Owns no state.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select

from host_controller.records import schema

UNCLOSED = ("interrupted", "open")

Span = tuple[str, str]  # first moment and the one after the last, as entries write them


def _begun(span: Span, simulated: bool) -> ColumnElement[bool]:
    table = schema.session
    within = and_(table.c.begun >= span[0], table.c.begun < span[1])
    return within if simulated else and_(within, table.c.simulated == "", table.c.demo == 0)


def _closed(span: Span, simulated: bool) -> ColumnElement[bool]:
    return and_(_begun(span, simulated), schema.session.c.outcome.not_in(UNCLOSED))


def unclosed(span: Span, simulated: bool) -> Select[Any]:
    """Sessions begun in a span that have no end of their own."""
    table = schema.session
    wanted = and_(_begun(span, simulated), table.c.outcome.in_(UNCLOSED))
    return select(table.c.record_id).where(wanted)


def ends(span: Span, simulated: bool) -> Select[Any]:
    """Closed sessions by outcome and by why they were early; `number` of each."""
    table = schema.session
    kinds = (table.c.outcome, table.c.early_reason)
    number = func.count().label("number")
    return select(*kinds, number).where(_closed(span, simulated)).group_by(*kinds).order_by(*kinds)


def events(span: Span, simulated: bool) -> Select[Any]:
    """Stops, faults and overrides of closed sessions; `number` of each."""
    table, session = schema.event, schema.session
    kinds = (table.c.kind, table.c.zone, table.c.field, table.c.word)
    of_session = table.c.record_id == session.c.record_id
    counted = select(*kinds, func.count().label("number")).join_from(session, table, of_session)
    return counted.where(_closed(span, simulated)).group_by(*kinds).order_by(*kinds)


def zones(span: Span, simulated: bool) -> Select[Any]:
    """Treated zones of closed sessions, each once in a session: `treated`, of them `changed`."""
    table, event, session = schema.zone, schema.event, schema.session
    of_session = and_(table.c.record_id == session.c.record_id, table.c.runs > 0)
    each = (
        select(table.c.record_id, table.c.zone)
        .join_from(session, table, of_session)
        .where(_closed(span, simulated))
        .distinct()
        .subquery()
    )
    override = exists().where(
        event.c.record_id == each.c.record_id,
        event.c.zone == each.c.zone,
        event.c.kind == "override",
    )
    changed = func.coalesce(func.sum(case((override, 1), else_=0)), 0)
    return select(func.count().label("treated"), changed.label("changed")).select_from(each)
