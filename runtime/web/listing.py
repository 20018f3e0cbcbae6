"""A register's subjects page by page: in the order of what they are called, and counted. Not for searching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.facts.units import below_query
from runtime.storage.tables import Subject, Unit

PER_PAGE = 50
SORTED = 10_000
"""So many subjects are put in order all at once; of more, those of one unit stand together, so that few are read."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page, and how many subjects there are in all; `more`: another page follows."""

    subjects: list[Subject]
    count: int
    more: bool


def page_of(
    session: Session,
    register: str,
    unit_id: int,
    page: int,
    *,
    label: Sequence[str] = (),
    latest: Sequence[str] = (),
) -> Listed:
    """The page (from 1) of the register's subjects at the unit and below, by their `label`.

    `latest` names dates that go before it: of lines of what happened, the latest come first, of very many
    (`SORTED`) the latest of each unit.
    """
    start = (page - 1) * PER_PAGE
    counts = _counts(session, register, unit_id)
    count = sum(counts.values())
    order = [text.desc() for text in _texts(session, latest)] + _texts(session, label)
    of_register = select(Subject).where(Subject.register == register)
    if count <= SORTED:
        there = Subject.unit_id.in_(below_query(unit_id, clock.today()))
        rows = of_register.where(there).order_by(*order, Subject.id)
        found = session.scalars(rows.offset(start).limit(PER_PAGE)).all()
    else:
        units, skipped = _reached(counts, start)
        rows = of_register.join(Unit, Unit.id == Subject.unit_id).where(Subject.unit_id.in_(units))
        rows = rows.order_by(Unit.code, *order, Subject.id)
        found = session.scalars(rows.offset(start - skipped).limit(PER_PAGE)).all()
    return Listed(list(found), count, start + PER_PAGE < count)


def _counts(session: Session, register: str, unit_id: int) -> dict[int, int]:
    """How many subjects each unit has, in the order of their codes; an index alone tells."""
    below = below_query(unit_id, clock.today())
    rows = session.execute(
        select(Subject.unit_id, func.count())
        .where(Subject.register == register, Subject.unit_id.in_(below))
        .group_by(Subject.unit_id)
    )
    found = {unit: count for unit, count in rows if unit is not None}
    order = session.scalars(select(Unit.id).where(Unit.id.in_(below)).order_by(Unit.code))
    return {unit: found[unit] for unit in order if unit in found}


def _reached(counts: dict[int, int], start: int) -> tuple[list[int], int]:
    """The units whose subjects stand on the page that begins at `start`, and how many stand before them."""
    ends = list(accumulate(counts.values()))
    spans = zip(counts, [0, *ends[:-1]], ends, strict=True)
    reached = [
        (unit, first) for unit, first, end in spans if first < start + PER_PAGE and end > start
    ]
    return [unit for unit, _first in reached], min((first for _unit, first in reached), default=0)


def _texts(session: Session, fields: Sequence[str]) -> list[ColumnElement[Any]]:
    """The fields as texts that both databases put in one order."""
    told: list[ColumnElement[Any]] = [
        func.coalesce(Subject.document[field].as_string(), "") for field in fields
    ]
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    return told if on_sqlite else [text.collate("C") for text in told]
