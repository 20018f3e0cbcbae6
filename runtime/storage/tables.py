"""The tables. Only their shape; what may be done with them is in `facts`, `entry` and `accounts`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

FOREVER = date(9999, 12, 31)
"""The `to_day` of what has no end yet."""


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC, with its time zone in Python on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


Serial = BigInteger().with_variant(Integer, "sqlite")


def new_id() -> str:
    """A fresh random identifier (UUID 4, hex with dashes)."""
    return str(uuid4())


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, datetime: Moment}  # noqa: RUF012 - SQLAlchemy's way


class User(Base):
    """Somebody who signs in."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(16), default="")
    active: Mapped[bool] = mapped_column(default=True)
    session_key: Mapped[str] = mapped_column(String(36), default=new_id)
    """Part of each session; changed to end all sessions of the user."""
    created_at: Mapped[datetime]


class Grant(Base):
    """A role of a user for a unit and all below it, for one department or (empty) for all."""

    __tablename__ = "grant_of_role"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    department: Mapped[str] = mapped_column(String(64), default="")
    __table_args__ = (UniqueConstraint("user_id", "role", "unit_id", "department"),)


class SignIn(Base):
    """An attempt to sign in, for throttling by name and by address."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    client: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    succeeded: Mapped[bool]
    __table_args__ = (Index(None, "name", "at"), Index(None, "client", "at"))


class Unit(Base):
    """A node of the dated tree city > district > street > community > grid."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    level: Mapped[str] = mapped_column(String(16), index=True)
    title: Mapped[dict[str, Any]]
    """Texts: language tag -> name."""


class UnitParent(Base):
    """Where a unit hangs, from a day up to and including another; a root has the parent None."""

    __tablename__ = "unit_parent"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    to_day: Mapped[date] = mapped_column(default=FOREVER)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    __table_args__ = (Index(None, "parent_id", "from_day", "to_day"),)


class Subject(Base):
    """One member of a register: its current document and its timeline."""

    __tablename__ = "subject"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """The unit where it belongs now; None when it has left or ended."""
    document: Mapped[dict[str, Any]]
    """Field -> value, as known today."""
    timeline: Mapped[list[Any]]
    """`[[day, {field: value}], …]` in effective order; `_unit` holds the unit's id or null; a cleared field null."""
    revision: Mapped[int] = mapped_column(default=0)
    basis: Mapped[int] = mapped_column(default=0, server_default="0")
    """The `TallyBasis` by which it was counted into the tallies last; 0: not yet."""
    erased_on: Mapped[date | None]
    """The day on which all that was known of it was erased; only the marker is left."""
    __table_args__ = (Index(None, "register", "unit_id"), Index(None, "register", "basis"))


class Belonging(Base):
    """To which unit a subject belonged, from a day up to and including another.

    The `_unit` of its timeline once more, as rows that a query can narrow by; written only by
    `facts.changes`, in the same transaction as the timeline.
    """

    __tablename__ = "belonging"
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    to_day: Mapped[date] = mapped_column(default=FOREVER)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    __table_args__ = (Index(None, "unit_id", "from_day", "to_day"),)


class Change(Base):
    """A dated, sourced step of a subject; append-only."""

    __tablename__ = "change"
    seq: Mapped[int] = mapped_column(Serial, primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    """Made by the client: repeating a request changes nothing."""
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    """set, confirm, clear, erase."""
    values: Mapped[dict[str, Any]] = mapped_column("field_values")
    effective: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    provenance: Mapped[dict[str, Any]]
    based_on: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(Text, default="")


class FormDraft(Base):
    """A form being worked on in the builder, by its address."""

    __tablename__ = "form_draft"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    address: Mapped[str] = mapped_column(String(255), unique=True)
    department: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    """The definition's JSON text as typed."""
    unfinished: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What was typed since that is no JSON object; the form stays as `source` says until it is. Empty: nothing."""
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class DraftStep(Base):
    """One thing that somebody did to a draft, as data that can be taken back; gone with the draft."""

    __tablename__ = "draft_step"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    draft_id: Mapped[str] = mapped_column(
        ForeignKey("form_draft.id", ondelete="CASCADE"), index=True
    )
    patch: Mapped[str] = mapped_column(Text)
    """JSON of what it changed; only who made it reads it."""
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_back: Mapped[bool] = mapped_column(default=False)


class FormVersion(Base):
    """A published form: immutable, digested, complete with all it refers to."""

    __tablename__ = "form_version"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    address: Mapped[str] = mapped_column(String(255))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    title: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(Text)
    """The definition's JSON text, before bundling."""
    plan: Mapped[str] = mapped_column(Text)
    """The compiled plan (which holds the bundle) as JSON text."""
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    retired_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("address", "number"),)


class Entry(Base):
    """One filled form: about a unit and a period, or about a subject."""

    __tablename__ = "entry"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(400), unique=True)
    """What it is of, so that two people who start at once get one entry: form, unit, period, subject."""
    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"))
    address: Mapped[str] = mapped_column(String(255), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    period: Mapped[str] = mapped_column(String(12), default="")
    subject_id: Mapped[str | None] = mapped_column(ForeignKey("subject.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    """draft, submitted, returned, accepted."""
    revision: Mapped[int] = mapped_column(default=1)
    data: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]]
    provenance: Mapped[dict[str, Any]]
    """Cell pointer -> where its value came from."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    __table_args__ = (Index(None, "unit_id", "period"),)


class EntryRevision(Base):
    """The entry as it stood at a revision: the base that a post is decoded against."""

    __tablename__ = "entry_revision"
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Snapshot(Base):
    """A submitted entry, frozen with its provenance; append-only, digests chained."""

    __tablename__ = "snapshot"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    revision: Mapped[int]
    form_digest: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]]
    provenance: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64), default="")
    sealed: Mapped[dict[str, Any] | None]
    """What of it names a person: place -> its salted hash, by which the digest holds after an erasure."""
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Attachment(Base):
    """A file that belongs to an entry."""

    __tablename__ = "attachment"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class AuditEvent(Base):
    """Who did or read what, when; append-only."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    action: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(255))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    details: Mapped[dict[str, Any]]
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "at"))
