"""What publishing a form would touch: forms that extend it, its templates, open entries, items of the dictionary."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runtime.definitions.address import absolute, resolve, short_name
from runtime.definitions.load import Library
from runtime.definitions.plan import Plan
from runtime.entry import versions
from runtime.entry.hold import OPEN
from runtime.publishing.differing import Versions, between
from runtime.storage.tables import Entry, FormVersion, Unit


@dataclass(frozen=True, slots=True)
class OpenEntries:
    """Entries that are not submitted, of one version, at units of one level."""

    version: int
    level: str
    count: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What a new version touches. `version` is the one that it follows; 0: there is none."""

    version: int
    differing: Versions
    extended_by: tuple[str, ...]
    """Short names of the forms that extend it, directly or by way of others."""
    templates: tuple[str, ...]
    open_entries: tuple[OpenEntries, ...]
    submitted: int
    """Entries that stay on the version that they answered."""

    @property
    def offered(self) -> int:
        """How many open entries are offered the new version."""
        return sum(one.count for one in self.open_entries)


def impact_of(session: Session, library: Library, plan: Plan) -> Impact:
    """What it would mean to publish `plan` now."""
    newest = versions.latest(session, plan.address)
    before = versions.plan_of(newest) if newest is not None else None
    outputs = (one.get("template") for one in plan.form.outputs.values() if isinstance(one, dict))
    return Impact(
        newest.number if newest is not None else 0,
        between(before, plan),
        tuple(sorted(_extending(library, plan.address))),
        tuple(sorted({one for one in outputs if isinstance(one, str) and one})),
        tuple(_open_entries(session, plan.address)),
        _submitted(session, plan.address),
    )


def _extending(library: Library, address: str) -> set[str]:
    bases = {}
    for form in library.addresses("form"):
        base = library.source(form).get("extends")
        if isinstance(base, str):
            bases[form] = absolute(resolve(form, base)[0])
    found: set[str] = set()
    waiting = [address]
    while waiting:
        base = waiting.pop()
        for form, its in bases.items():
            if its == base and form not in found and form != address:
                found.add(form)
                waiting.append(form)
    return {short_name(form) for form in found}


def _open_entries(session: Session, address: str) -> list[OpenEntries]:
    query = (
        select(FormVersion.number, Unit.level, func.count())
        .select_from(Entry)
        .join(FormVersion, FormVersion.id == Entry.form_version_id)
        .join(Unit, Unit.id == Entry.unit_id)
        .where(Entry.address == address, Entry.state.in_(OPEN))
        .group_by(FormVersion.number, Unit.level)
        .order_by(FormVersion.number, Unit.level)
    )
    return [OpenEntries(*row) for row in session.execute(query)]


def _submitted(session: Session, address: str) -> int:
    query = select(func.count()).where(Entry.address == address, Entry.state.not_in(OPEN))
    return session.scalar(query) or 0
