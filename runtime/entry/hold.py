"""Getting hold of an entry, to read it or to change it. Not for the changes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.errors import EntryError, NotFound
from runtime.language import gettext as _
from runtime.storage.tables import Entry

DRAFT, SUBMITTED, RETURNED, ACCEPTED = "draft", "submitted", "returned", "accepted"
OPEN = (DRAFT, RETURNED)
"""The states in which an entry may be changed."""


def load(session: Session, entry_id: str) -> Entry:
    """The entry; raises `NotFound`."""
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise NotFound(_("There is no such entry."))
    return entry


def locked(session: Session, entry_id: str) -> Entry:
    """The entry as it stands now, nobody else's to change until the transaction ends; raises `NotFound`."""
    query = select(Entry).where(Entry.id == entry_id).with_for_update()
    entry = session.scalar(query.execution_options(populate_existing=True))
    if entry is None:
        raise NotFound(_("There is no such entry."))
    return entry


def require_open(entry: Entry) -> None:
    """Raise an `EntryError` when the entry can no longer be changed."""
    if entry.state not in OPEN:
        raise EntryError(_("This entry has been submitted and cannot be changed."))
