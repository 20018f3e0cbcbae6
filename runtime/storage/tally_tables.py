"""The tables of stored parts of figures, kept as facts change. Only their shape: they are `facts.tallies`' own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base, Serial


class TallyBasis(Base):
    """The rules of one register that tallies are kept for, up to a horizon; immutable, the newest is in force.

    `Subject.basis` says by which one a subject's part was counted in last.
    """

    __tablename__ = "tally_basis"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    register: Mapped[str] = mapped_column(String(64), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    """Of rules and horizon, so that the same again is no new basis."""
    rules: Mapped[str] = mapped_column(Text)
    """JSON: `[{"slot": first slot, "rule": the rule}, …]`; the slots of an unchanged rule stay its own."""
    next_slot: Mapped[int]
    horizon: Mapped[date]
    """The last day up to which ages and expiries are worked out."""
    made_at: Mapped[datetime]


class TallyLeaf(Base):
    """A unit with tallies: the row that whoever changes them locks, and how often they were changed."""

    __tablename__ = "tally_leaf"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)


class TallyPage(Base):
    """The tallies of a unit in a quarter: the values at its start, and what happens within it.

    There is a page for each quarter in which something happens; the others are as the last one before ended.
    """

    __tablename__ = "tally_page"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    quarter: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Year times 4, and 0 to 3."""
    base: Mapped[str] = mapped_column(Text)
    """JSON: `[slot, value, slot, value, …]`, slots ascending, none with 0."""
    events: Mapped[str] = mapped_column(Text)
    """JSON: `[day, slot, value, …]`, by day and slot; days as ordinals."""


class TallyMember(Base):
    """From when to when a subject counts in which figure of a rule that wants to know its value or date.

    That is what flows, minimum, maximum and distinct rest on.
    """

    __tablename__ = "tally_member"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    slot: Mapped[int]
    """Of the combination of codes; the rule's last one is for who stands in none."""
    from_day: Mapped[int]
    to_day: Mapped[int]
    on_day: Mapped[int]
    """The date that a flow looks at; 0 for a stock."""
    value: Mapped[str] = mapped_column(Text)
    """JSON: what is added, compared or told apart."""
    __table_args__ = (Index(None, "unit_id", "slot", "on_day"),)
