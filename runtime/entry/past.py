"""The earlier states of an entry that a save may still be based on, and when they must go. Not for making them.

Only the newest provenance is kept. It tells whom the rows of an earlier state are about as long as rows and subjects
stand where they stood then; so once they do not, earlier states go. Else nobody could find in them who is to be
erased, and what somebody typed could be merged into another's row. Who had such a state on the screen loads it again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from runtime.fill.provenance import Provenance
from runtime.storage.tables import Entry, EntryRevision

_ROW = re.compile(r"(?:/[^/]*)*/\d+(?=/|$)")
"""The innermost row in which a pointer stands."""


def forget_before(session: Session, entry: Entry, revision: int) -> None:
    """Delete the states of the entry before this revision."""
    session.flush()
    session.execute(
        delete(EntryRevision).where(
            EntryRevision.entry_id == entry.id, EntryRevision.revision < revision
        )
    )


def tell_of_the_same(one: Mapping[str, Provenance], other: Mapping[str, Provenance]) -> bool:
    """Whether the rows of two states of an entry, by their provenance, are about the same subjects."""
    mine, theirs = _subjects(one), _subjects(other)
    return mine == theirs or _by_row(mine) == _by_row(theirs)


def _subjects(provenance: Mapping[str, Provenance]) -> dict[str, str]:
    found = {}
    for pointer, told in provenance.items():
        beneath = told
        while beneath and "subject" not in beneath:
            beneath = beneath.get("was") or {}
        if beneath:
            found[pointer] = str(beneath["subject"])
    return found


def _by_row(subjects: Mapping[str, str]) -> set[tuple[str, str]]:
    rows = ((_ROW.match(pointer), subject) for pointer, subject in subjects.items())
    return {(row[0] if row else "", subject) for row, subject in rows}
