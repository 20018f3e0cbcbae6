"""The tables of what became of units, what was erased, and the words to search by. Only their shape."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base


class SnapshotErasure(Base):
    """An erasure that reaches into a snapshot: it lets personal values of it, and nothing else, be overwritten."""

    __tablename__ = "snapshot_erasure"
    snapshot_id: Mapped[int] = mapped_column(
        ForeignKey("snapshot.id"), primary_key=True, autoincrement=False
    )
    change_id: Mapped[str] = mapped_column(String(36), ForeignKey("change.id"), primary_key=True)


class UnitSuccession(Base):
    """From which day on the subjects of a unit that was merged or split belong to another."""

    __tablename__ = "unit_succession"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    ended: Mapped[bool]
    """Whether the unit ended on that day, or only gave some of its subjects away."""


LONGEST_WORD = 24
"""Letters of a word by which subjects are searched; what is longer is cut."""

_Word = String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql")
"""Ordered by its bytes on both databases, so that what begins alike stands together."""


class SearchWord(Base):
    """A word by which a subject is found, with its unit of today; written by `facts.changes` only."""

    __tablename__ = "search_word"
    register: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    word: Mapped[str] = mapped_column(_Word, primary_key=True)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    __table_args__ = (Index(None, "subject_id"), {"sqlite_with_rowid": False})


class SearchRenewal(Base):
    """How far the words of search have been made anew: one row, written by `facts.words_anew` only."""

    __tablename__ = "search_renewal"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[int]
    """Which words these are (`facts.search.WORDS`)."""
    after: Mapped[str | None] = mapped_column(String(36))
    """The last subject that has them; None where all have."""
