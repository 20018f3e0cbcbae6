"""The tables of what became of units, and of what was erased. Only their shape."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
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
