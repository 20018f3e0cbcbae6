"""What can be said of a subject on its page, and of those who are visited with it. Not for recording what is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from flask import Flask, g

from runtime import clock
from runtime.accounts import access, visits
from runtime.definitions.load import Library
from runtime.facts.freshness import is_last_time, stale_fields
from runtime.facts.groups import Group, groups_of, together
from runtime.facts.timeline import since
from runtime.fill.asked import Asked, asked_of
from runtime.storage.tables import Subject
from runtime.web import one_field
from runtime.web.asking import db, site, user
from runtime.web.described import label_of
from runtime.web.one_field import Shown
from runtime.web.proposing import waiting_for


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a subject, and how long ago it was last said."""

    shown: Shown
    since: date | None = None
    stale: bool = False
    proposed: str = ""
    """What waits for the steward; empty: nothing."""
    anew: bool = False
    """The day of what was last done: nobody says that it is still correct, but when it was done again."""


@dataclass(slots=True)
class Corrections:
    """What can be said of one subject."""

    subject: Subject
    label: str
    today: date
    stale: list[Line] = field(default_factory=list)
    lacking: list[Line] = field(default_factory=list)
    """What is not known, and leaves a gap in a report."""
    known: list[Line] = field(default_factory=list)
    missing: list[Line] = field(default_factory=list)
    """What merely is not known."""

    @property
    def asked(self) -> list[Line]:
        """What a visit is for."""
        return [*self.stale, *self.lacking]

    @property
    def still(self) -> list[Line]:
        """What may be still correct."""
        return [line for line in self.stale if not line.anew]

    def facts(self) -> list[str]:
        """What may be still correct, as the confirming form names it."""
        return [fact_name(self.subject, line.shown.name) for line in self.still]


def init_app(app: Flask) -> None:
    """Let the subject's page ask for what can be said there."""
    app.jinja_env.globals.update(corrections=corrections)


def corrections(subject: Subject) -> Corrections | None:
    """What whoever is signed in may say of the subject; None where nothing."""
    if not access.may(db(), user(), "subject.write", subject.unit_id):
        return None
    name, today = subject.register, clock.today()
    fields = site().library.register(name)["properties"]
    old = stale_fields(fields, subject.timeline, today)
    asked = _asked(subject.unit_id).get(name)
    wanted = asked.lacking(subject.timeline, today) if asked else ()
    said, waiting = since(subject.timeline, today), waiting_for([subject.id])
    made = Corrections(subject, label_of(name, subject.document), today)
    for one in one_field.fields_of(name):
        shown = one_field.shown(name, one, subject.document)
        line = Line(
            shown,
            said.get(one),
            one in old,
            waiting.get((subject.id, one), ""),
            is_last_time(fields[one]),
        )
        if shown.value:
            (made.stale if line.stale else made.known).append(line)
        else:
            (made.lacking if one in wanted else made.missing).append(line)
    return made


def _asked(unit_id: int | None) -> Mapping[str, Asked]:
    """What the reports owed there ask, by register: what the list of visits counts. Looked up once for a page."""
    kept: dict[int, Mapping[str, Asked]] = g.setdefault("asked_in_units", {})
    if unit_id is not None and unit_id not in kept:
        library = site().library
        schemas = {name: library.register(name) for name in library.registers()}
        kept[unit_id] = asked_of(visits.owed_forms(db(), user(), unit_id), schemas)
    return kept.get(unit_id, {}) if unit_id is not None else {}


def around(subject: Subject) -> list[Corrections]:
    """The others who are visited with it, of whom something is to be asked."""
    others = [one for one in together(db(), groups(), subject) if one.id != subject.id]
    found = [made for one in others if (made := corrections(one)) is not None]
    return [made for made in found if made.asked]


def groups() -> tuple[Group, ...]:
    """The groups of this site's registers."""
    return _groups(site().library)


@lru_cache(maxsize=8)
def _groups(library: Library) -> tuple[Group, ...]:
    return groups_of(library)


def fact_name(subject: Subject, name: str) -> str:
    """How a form names a fact."""
    return f"{subject.id}/{name}"
