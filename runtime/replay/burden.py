"""What a period's reports cost on a live site: cells, filled, typed, looked at, left to type. Reads only.

A report that nobody has begun is filled as opening it would, and thrown away again. All subjects are read at once:
a city of a million wants some gigabytes for it. Not for a page: the command keeps what it found for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from runtime.definitions.place import remembering
from runtime.definitions.plan import Plan
from runtime.entry import life, versions
from runtime.entry.count import seen_of
from runtime.entry.hold import OPEN
from runtime.facts import units as unit_tree
from runtime.fill.ground import Ground, read_ground
from runtime.periods import Period
from runtime.replay.rates import Rates
from runtime.replay.report import Work, as_month, sum_of, top_unfilled
from runtime.storage.engine import reading
from runtime.storage.tables import Entry, FormVersion, Unit

Schemas = Mapping[str, Mapping[str, Any]]


def burden(engine: Engine, schemas: Schemas, period: Period, rates: Rates) -> dict[str, Any]:
    """The period's month as in a replay's file, with its forms; a month's covers quarters that end with it."""
    found: dict[str, tuple[FormVersion, Plan, str, Work]] = {}
    with reading(engine) as session:
        ground = read_ground(session, schemas, period.last)
        for version, plan, its in owed(session, period):
            work = _of_form(session, ground, version, plan, its)
            found[version.address] = (version, plan, str(its), work)
        forms = [_told(*one, rates) for one in found.values()]
    works = [work for _version, _plan, _period, work in found.values()]
    month = as_month(str(period), sum_of(works), rates, compared=False)
    return {"months": [month], "forms": forms, "unfilled": top_unfilled(sum_of(works))}


def owed(session: Session, period: Period) -> Iterator[tuple[FormVersion, Plan, Period]]:
    """The forms whose reports are owed for the period, or for a longer one that ends with a month."""
    for version in versions.published(session):
        plan = versions.plan_of(version)
        if not plan.form.frequency:
            continue
        its = Period.of(plan.form.frequency, period.last)
        longer = period.frequency == "monthly" and its.first <= period.first
        if its == period or (longer and its.last == period.last):
            yield version, plan, its


def _of_form(
    session: Session,
    ground: Ground,
    version: FormVersion,
    plan: Plan,
    period: Period,
) -> Work:
    work = Work()
    query = select(Unit).where(Unit.level.in_(plan.form.levels)).order_by(Unit.code)
    for unit in session.scalars(query).all():
        entry = life.find(session, version.address, unit.id, period, None)
        with remembering():
            its = plan if entry is None else life.plan_for(session, entry)
            content = _content(session, its, unit, period, entry)
            units = unit_tree.below(session, unit.id, period.last)
            for one in seen_of(ground, its, units, period.first, content):
                work.see(one, 0)
        work.reports += 1
        work.begun += entry is not None
        work.submitted += entry is not None and entry.state not in OPEN
    return work


def _content(
    session: Session, plan: Plan, unit: Unit, period: Period, entry: Entry | None
) -> tuple[Any, Mapping[str, str], Mapping[str, Any]]:
    if entry is not None:
        return entry.data, entry.choices, entry.provenance
    filled = life.prefilled(session, plan, unit.id, period)
    return filled.data, filled.choices, filled.provenance


def _told(
    version: FormVersion, plan: Plan, period: str, work: Work, rates: Rates
) -> dict[str, Any]:
    return {
        **about_form(version, plan),
        "months": [as_month(period, work, rates, compared=False)],
        "unfilled": top_unfilled(work),
    }


def about_form(version: FormVersion, plan: Plan) -> dict[str, Any]:
    """A form as a replay's file names it."""
    return {
        "form": version.address,
        "number": plan.form.number,
        "title": dict(version.title),
        "department": version.department,
        "frequency": plan.form.frequency,
        "levels": list(plan.form.levels),
    }
