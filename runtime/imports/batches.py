"""An import's life as a row: begun, found, listed, refused a second time, forgotten. Not for what it does to facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import Conflict, EntryError, NotFound
from runtime.fields.dates import in_words
from runtime.imports.spelling import key
from runtime.language import gettext as _
from runtime.storage.bulk import Bulk
from runtime.storage.engine import reading, writing
from runtime.storage.import_tables import Import, ImportMemory, ImportPart, ImportRow
from runtime.storage.tables import User, new_id

PART = 256 * 1024
"""Bytes of a file that one transaction writes."""
ROWS = 2_000
"""Rows that one transaction deletes."""
KINDS = ("add", "change", "confirm", "conflict", "error", "same")
OPEN = ("uploaded", "checking", "checked", "failed", "cancelled")
"""States in which nothing of the file is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it comes in."""

    register: str
    department: str
    name: str
    content: bytes
    as_of: date
    unit_id: int | None = None
    actor: int | None = None


def begin(engine: Engine, upload: Upload, columns: Sequence[Mapping[str, Any]]) -> str:
    """Keep the file and what its columns were taken for; its id. Raises `Conflict` for one imported already."""
    digest = sha256(upload.content).hexdigest()
    made = new_id()
    with writing(engine) as session:
        require_new(session, upload.register, upload.department, digest)
        session.add(
            Import(
                id=made,
                register=upload.register,
                department=upload.department,
                unit_id=upload.unit_id,
                file_name=upload.name[-255:],
                digest=digest,
                size=len(upload.content),
                as_of=upload.as_of,
                state="uploaded",
                columns=list(columns),
                counts={},
                created_at=clock.now(),
                created_by=upload.actor,
            )
        )
    for n, at in enumerate(range(0, len(upload.content), PART)):
        with writing(engine) as session:
            piece = upload.content[at : at + PART]
            session.add(ImportPart(import_id=made, n=n, content=piece))
    return made


def require_new(session: Session, register: str, department: str, digest: str) -> None:
    """Raise `Conflict`, naming when and by whom, for a file that is or is being imported for that register."""
    found = session.scalars(
        select(Import).where(
            Import.register == register,
            Import.department == department,
            Import.digest == digest,
            Import.state.in_(("applying", "settling", "applied")),
        )
    ).first()
    if found is None:
        return
    who = session.get(User, found.applied_by) if found.applied_by else None
    raise Conflict(
        _(
            "This very file was imported already: on %(day)s, by %(who)s.",
            day=_moment(found.applied_at or found.created_at),
            who=who.full_name if who else _("the command line"),
        )
    )


def _moment(at: datetime) -> str:
    local = at.astimezone()
    return f"{in_words(local.date())} {local:%H:%M}"


def load(session: Session, import_id: str) -> Import:
    """The import; raises `NotFound`."""
    found = session.get(Import, import_id)
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


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


def begun_by(session: Session, actor: int, most: int) -> list[Import]:
    """The newest imports that this user began."""
    query = select(Import).where(Import.created_by == actor)
    return list(session.scalars(query.order_by(Import.created_at.desc(), Import.id).limit(most)))


def rows_of(
    session: Session, import_id: str, kind: str, first: int = 0, most: int = 50
) -> list[ImportRow]:
    """Rows of one kind in the file's order."""
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.kind == kind)
    return list(session.scalars(query.order_by(ImportRow.n).offset(first).limit(most)))


def anybody(_session: Session) -> None:
    """In place of `require_mine` where nobody else can be at it."""


def take(engine: Engine, import_id: str, state: str, *before: str, **more: Any) -> int:
    """Take the import in hand, to be checked or recorded; the number of this beginning, for `require_mine`.

    Raises `Conflict` where it is in none of the states `before`.
    """
    return to_state(engine, import_id, state, *before, done=Import.done + 1, **more)


def require_mine(session: Session, import_id: str, state: str, begun: int) -> None:
    """Of two that are at it only the later one goes on; raises `Conflict` for the other, within what it would write."""
    query = select(Import.id).where(
        Import.id == import_id, Import.state == state, Import.done == begun
    )
    if session.scalar(query.with_for_update(read=True)) is None:
        raise Conflict(_("The import has been taken further meanwhile; look at it again."))


def to_state(
    engine: Engine,
    import_id: str,
    state: str,
    *before: str,
    guard: Callable[[Session], None] = anybody,
    **more: Any,
) -> int:
    """Take the import from one of the states `before` to another; its number (`done`).

    Raises `Conflict` where it is in none of them; `guard` as in `keep_rows`.
    """
    with writing(engine) as session:
        guard(session)
        moved = session.execute(
            update(Import)
            .where(Import.id == import_id, Import.state.in_(before))
            .values(state=state, **more)
            .returning(Import.done)
        ).scalar()
        if moved is None:
            load(session, import_id)
            raise Conflict(_("The import has been taken further meanwhile; look at it again."))
        return moved


def choose(engine: Engine, import_id: str, chosen: Mapping[int, str]) -> None:
    """Take columns (by their place) for these fields, and remember it for the department's next file."""
    with writing(engine) as session:
        found = load(session, import_id)
        if found.state not in OPEN:
            raise Conflict(_("The import has been taken further meanwhile; look at it again."))
        columns = [dict(column) for column in found.columns]
        for n, field in chosen.items():
            if 0 <= n < len(columns) and columns[n]["field"] != field:
                columns[n] |= {"field": field, "how": "chosen" if field else "", "score": 100}
                _remember(session, found, columns[n]["header"], field)
        twice = [c["field"] for c in columns if c["field"]]
        if len(twice) != len(set(twice)):
            raise EntryError(_("Two columns cannot both be the same field."))
        found.columns = columns
        found.state = "uploaded"


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


def drop_file(engine: Engine, import_id: str) -> None:
    """Delete the uploaded file, which holds personal records, and the samples of it."""
    with writing(engine) as session:
        drop_samples(load(session, import_id))
    while True:
        with writing(engine) as session:
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
