"""The tables of what is to be admitted as a version, and of forms that were retired. Only their shape."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base, Serial


class Admission(Base):
    """A draft that a designer asked to be admitted, as it stood then, and what a steward answered."""

    __tablename__ = "admission"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    address: Mapped[str] = mapped_column(String(255))
    department: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    """The draft's text when it was asked; once the draft says otherwise it must be asked anew."""
    state: Mapped[str] = mapped_column(String(12), default="awaiting")
    """awaiting, admitted, returned, withdrawn."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What the designer says of it."""
    minutes: Mapped[int | None]
    """Minutes a year that it was said to cost when it was asked; None: nobody knew."""
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was decided so."""
    version_id: Mapped[int | None] = mapped_column(ForeignKey("form_version.id"))
    """The version that it became."""
    __table_args__ = (Index(None, "address", "id"), Index(None, "state", "department"))


class Retirement(Base):
    """A form that is no longer asked: why, what took its place, and what it cost until then."""

    __tablename__ = "form_retirement"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    address: Mapped[str] = mapped_column(String(255), index=True)
    merged_into: Mapped[str] = mapped_column(String(255), default="")
    """The address of the form that asks what is still wanted; empty: none does."""
    reason: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int | None]
    """Minutes a year that it cost when it was retired; None: nobody knew."""
    added: Mapped[int] = mapped_column(default=0)
    """Minutes a year by which the newest version of the form it was merged into costs more than the one before."""
    retired_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    retired_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    """When a new version of it was admitted all the same."""
