"""The tables of changes that a steward is to accept. Only their shape."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base, Serial


class Proposal(Base):
    """What somebody found of a subject, to become a change once the steward of the field accepts it."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    register: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    """Where the subject belonged when it was proposed: counts once it has left altogether."""
    department: Mapped[str] = mapped_column(String(64))
    """The steward's."""
    kind: Mapped[str] = mapped_column(String(8))
    """set, clear."""
    values: Mapped[dict[str, Any]] = mapped_column("field_values")
    """Field -> what is proposed; null where it is to be cleared."""
    known: Mapped[dict[str, Any]]
    """Field -> what was known when it was proposed; absent where nothing was."""
    effective: Mapped[date]
    based_on: Mapped[str | None] = mapped_column(String(36))
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id"), index=True)
    """The entry that it came from; None: the subject's own page."""
    form: Mapped[str] = mapped_column(String(255), default="")
    cell: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="open")
    """open, accepted, refused, withdrawn."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    """Why it was decided so."""
    change_id: Mapped[str | None] = mapped_column(String(36))
    """The change that it became."""
    __table_args__ = (Index(None, "state", "department", "subject_id"),)
