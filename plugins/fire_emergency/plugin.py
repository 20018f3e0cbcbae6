"""What the fire department checks beyond JSON Schema: the list of inspections agrees with itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.api import Plan, Problem
from runtime.api import gettext as _
from runtime.hooks import hookimpl

FORM = "/forms/fire-emergency/inspection-list.json"


@hookimpl
def yibiao_problems(plan: Plan, data: Any) -> Iterator[Problem]:
    """Problems of the monthly list of inspections; nothing for any other form."""
    if not plan.address.endswith(FORM) or not isinstance(data, dict):
        return
    listed = data.get("inspections")
    visits = [
        (f"/inspections/{n}", visit)
        for n, visit in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(visit, dict)
    ]
    yield from _remedy_before_visit(visits)
    yield from _entered_twice(visits)


def _remedy_before_visit(visits: list[tuple[str, dict[str, Any]]]) -> Iterator[Problem]:
    """A remedy cannot fall due before the visit that asked for it."""
    for pointer, visit in visits:
        made, due = visit.get("date"), visit.get("remedy_due")
        if isinstance(made, str) and isinstance(due, str) and due < made:
            text = _(
                "The remedy is due on %(due)s, before the inspection of %(made)s. Correct one of the two.",
                due=due,
                made=made,
            )
            yield Problem("remedy-before-visit", text, f"{pointer}/remedy_due")


def _entered_twice(visits: list[tuple[str, dict[str, Any]]]) -> Iterator[Problem]:
    """One venue, one day and one time make one visit; a second row is a slip, but may stand."""
    seen: set[tuple[str, str, str]] = set()
    for pointer, visit in visits:
        venue, day = visit.get("venue"), visit.get("date")
        if not isinstance(venue, str) or not isinstance(day, str):
            continue
        key = (venue.strip(), day, str(visit.get("time", "")))
        if key in seen:
            text = _(
                "“%(venue)s” already has a row for %(day)s. Remove one, or give both a time.",
                venue=venue,
                day=day,
            )
            yield Problem("entered-twice", text, f"{pointer}/venue", severity="warning")
        seen.add(key)
