"""The data with which a draft is previewed: none, samples, or figures that the viewer may read. Keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from builder.studio.opened import Opened
from runtime.api import (
    MISSING,
    DefinitionError,
    Library,
    NotFound,
    NotJson,
    Period,
    Plan,
    Unit,
    User,
    access,
    compile_form,
    prefilled,
    sample,
    using,
    worst_case,
)

KINDS = ("empty", "sample", "worst", "real")
READ = ("entry.read", "subject.read")
MOST_UNITS = 300
"""Units that are offered to choose from."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Data with the branches that were picked in them."""

    data: Any = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


def plan_of(one: Opened) -> Plan | None:
    """The form as it would be published; None while it cannot be compiled."""
    return _plan(one.library, one.address, one.text)


def made(one: Opened, kind: str, language: str) -> Shown:
    """The data of a kind that is made up; `real` is read by `figures`."""
    if kind not in ("sample", "worst"):
        return Shown()
    return _made(one.library, one.address, one.text, kind, language)


def units_of(one: Opened, user: User, plan: Plan) -> list[Unit]:
    """The units of the form's levels whose reports and registers this user may read; nobody else sees real figures.

    A draft counts what its designer likes: a sum over the one person with a certain name is that person's.
    """
    units = [access.units_where(one.session, user, right, one.department) for right in READ]
    allowed = set(units[0]).intersection(*units[1:])
    if not allowed or plan.form.subject:
        return []
    query = select(Unit).where(Unit.id.in_(allowed), Unit.level.in_(plan.form.levels))
    return list(one.session.scalars(query.order_by(Unit.code).limit(MOST_UNITS)))


def figures(one: Opened, user: User, plan: Plan, unit_id: int, period: Period | None) -> Shown:
    """The figures of a unit: numbers alone, never a list of subjects or a text. Raises `NotAllowed`."""
    for right in READ:
        access.require(one.session, user, right, unit_id, one.department)
    filled = prefilled(one.session, plan, unit_id, period, ask_sources=False)
    return Shown(_figures_in(filled.data) or {}, filled.choices)


def _figures_in(value: Any) -> Any:
    """The numbers of objects within objects; `MISSING` for all else."""
    if isinstance(value, Mapping):
        found = {name: _figures_in(inner) for name, inner in value.items()}
        return {name: inner for name, inner in found.items() if inner is not MISSING}
    is_figure = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return value if is_figure else MISSING


@lru_cache(maxsize=8)
def _plan(library: Library, address: str, text: str) -> Plan | None:
    try:
        return compile_form(address, library=library.with_text(address, text))
    except (DefinitionError, NotFound, NotJson):
        return None


@lru_cache(maxsize=16)
def _made(library: Library, address: str, text: str, kind: str, language: str) -> Shown:
    plan = _plan(library, address, text)
    if plan is None:
        return Shown()
    with using(language):
        found = sample(plan) if kind == "sample" else worst_case(plan)
    return Shown(found.data, found.choices)
