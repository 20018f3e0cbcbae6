"""Which cells of an entry still hold what a page showed. Not for what is said of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.plan import Plan
from runtime.entry.life import base_at
from runtime.entry.provenance import By, restated
from runtime.entry.shape import shape_of
from runtime.fill.provenance import Provenance
from runtime.storage.tables import Entry


def still_shown(
    session: Session, entry: Entry, plan: Plan, revision: int, cells: Collection[str]
) -> set[str]:
    """Those of the cells that hold the same value as at the revision that was shown, in the same row.

    A cell whose row stands elsewhere by now is not among them: another may stand in its place. Raises `Conflict`
    for a revision that is not kept: one is forgotten once other subjects stand in the entry's rows (`entry/past`).
    """
    base = base_at(session, entry, revision)
    marks: dict[str, Provenance] = {cell: {"kind": "shown", "at": cell} for cell in cells}
    nobody = By(None, "", clock.now())
    kept = restated(shape_of(plan), base.data, entry.data, marks, nobody).provenance
    return {cell for cell, mark in marks.items() if kept.get(cell) == mark}
