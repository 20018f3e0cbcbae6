"""Files that belong to an entry: taken after a look at them, given out to whoever may. Not for drawing them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from runtime import clock
from runtime.entry import audit
from runtime.entry.file_types import ENDINGS, media_type
from runtime.entry.files import value_of
from runtime.entry.hold import load, locked, require_open
from runtime.errors import EntryError, NotFound
from runtime.language import gettext as _
from runtime.storage.tables import Attachment, Entry

LARGEST = 10 * 1024 * 1024
MOST = 50
"""Files of one entry."""

_LONGEST_NAME = 120
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')


def add(
    session: Session,
    entry: Entry,
    name: str,
    content: bytes,
    actor: int | None,
    *,
    largest: int = LARGEST,
) -> Attachment:
    """Take a file into an open entry; the same file under the same name again is the one that is there.

    Raises `EntryError` that says so when it is empty, too large, of a kind that is not taken, or one too many.
    """
    if not content:
        raise EntryError(_("The file is empty."))
    if len(content) > largest:
        raise EntryError(
            _(
                "The file is too large: %(size)s MB, and %(most)s MB are the most.",
                size=_megabytes(len(content)),
                most=_megabytes(largest),
            )
        )
    kind = media_type(content)
    name, digest = safe_name(name, kind), hashlib.sha256(content).hexdigest()
    held = locked(session, entry.id)
    require_open(held)
    there = select(Attachment).where(Attachment.entry_id == held.id)
    same = session.scalar(there.where(Attachment.digest == digest, Attachment.name == name))
    if same is not None:
        return same
    if (session.scalar(select(func.count()).select_from(there.subquery())) or 0) >= MOST:
        raise EntryError(_("An entry has at most %(n)s files.", n=MOST))
    made = Attachment(
        entry_id=held.id,
        name=name,
        media_type=kind,
        digest=digest,
        size=len(content),
        content=content,
        uploaded_at=clock.now(),
        uploaded_by=actor,
    )
    session.add(made)
    session.flush()
    audit.log(
        session,
        "attachment.add",
        "entry",
        held.id,
        actor=actor,
        unit_id=held.unit_id,
        details={"attachment": made.id, "digest": digest},
    )
    return made


def listed(session: Session, entry: Entry) -> list[Attachment]:
    """The entry's files, oldest first, without their content."""
    query = select(Attachment).where(Attachment.entry_id == entry.id)
    return list(session.scalars(query.order_by(Attachment.uploaded_at, Attachment.id)))


def fetch(session: Session, attachment_id: str, allowed: Callable[[Entry], object]) -> Attachment:
    """The file with its content, for whoever `allowed` lets see its entry (it raises for all others).

    Nobody gets at a file without that question. Raises `NotFound`; send the file with its own media type,
    `Content-Disposition: attachment` and `X-Content-Type-Options: nosniff`.
    """
    found = session.get(Attachment, attachment_id, options=[undefer(Attachment.content)])
    if found is None:
        raise NotFound(_("There is no such file."))
    allowed(load(session, found.entry_id))
    return found


def safe_name(name: str, kind: str) -> str:
    """The name without folders, control and forbidden characters, with an ending that tells the truth."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    name = _FORBIDDEN.sub("_", name).strip(" .") or "file"
    stem, dot, ending = name.rpartition(".")
    ending = f".{ending.lower()}"
    if not dot or ending not in ENDINGS[kind]:
        stem, ending = name, ENDINGS[kind][0]
    return stem[: _LONGEST_NAME - len(ending)].rstrip(" .") + ending


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


__all__ = ["LARGEST", "MOST", "add", "fetch", "listed", "safe_name", "value_of"]
