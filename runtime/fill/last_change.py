"""Who changed last what a figure was counted from, looked up when somebody asks. Not for the figure.

A scan finds it as it counts; tallies keep only numbers, so that it is found by a scan of that one figure.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from runtime.definitions.plan import CellFill, Plan
from runtime.fill.provenance import Note, Provenance, told
from runtime.fill.scan import subjects_behind

MOST = 5_000
"""Of a register with more subjects in the unit nobody waits for the scan: the list behind the figure tells it."""


def with_last_change(
    session: Session, plan: Plan, fill: CellFill | None, figure: Provenance, unit_id: int
) -> dict[str, Any]:
    """The provenance `figure` of a cell filled by `fill`, with its `lastChange` where it can be found soon."""
    rule = plan.rules.get(fill.rule) if fill is not None else None
    known = "lastChange" in figure or not figure.get("count") or figure.get("of", MOST + 1) > MOST
    if rule is None or fill is None or known:
        return figure
    last = date.fromisoformat(figure["asOf"])
    first = date.fromisoformat(figure["from"]) if "from" in figure else last
    found = subjects_behind(session, rule, fill.codes, unit_id, first, last)
    dated = [(one.changed, one.subject_id) for one in found if one.changed]
    if not dated:
        return figure
    day, subject_id = max(dated)
    return told(session, {"": Note(figure, subject_id=subject_id, changed=day)}, last)[""]
