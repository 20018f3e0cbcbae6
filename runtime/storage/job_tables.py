"""The tables of work in the background. Only their shape."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base, new_id


class Job(Base):
    """One piece of work: who asked for what, how far it is, how it ended."""

    __tablename__ = "job"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(100), unique=True)
    """Where there is one, no second job of that key is ever made: one a day, one for each “start again”."""
    title: Mapped[dict[str, Any]]
    """Texts: language tag -> what the person asked for."""
    language: Mapped[str] = mapped_column(String(16))
    """In which its messages are said: that of whoever started it."""
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), index=True)
    """waiting, running, done, failed, cancelled."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """0 as long as nobody knows."""
    message: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any]]
    problem: Mapped[str] = mapped_column(Text, default="")
    cancel: Mapped[bool] = mapped_column(default=False)
    """Whether somebody asked a running job to stop."""
    attempt: Mapped[int] = mapped_column(default=0)
    """How often it was taken; the one who runs it may write only as long as this is still theirs."""
    heartbeat: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "created_by", "created_at"),)
