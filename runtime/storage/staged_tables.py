"""The tables of changes that are prepared for a whole import, and seen all at once. Only their shape.

What stands in them is seen by nobody until the row in `settling` names their import; see `overlay`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base, Serial


class Settling(Base):
    """The one import, if any, that everybody sees already and whose rows are being moved to where they belong."""

    __tablename__ = "settling"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Always 1: there is one such import at a time."""
    import_id: Mapped[str] = mapped_column(String(36))
    after: Mapped[int] = mapped_column(Serial)
    """The newest change (`seq`) when it was switched on."""


class StagedSubject(Base):
    """A subject as it will be, once its import counts."""

    __tablename__ = "staged_subject"
    import_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), primary_key=True, index=True)
    row: Mapped[int]
    """The row of the sheet that speaks of it."""
    fresh: Mapped[bool]
    """Whether the import brings it: until then its row in `subject` is empty."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    document: Mapped[dict[str, Any]]
    timeline: Mapped[list[Any]]
    before: Mapped[list[Any]]
    """The timeline from which it was worked out."""
    counted: Mapped[int]
    """The basis by which the timeline before was counted."""
    revision: Mapped[int]
    basis: Mapped[int]
    renamed: Mapped[bool]
    """Whether it is searched by other words from then on; those of somebody fresh stand in `search_word` at once."""
    words: Mapped[list[Any]]


class StagedChange(Base):
    """A change as it will stand in the ledger; `n` is the order within the import."""

    __tablename__ = "staged_change"
    import_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(36))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    kind: Mapped[str] = mapped_column(String(8))
    values: Mapped[dict[str, Any]] = mapped_column("field_values")
    effective: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    provenance: Mapped[dict[str, Any]]
    based_on: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index(None, "subject_id", "import_id"),)


class StagedPage(Base):
    """What an import adds to the tallies of a unit: pages as in `tally_page`, to be added to those."""

    __tablename__ = "staged_page"
    import_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    quarter: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    base: Mapped[str] = mapped_column(Text)
    events: Mapped[str] = mapped_column(Text)


class StagedMember(Base):
    """A membership (see `TallyMember`) that an import brings (`counts` 1) or ends (-1)."""

    __tablename__ = "staged_member"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    import_id: Mapped[str] = mapped_column(String(36))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    slot: Mapped[int]
    from_day: Mapped[int]
    to_day: Mapped[int]
    on_day: Mapped[int]
    value: Mapped[str] = mapped_column(Text)
    counts: Mapped[int]
    __table_args__ = (Index(None, "unit_id", "slot", "import_id"),)
