"""The tables of definitions that were made or changed at this site. Only their shape."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base, Serial


class DefinitionHere(Base):
    """A definition as this site has it, in place of the file at its address or beside all files."""

    __tablename__ = "definition_here"
    address: Mapped[str] = mapped_column(String(255), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    """Its JSON text."""
    base: Mapped[str] = mapped_column(Text, default="")
    """The JSON text of the file that it was made from; empty where there was none."""
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class DefinitionStep(Base):
    """One step of somebody in the dictionary: what it made of which definitions; append-only, an undo is a step."""

    __tablename__ = "definition_step"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """make, change, retire, rename, merge, take-in, undo."""
    address: Mapped[str] = mapped_column(String(400))
    """What it is about, with its pointer."""
    department: Mapped[str] = mapped_column(String(64))
    """The steward's."""
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    patches: Mapped[dict[str, Any]]
    """Address -> what differs, as data; of definitions."""
    drafts: Mapped[dict[str, Any]]
    """The same of form drafts that it rewrote."""
    moves: Mapped[list[Any]]
    """References and codes that mean something else from now on (`definitions.moves`)."""
    details: Mapped[dict[str, Any]]
    """What more is to be known: whom it is like, which subjects it reaches."""
    reason: Mapped[str] = mapped_column(Text, default="")
    undoes: Mapped[int | None] = mapped_column(Integer, unique=True)
    """The step that this one takes back."""
    __table_args__ = (Index(None, "address"), Index(None, "department"))
