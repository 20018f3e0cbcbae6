"""For which field each column of a file is taken, and what a person said of it last time. Not for guessing: `match`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import Conflict, EntryError
from runtime.imports.batches import load
from runtime.imports.spelling import key
from runtime.imports.states import OPEN, at_work
from runtime.language import gettext as _
from runtime.storage.engine import writing
from runtime.storage.import_tables import Import, ImportMemory


def choose(engine: Engine, import_id: str, chosen: Mapping[int, str]) -> None:
    """Take columns (by their place) for these fields, and remember it for the department's next file.

    Raises `Conflict` where its job has not ended or something of it is recorded, `EntryError` for a field taken twice.
    """
    with writing(engine) as session:
        found = load(session, import_id)
        # locked: recording may begin while columns are taken, and would be put back to the upload
        session.refresh(found, with_for_update=True)
        if at_work(session, found):
            raise Conflict(_("This file is being checked or recorded already; it goes on."))
        if found.state not in OPEN:
            raise Conflict(_("The import has been taken further meanwhile; look at it again."))
        columns = [dict(column) for column in found.columns]
        asked = undecided(columns)
        for n, field in chosen.items():
            if 0 <= n < len(columns) and (columns[n]["field"] != field or n in asked):
                how = "chosen" if field else ""
                columns[n] |= {"field": field, "how": how, "score": 100, "offered": ""}
                _remember(session, found, columns[n]["header"], field)
        twice = [c["field"] for c in columns if c["field"]]
        if len(twice) != len(set(twice)):
            raise EntryError(_("Two columns cannot both be the same field."))
        found.columns = columns
        found.state = "uploaded"


def undecided(columns: Sequence[Mapping[str, Any]]) -> list[int]:
    """The places of the columns for which a field is offered that no column has: a person is to say what they are."""
    taken = {column["field"] for column in columns}
    return [
        n
        for n, column in enumerate(columns)
        if column.get("offered") and not column["field"] and column["offered"] not in taken
    ]


def _remember(session: Session, found: Import, header: str, field: str) -> None:
    word = key(header)[:200]
    if not word:
        return
    place = (found.department, found.register, word)
    held = session.get(ImportMemory, place)
    if held is None:
        names = ("department", "register", "header")
        held = ImportMemory(**dict(zip(names, place, strict=True)), at=clock.now())
        session.add(held)
    held.field, held.at = field, clock.now()


def remembered(session: Session, department: str, register: str) -> dict[str, str]:
    """Compared header -> field, as the department's people said it."""
    found = session.scalars(
        select(ImportMemory).where(
            ImportMemory.department == department, ImportMemory.register == register
        )
    )
    return {one.header: one.field for one in found}
