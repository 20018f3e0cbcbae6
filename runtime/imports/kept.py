"""What is kept of an import for a while: its file, and what was made of its rows. Not for making it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from runtime.errors import EntryError, NotFound
from runtime.imports.batches import load
from runtime.imports.states import anybody
from runtime.language import gettext as _
from runtime.storage.bulk import Bulk
from runtime.storage.engine import reading, writing
from runtime.storage.import_tables import Import, ImportPart, ImportRow

ROWS = 2_000
"""Rows that one transaction deletes."""
KINDS = ("add", "change", "confirm", "conflict", "error", "same")


def content_of(engine: Engine, import_id: str) -> bytes:
    """The file as it was uploaded; raises `NotFound` where it is no longer kept, `EntryError` where it is not whole."""
    with reading(engine) as session:
        size = load(session, import_id).size
        parts = session.scalars(
            select(ImportPart.content)
            .where(ImportPart.import_id == import_id)
            .order_by(ImportPart.n)
        ).all()
    if not parts:
        raise NotFound(_("The file is no longer kept."))
    content = b"".join(parts)
    if len(content) != size:  # whoever took it in was killed midway
        raise EntryError(_("The file did not arrive whole; upload it again."))
    return content


def rows_of(
    session: Session, import_id: str, kind: str, first: int = 0, most: int = 50
) -> list[ImportRow]:
    """Rows of one kind in the file's order."""
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.kind == kind)
    return list(session.scalars(query.order_by(ImportRow.n).offset(first).limit(most)))


def keep_rows(
    engine: Engine,
    import_id: str,
    rows: Sequence[Mapping[str, Any]],
    guard: Callable[[Session], None] = anybody,
) -> None:
    """Write prepared rows in one short transaction, unless `guard`, asked within it, raises."""
    made = [(import_id, *_row(row)) for row in rows]
    ready = Bulk(engine, _rows, ("import_id", *_ROW), made)
    with writing(engine) as session:
        guard(session)
        ready.write(session)


_rows: Any = ImportRow.__table__
_ROW = ("n", "kind", "subject_id", "revision", "unit_id", "label", "told", "old", "problems")
_row = itemgetter(*_ROW)


def drop_rows(
    engine: Engine, import_id: str, *kinds: str, guard: Callable[[Session], None] = anybody
) -> None:
    """Delete prepared rows (of these kinds; none named: all) in short transactions; `guard` as in `keep_rows`."""
    while True:
        with writing(engine) as session:
            guard(session)
            wanted = [ImportRow.import_id == import_id]
            if kinds:
                wanted.append(ImportRow.kind.in_(kinds))
            query = select(ImportRow.n).where(*wanted).order_by(ImportRow.n).limit(ROWS)
            numbers = list(session.scalars(query))
            if not numbers:
                return
            within = ImportRow.n.between(numbers[0], numbers[-1])
            session.execute(delete(ImportRow).where(*wanted, within))


def drop_file(engine: Engine, import_id: str, guard: Callable[[Session], None] = anybody) -> None:
    """Delete the uploaded file, which holds personal records, and the samples of it; `guard` as in `keep_rows`."""
    with writing(engine) as session:
        guard(session)
        drop_samples(load(session, import_id))
    while True:
        with writing(engine) as session:
            guard(session)
            numbers = list(
                session.scalars(
                    select(ImportPart.n).where(ImportPart.import_id == import_id).limit(8)
                )
            )
            if not numbers:
                return
            session.execute(
                delete(ImportPart).where(
                    ImportPart.import_id == import_id, ImportPart.n.in_(numbers)
                )
            )


def drop_samples(found: Import) -> None:
    """Keep what the columns were taken for, and nothing of what stood in them."""
    found.columns = [{**column, "sample": ""} for column in found.columns]


def forget_before(engine: Engine, moment: datetime) -> int:
    """Delete files and prepared rows of all imports begun before `moment` that nobody is at; says how many.

    What was imported, when and by whom stays, so that the same file is still refused.
    """
    with reading(engine) as session:
        held = select(ImportPart.import_id).union(select(ImportRow.import_id))
        query = select(Import.id).where(
            Import.created_at < moment,
            Import.state.not_in(("checking", "applying", "settling")),
            Import.id.in_(held),
        )
        old = list(session.scalars(query))
    for import_id in old:
        drop_rows(engine, import_id)
        drop_file(engine, import_id)
    return len(old)
