"""Forms that are no longer asked: retired with a reason, or merged into another. What they saved stays told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from runtime import clock, drafts
from runtime.accounts import access
from runtime.definitions.address import short_name
from runtime.entry import audit, versions
from runtime.entry.asked import expires_on
from runtime.errors import EntryError
from runtime.language import Texts
from runtime.language import gettext as _
from runtime.publishing.figures import burden_of
from runtime.storage.lock import take
from runtime.storage.publishing_tables import Retirement
from runtime.storage.tables import FormVersion, User


@dataclass(frozen=True, slots=True)
class Spared:
    """Minutes a year that a form costs, and by which the one that takes over has come to cost more."""

    minutes: int | None = None
    added: int = 0


def spared(session: Session, address: str, merged_into: str = "") -> Spared:
    """What retiring the form would spare, read before the writing; raises what `retire` raises."""
    version = versions.require_latest(session, address)
    minutes = burden_of(session, versions.plan_of(version), thoroughly=True).minutes_a_year
    return Spared(minutes, _added_by(session, merged_into, address) if merged_into else 0)


def retire(
    session: Session,
    address: str,
    user: User,
    reason: str,
    merged_into: str = "",
    spares: Spared | None = None,
) -> Retirement:
    """Let no new entry of the form be begun; those that there are stay. What it `spares` is kept.

    Raises `NotAllowed`, `NotFound` where it is not published, `EntryError` without a reason or for a form to merge
    into that is not in force.
    """
    access.require(session, user, "form.admit", department=short_name(address).split("/")[0])
    if not reason.strip():
        raise EntryError(_("Say why the form is retired; staff will read it."))
    take(session, f"form {address}")
    versions.require_latest(session, address)
    if merged_into:
        _require_other(session, merged_into, address)
    held = Retirement(
        address=address,
        merged_into=merged_into,
        reason=reason.strip(),
        minutes=spares.minutes if spares else None,
        added=spares.added if spares else 0,
        retired_by=user.id,
        retired_at=clock.now(),
    )
    session.add(held)
    query = select(FormVersion).where(
        FormVersion.address == address, FormVersion.retired_at.is_(None)
    )
    for one in session.scalars(query.options(defer(FormVersion.plan), defer(FormVersion.source))):
        versions.retire(session, one, actor=user.id)
    session.flush()
    drafts.withdraw(session, address, user.id, _("The form was retired."))
    details = {"reason": held.reason, "mergedInto": merged_into}
    audit.log(session, "form.end", "form", address, actor=user.id, details=details)
    return held


def _require_other(session: Session, merged_into: str, address: str) -> FormVersion:
    """The newest version of the form that takes over; raises `EntryError` where there is none."""
    if merged_into == address:
        raise EntryError(_("A form cannot be merged into itself."))
    newest = versions.latest(session, merged_into)
    if newest is None:
        raise EntryError(
            _("There is no form %(name)s in force to merge it into.", name=short_name(merged_into))
        )
    return newest


def _added_by(session: Session, merged_into: str, address: str) -> int:
    """The minutes a year by which the form that takes over costs more than its version before."""
    newest = _require_other(session, merged_into, address)
    before = session.scalar(
        select(FormVersion)
        .where(FormVersion.address == merged_into, FormVersion.number < newest.number)
        .order_by(FormVersion.number.desc())
        .limit(1)
    )
    if before is None:
        return 0
    now, then = (
        burden_of(session, versions.plan_of(one), thoroughly=True).minutes_a_year or 0
        for one in (newest, before)
    )
    return max(0, now - then)


def lift(session: Session, address: str) -> None:
    """A new version of the form is there: it is asked again."""
    query = select(Retirement).where(Retirement.address == address, Retirement.lifted_at.is_(None))
    for held in session.scalars(query):
        held.lifted_at = clock.now()


def retired(session: Session) -> Sequence[Retirement]:
    """The forms that are retired now, the newest first."""
    query = select(Retirement).where(Retirement.lifted_at.is_(None))
    return session.scalars(query.order_by(Retirement.retired_at.desc())).all()


def with_versions(session: Session) -> list[tuple[Retirement, FormVersion | None]]:
    """The same, each with the newest version that it had."""
    newest = {version.address: version for version in versions.ended(session)}
    return [(held, newest.get(held.address)) for held in retired(session)]


def why_retired(session: Session, address: str) -> Retirement | None:
    """Why the form at `address` is no longer asked; None where it is, or where its plugin has gone."""
    query = select(Retirement).where(Retirement.address == address, Retirement.lifted_at.is_(None))
    return session.scalar(query.order_by(Retirement.id.desc()).limit(1))


TOLD_FOR = timedelta(days=60)
"""So long staff are told that a form is no longer asked."""


@dataclass(frozen=True, slots=True)
class NoLonger:
    """A form that staff need not fill any more: since when, why (empty: it expired), and which took its place."""

    version: FormVersion
    since: date
    reason: str = ""
    instead: Texts | None = None


def no_longer_asked(session: Session) -> list[NoLonger]:
    """The forms that expired or were retired lately, by address."""
    today, newest = clock.today(), dict(_titles(session))
    found = []
    for version, plan in versions.in_force(session):
        last = expires_on(plan)
        if last is not None and last < today <= last + TOLD_FOR:
            found.append(NoLonger(version, last))
    for held, gone in with_versions(session):
        since = held.retired_at.astimezone().date()
        if gone is not None and today <= since + TOLD_FOR:
            found.append(NoLonger(gone, since, held.reason, newest.get(held.merged_into)))
    return found


def _titles(session: Session) -> list[tuple[str, Texts]]:
    return [(version.address, version.title) for version in versions.published(session)]
