"""That an entry names only files of its own. Not for taking or giving out files: that is `attachments`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.errors import EntryError
from runtime.language import gettext as _
from runtime.storage.tables import Attachment

_MEMBERS = {"id", "name", "mediaType", "size", "digest"}


def value_of(attachment: Attachment) -> dict[str, Any]:
    """What stands in the entry's data for the file."""
    return {
        "id": attachment.id,
        "name": attachment.name,
        "mediaType": attachment.media_type,
        "size": attachment.size,
        "digest": attachment.digest,
    }


def require_own_files(session: Session, entry_id: str, values: Iterable[Any]) -> None:
    """Raise an `EntryError` when one of the cells' new values names a file that is not the entry's, as it is."""
    named = [value for value in values if isinstance(value, dict) and set(value) == _MEMBERS]
    if not named:
        return
    query = select(Attachment).where(Attachment.entry_id == entry_id)
    known = {one.id: value_of(one) for one in session.scalars(query)}
    if any(known.get(str(value["id"])) != value for value in named):
        raise EntryError(_("This file did not arrive. Choose it again."))
