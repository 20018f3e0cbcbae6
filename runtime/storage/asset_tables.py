"""The tables of departments' own sheets: kept for a form, and still being read in the builder. Only their shape."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from runtime.storage.tables import Base, new_id


class FormAsset(Base):
    """A file that forms refer to by its digest: never changed, so that a published version prints as it did."""

    __tablename__ = "form_asset"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the content, in hexadecimal digits."""
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class ExcelSheet(Base):
    """A department's sheet that a form is being made of: the file, what was read of it, what was decided."""

    __tablename__ = "excel_sheet"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    department: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The workbook as it was sent; from the day on which the form is made, without what had been filled in."""
    found: Mapped[dict[str, Any]]
    """What was read: the picture, the cells to fill, a proposal for each."""
    decisions: Mapped[dict[str, Any]]
    """Id of a cell to fill -> what a person said of it."""
    revision: Mapped[int] = mapped_column(default=1)
    form: Mapped[str] = mapped_column(String(255), default="")
    """Address of the form that was made of it last."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    updated_at: Mapped[datetime]
    __table_args__ = (Index(None, "department", "updated_at"),)
