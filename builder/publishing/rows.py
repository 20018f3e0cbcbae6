"""The catalogue's rows: each admitted form with what it costs, by department and level; what retired ones saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.api import (
    Burden,
    FormVersion,
    Plan,
    Session,
    Texts,
    burden_of,
    retiring,
    short_name,
    versions_in_force,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One form in force."""

    short: str
    version: FormVersion
    plan: Plan
    burden: Burden

    @property
    def hours(self) -> float:
        """Hours a year of all who fill it; 0 where nobody knows how often."""
        return self.burden.hours or 0.0


@dataclass(frozen=True, slots=True)
class Gone:
    """A form that is no longer asked, and what that spares: hours a year, those it costs elsewhere taken off."""

    short: str
    title: Texts
    number: str
    merged_into: str
    reason: str
    by: int | None
    at: object
    saved: float | None


@dataclass(slots=True)
class Catalogue:
    """All of it: rows by department, hours by level, retired forms."""

    departments: dict[str, list[Row]] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    gone: list[Gone] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """All rows, department by department."""
        return [row for rows in self.departments.values() for row in rows]

    @property
    def hours(self) -> float:
        """Hours a year of all forms."""
        return sum(row.hours for row in self.rows)

    @property
    def saved(self) -> float:
        """Hours a year that retired and merged forms no longer cost."""
        return sum(one.saved or 0.0 for one in self.gone)


def catalogue_of(session: Session) -> Catalogue:
    """The catalogue as of today."""
    found = Catalogue()
    rows: dict[str, list[Row]] = defaultdict(list)
    for version, plan in versions_in_force(session):
        told = burden_of(session, plan, thoroughly=True)
        rows[version.department].append(Row(short_name(version.address), version, plan, told))
    found.departments = {code: sorted(rows[code], key=_order) for code in sorted(rows)}
    found.levels = _by_level(found.rows)
    found.gone = [_gone(held, version) for held, version in retiring.with_versions(session)]
    return found


def _order(row: Row) -> tuple[str, str]:
    return row.plan.form.number, row.short


def _by_level(rows: Iterable[Row]) -> dict[str, float]:
    levels: dict[str, float] = defaultdict(float)
    for row in rows:
        for one in row.burden.levels:
            levels[one.level] += one.hours
    order = ("city", "district", "street", "community", "grid")
    return {level: levels[level] for level in order if level in levels}


def _gone(held: Any, version: FormVersion | None) -> Gone:
    saved = None if held.minutes is None else (held.minutes - held.added) / 60
    titles: Mapping[str, str] = version.title if version is not None else {}
    return Gone(
        short_name(held.address),
        dict(titles) or {"en": short_name(held.address)},
        "",
        short_name(held.merged_into) if held.merged_into else "",
        held.reason,
        held.retired_by,
        held.retired_at,
        saved,
    )
