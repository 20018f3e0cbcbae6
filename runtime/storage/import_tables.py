"""The tables of department data in bulk. Only their shape."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base, new_id


class Import(Base):
    """One file of a department for one register, from its upload to its result."""

    __tablename__ = "import_batch"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Where new subjects belong whose row does not say it."""
    file_name: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    as_of: Mapped[date]
    """The day as of which the file speaks: that of its changes."""
    state: Mapped[str] = mapped_column(String(12))
    """uploaded, checking, checked, applying, settling (all is seen), applied, cancelled.

    What fails goes back to where it can be begun again.
    """
    columns: Mapped[list[Any]]
    """`[{header, field, how, score, sample}, …]` in the file's order; an empty field is left out."""
    counts: Mapped[dict[str, Any]]
    """Of the dry run: adds, changes, confirmations, conflicts, errors, facts, left_out …; then what was applied."""
    done: Mapped[int] = mapped_column(default=0)
    """How often it was begun to be checked or recorded."""
    seen_seq: Mapped[int] = mapped_column(default=0)
    """The newest change that the dry run knew of."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    job_id: Mapped[str] = mapped_column(String(36), default="")
    """The work in the background that minds it, and says why it failed."""
    __table_args__ = (
        Index(None, "register", "department", "digest"),
        Index(None, "created_at"),
    )


class ImportPart(Base):
    """A piece of an import's file, so that no transaction writes a large one whole."""

    __tablename__ = "import_part"
    import_id: Mapped[str] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Base):
    """What the dry run makes of one row of the file: the prepared steps, which readers of facts never see."""

    __tablename__ = "import_row"
    import_id: Mapped[str] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    """The row of the sheet, counted from 1."""
    kind: Mapped[str] = mapped_column(String(8))
    """add, change, confirm, conflict, error, same (told together with a row above)."""
    subject_id: Mapped[str] = mapped_column(String(36), default="")
    revision: Mapped[int] = mapped_column(default=0)
    """The subject's, as the dry run saw it; 0: it is new."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    label: Mapped[str] = mapped_column(String(200), default="")
    """What the row itself calls its subject; nothing that only the register knows."""
    told: Mapped[dict[str, Any]]
    """Field -> value, all that the row says."""
    old: Mapped[dict[str, Any]]
    """Field -> what was known, of the fields that are said otherwise."""
    problems: Mapped[list[Any]]
    """`[[column or -1, message], …]`: why the row, or the value in that column, was not taken."""
    __table_args__ = (Index(None, "import_id", "kind", "n"),)


class ImportMemory(Base):
    """Which field a department means by a header: as a person said it last."""

    __tablename__ = "import_memory"
    department: Mapped[str] = mapped_column(String(64), primary_key=True)
    register: Mapped[str] = mapped_column(String(64), primary_key=True)
    header: Mapped[str] = mapped_column(String(200), primary_key=True)
    """Without spaces and signs, in small letters."""
    field: Mapped[str] = mapped_column(String(64), default="")
    """Empty: the column is to be left out."""
    at: Mapped[datetime]
