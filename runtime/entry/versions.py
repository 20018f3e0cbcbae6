"""Published versions of forms: immutable, digested, complete. Not for drafts, and never compiled in a request."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, defer

from runtime import clock
from runtime.definitions.compile import compile_form
from runtime.definitions.json import dumps, loads
from runtime.definitions.load import Library
from runtime.definitions.plan import PLAN_FORMAT, Plan, Rule
from runtime.definitions.publish import decode_plan, encode_plan
from runtime.entry import audit
from runtime.errors import NotFound
from runtime.language import gettext as _
from runtime.storage.engine import writing
from runtime.storage.lock import take
from runtime.storage.tables import FormVersion

_KEPT = 256
_plans: dict[tuple[str, str], Plan] = {}


def publish_version(
    session: Session, plan: Plan, source: str, *, actor: int | None = None
) -> FormVersion:
    """The plan as the next version of its form; what was published last and is unchanged stays that version.

    `source` is the definition's JSON text as its author wrote it. A version is never changed afterwards.
    """
    take(session, f"form {plan.address}")
    held = latest(session, plan.address)
    if held is not None and held.digest == plan.digest:
        return held
    numbers = select(FormVersion.number).where(FormVersion.address == plan.address)
    version = FormVersion(
        address=plan.address,
        number=max(session.scalars(numbers), default=0) + 1,
        digest=plan.digest,
        department=plan.form.department,
        title=dict(plan.words.title),
        source=source,
        plan=encode_plan(plan),
        published_at=clock.now(),
        published_by=actor,
    )
    session.add(version)
    session.flush()
    details = {"version": version.number, "digest": version.digest}
    audit.log(session, "form.publish", "form", plan.address, actor=actor, details=details)
    return version


def publish_library(
    engine: Engine, library: Library, addresses: Sequence[str] = (), *, actor: int | None = None
) -> list[FormVersion]:
    """Publish these forms of a library (none named: all of them), each compiled before the database is locked.

    Raises `DefinitionError` for one that does not compile, `NotFound` for one that is not there.
    """
    found = []
    for address in addresses or library.addresses("form"):
        plan = compile_form(address, library=library)
        source = dumps(library.source(plan.address), indent=2)
        with writing(engine) as session:
            found.append(publish_version(session, plan, source, actor=actor))
    return found


def plan_of(version: FormVersion) -> Plan:
    """The version's plan, decoded once per process; a plan kept by older code is made anew from its bundle."""
    key = (version.address, version.digest)
    plan = _plans.get(key)
    if plan is None:
        if len(_plans) >= _KEPT:
            _plans.clear()
        plan = _plans[key] = _decoded(version.plan)
    return plan


def _decoded(text: str) -> Plan:
    kept = loads(text)
    if kept.get("format") == PLAN_FORMAT:
        return decode_plan(text)
    return compile_form(kept["bundle"])


def get(session: Session, version_id: int) -> FormVersion:
    """The version, its plan and source only read when asked for; raises `NotFound`."""
    options = defer(FormVersion.plan), defer(FormVersion.source)
    version = session.get(FormVersion, version_id, options=options)
    if version is None:
        raise NotFound(_("There is no such version of a form."))
    return version


def latest(session: Session, address: str) -> FormVersion | None:
    """The newest version of the form that has not been retired."""
    return session.scalar(
        select(FormVersion)
        .where(FormVersion.address == address, FormVersion.retired_at.is_(None))
        .order_by(FormVersion.number.desc())
        .limit(1)
    )


def require_latest(session: Session, address: str) -> FormVersion:
    """The same; raises `NotFound` when the form is not published."""
    version = latest(session, address)
    if version is None:
        raise NotFound(_("The form “%(form)s” has not been published.", form=address))
    return version


def history(session: Session, address: str) -> Sequence[FormVersion]:
    """All versions of a form, oldest first, without their plans."""
    query = select(FormVersion).where(FormVersion.address == address)
    return session.scalars(
        query.order_by(FormVersion.number).options(defer(FormVersion.plan))
    ).all()


def published(session: Session) -> list[FormVersion]:
    """The newest version of each form, by address; their plans are only read where they are not known yet."""
    newest: dict[str, FormVersion] = {}
    query = select(FormVersion).where(FormVersion.retired_at.is_(None))
    options = defer(FormVersion.plan), defer(FormVersion.source)
    for version in session.scalars(query.order_by(FormVersion.number).options(*options)):
        newest[version.address] = version
    return [newest[address] for address in sorted(newest)]


def in_force(session: Session) -> list[tuple[FormVersion, Plan]]:
    """The newest version of each form with its plan, by address."""
    return [(version, plan_of(version)) for version in published(session)]


def ended(session: Session) -> list[FormVersion]:
    """The newest version of each form of which no version is in force any more."""
    in_force = select(FormVersion.address).where(FormVersion.retired_at.is_(None))
    query = select(FormVersion).where(FormVersion.address.not_in(in_force))
    options = defer(FormVersion.plan), defer(FormVersion.source)
    found = session.scalars(query.order_by(FormVersion.number).options(*options))
    return list({version.address: version for version in found}.values())


def rules_in_force(session: Session) -> list[Rule]:
    """The rules by which any version that is not retired is filled."""
    query = select(FormVersion).where(FormVersion.retired_at.is_(None))
    versions = session.scalars(query.options(defer(FormVersion.source)))
    return [rule for version in versions for rule in plan_of(version).rules.values()]


def retire(session: Session, version: FormVersion, *, actor: int | None = None) -> None:
    """Let no new entries be started from this version; those that answer it stay as they are."""
    version.retired_at = version.retired_at or clock.now()
    audit.log(
        session,
        "form.retire",
        "form",
        version.address,
        actor=actor,
        details={"version": version.number},
    )
