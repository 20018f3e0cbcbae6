"""Forms that are no longer asked: retired with a reason, or merged into another. What they saved stays told."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from runtime import clock
from runtime.accounts import access
from runtime.definitions.address import short_name
from runtime.entry import audit, versions
from runtime.errors import EntryError
from runtime.language import gettext as _
from runtime.publishing.figures import burden_of
from runtime.storage.lock import take
from runtime.storage.publishing_tables import Retirement
from runtime.storage.tables import FormVersion, User


def retire(
    session: Session, address: str, user: User, reason: str, merged_into: str = ""
) -> Retirement:
    """Let no new entry of the form be begun; those that there are stay. What it cost is kept.

    Raises `NotAllowed`, `NotFound` where it is not published, `EntryError` without a reason or for a form to merge
    into that is not in force.
    """
    access.require(session, user, "form.admit", department=short_name(address).split("/")[0])
    if not reason.strip():
        raise EntryError(_("Say why the form is retired; staff will read it."))
    take(session, f"form {address}")
    version = versions.require_latest(session, address)
    added = _added_by(session, merged_into, address) if merged_into else 0
    held = Retirement(
        address=address,
        merged_into=merged_into,
        reason=reason.strip(),
        minutes=burden_of(session, versions.plan_of(version), thoroughly=True).minutes_a_year,
        added=added,
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
    details = {"reason": held.reason, "mergedInto": merged_into}
    audit.log(session, "form.end", "form", address, actor=user.id, details=details)
    return held


def _added_by(session: Session, merged_into: str, address: str) -> int:
    """The minutes a year by which the form that takes over costs more than its version before."""
    if merged_into == address:
        raise EntryError(_("A form cannot be merged into itself."))
    newest = versions.latest(session, merged_into)
    if newest is None:
        raise EntryError(
            _("There is no form %(name)s in force to merge it into.", name=short_name(merged_into))
        )
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
