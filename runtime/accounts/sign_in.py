"""Signing in, throttled by name and by client. Not for sessions: the web layer keeps those.

An attempt is noted as failed before the password is looked at and marked as successful afterwards, so that many
attempts at once are counted too. Ten wrong passwords for a name, or fifty from one client (an office may share
one), within fifteen minutes, and the next one must wait. An unknown name takes as long as a known one and hears
the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Engine, delete, select, update
from sqlalchemy.orm import Session

from runtime import clock
from runtime.accounts.passwords import hashed, is_outdated, is_right
from runtime.accounts.users import find, get, normal_name
from runtime.entry import audit
from runtime.errors import EntryError
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.storage.engine import writing
from runtime.storage.lock import take
from runtime.storage.tables import SignIn, User

PER_NAME = 10
PER_CLIENT = 50
WITHIN = timedelta(minutes=15)
_KEPT = timedelta(days=30)


class SignInRefused(EntryError):
    """The name or the password is wrong, which of them is not said."""


class Throttled(SignInRefused):
    """Too many attempts; `seconds` says how long to wait."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class _Attempt:
    id: int
    user_id: int | None
    kept: str


def sign_in(engine: Engine, name: str, password: str, client: str) -> User:
    """The user of that name and password; raises `Throttled` or `SignInRefused`.

    It takes an engine since a refusal must be remembered, and since no transaction may wait for argon2.
    `client` is the network address that the attempt comes from.
    """
    attempt = _begin(engine, normal_name(name)[:64], client[:64])
    if not is_right(password, attempt.kept) or attempt.user_id is None:
        raise SignInRefused(_("The name or the password is wrong."))
    fresh = hashed(password) if is_outdated(attempt.kept) else ""
    with writing(engine) as session:
        user = get(session, attempt.user_id)
        if not user.active or user.password_hash != attempt.kept:
            raise SignInRefused(_("The name or the password is wrong."))
        user.password_hash = fresh or user.password_hash
        session.execute(update(SignIn).where(SignIn.id == attempt.id).values(succeeded=True))
        audit.log(session, "user.sign-in", "user", user.id, actor=user.id)
    return user


def _begin(engine: Engine, name: str, client: str) -> _Attempt:
    """Note the attempt, still as failed, unless the name or the client must wait."""
    with writing(engine) as session:
        now = clock.now()
        take(session, f"sign-in name {name}", f"sign-in client {client}")
        _require_patience(session, name, client, now)
        session.execute(delete(SignIn).where(SignIn.at < now - _KEPT))
        attempt = SignIn(name=name, client=client, at=now, succeeded=False)
        session.add(attempt)
        session.flush()
        user = find(session, name)
        kept = user.password_hash if user and user.active else ""
        return _Attempt(attempt.id, user.id if user and user.active else None, kept)


def _require_patience(session: Session, name: str, client: str, now: datetime) -> None:
    waits = [
        _wait(session, SignIn.name == name, PER_NAME, now, since=_last_success(session, name)),
        _wait(session, SignIn.client == client, PER_CLIENT, now, since=None),
    ]
    if seconds := max(waits):
        minutes = ceil(seconds / 60)
        raise Throttled(
            ngettext(
                "Too many attempts to sign in. Please wait %(n)s minute and try again.",
                "Too many attempts to sign in. Please wait %(n)s minutes and try again.",
                minutes,
            ),
            seconds,
        )


def _wait(
    session: Session,
    whose: ColumnElement[bool],
    most: int,
    now: datetime,
    *,
    since: datetime | None,
) -> int:
    """Seconds until fewer than `most` failures lie within the window; 0 when that is so now."""
    start = now - WITHIN
    query = select(SignIn.at).where(whose, SignIn.succeeded.is_(False), SignIn.at > start)
    if since:
        query = query.where(SignIn.at > since)
    oldest = session.scalar(query.order_by(SignIn.at.desc()).offset(most - 1).limit(1))
    return ceil((oldest - start).total_seconds()) if oldest else 0


def _last_success(session: Session, name: str) -> datetime | None:
    query = select(SignIn.at).where(SignIn.name == name, SignIn.succeeded.is_(True))
    return session.scalar(query.order_by(SignIn.at.desc()).limit(1))
