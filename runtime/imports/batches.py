"""An import as a row: begun, found, listed, refused a second time. Not for what is kept of it, nor who is at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import Conflict, NotFound
from runtime.fields.dates import in_words
from runtime.language import gettext as _
from runtime.storage.engine import writing
from runtime.storage.import_tables import Import, ImportPart
from runtime.storage.tables import User, new_id

PART = 256 * 1024
"""Bytes of a file that one transaction writes."""


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


def require_new(
    session: Session, register: str, department: str, digest: str, beside: str = ""
) -> None:
    """Raise `Conflict`, naming when and by whom, for a file that is or is being imported for that register.

    `beside` is the import that asks, if there is one already.
    """
    found = session.scalars(
        select(Import).where(
            Import.register == register,
            Import.department == department,
            Import.digest == digest,
            Import.state.in_(("applying", "settling", "applied")),
            Import.id != beside,
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


def begun_by(session: Session, actor: int, most: int) -> list[Import]:
    """The newest imports that this user began."""
    query = select(Import).where(Import.created_by == actor)
    return list(session.scalars(query.order_by(Import.created_at.desc(), Import.id).limit(most)))
