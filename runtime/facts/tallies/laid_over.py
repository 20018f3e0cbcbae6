"""Tallies and memberships while an import settles: its own laid over those of the tables. Not for other times.

What the import has staged is added in one statement to what there is, so that what moves from the one to the other
meanwhile is read once. Nothing is remembered: this is so for seconds to minutes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    Integer,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from runtime.facts.tallies import page
from runtime.facts.tallies.beneath import TREE, column
from runtime.facts.tallies.members import Counts
from runtime.rules.tallied import TalliedRule
from runtime.storage.staged_tables import Settling, StagedMember, StagedPage
from runtime.storage.tables import Base
from runtime.storage.tally_tables import TallyMember, TallyPage

_SETTLING = select(column(Settling, "import_id")).scalar_subquery()
_ORDINAL: BindParameter[Any] = bindparam("ordinal")


def _latest(table: type[Base], *which: Any) -> Any:
    """The newest pages of these units up to the quarter."""
    unit, quarter = column(table, "unit_id"), column(table, "quarter")
    these = (unit.in_(select(TREE.c.id)), quarter <= bindparam("quarter"), *which)
    newest = (
        select(unit, func.max(quarter).label("quarter")).where(*these).group_by(unit).subquery()
    )
    found = select(column(table, "base"), column(table, "events")).where(*which)
    return found.join(newest, (unit == newest.c.unit_id) & (quarter == newest.c.quarter))


_PAGES = _latest(TallyPage).union_all(
    _latest(StagedPage, column(StagedPage, "import_id") == _SETTLING)
)


def _holding(table: type[Base], counts: Any, *which: Any) -> Any:
    """Memberships that hold on the day: slot, value, and how often it counts."""
    on = column(table, "on_day")
    return select(column(table, "slot"), column(table, "value"), counts.label("counts")).where(
        column(table, "unit_id").in_(select(TREE.c.id)),
        column(table, "slot").in_(bindparam("slots", expanding=True)),
        (on == 0) | on.between(bindparam("first"), _ORDINAL),
        column(table, "from_day") <= _ORDINAL,
        column(table, "to_day") >= _ORDINAL,
        *which,
    )


_held = union_all(
    _holding(TallyMember, literal_column("1")),
    _holding(
        StagedMember,
        column(StagedMember, "counts"),
        column(StagedMember, "import_id") == _SETTLING,
    ),
).subquery()
_MEMBERS = (
    select(_held.c.slot, _held.c.value, cast(func.sum(_held.c.counts), Integer))
    .group_by(_held.c.slot, _held.c.value)
    .having(func.sum(_held.c.counts) != 0)
)


def values_on(session: Session, unit_id: int, day: date) -> page.Values:
    """The sums of all slots over the unit and all below it on `day`, as of the end of that day."""
    ordinal = day.toordinal()
    told = {"unit": unit_id, "day": day, "quarter": page.quarter_of(ordinal)}
    return page.total(((row[0], row[1]) for row in session.execute(_PAGES, told)), ordinal)


def members_on(
    session: Session, wanted: Iterable[TalliedRule], unit_id: int, first: date, last: date
) -> Counts:
    """The memberships of these rules that hold on the last day, flows dated from `first` on."""
    slots = [n for one in wanted if not one.additive for n in range(one.first, one.end)]
    found: Counts = defaultdict(lambda: defaultdict(int))
    if slots:
        told = {"unit": unit_id, "day": last, "slots": slots}
        told |= {"first": first.toordinal(), "ordinal": last.toordinal()}
        for slot, value, count in session.execute(_MEMBERS, told):
            found[slot][value] += count
    return found
