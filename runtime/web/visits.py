"""The list of visits that would fill the most. Not for what is asked at one: that is `visit`."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy import select

from runtime.accounts import visits as found
from runtime.accounts.visits import Visit
from runtime.entry import audit
from runtime.facts.units import get
from runtime.language import say
from runtime.storage.tables import Subject
from runtime.web import described, one_field, registers
from runtime.web.asking import db, needs, site, user, whole_number, writes
from runtime.web.corrections import groups

visits = Blueprint("visits", __name__, url_prefix="/visits")
PER_PAGE = 30
MOST_FIELDS = 5
"""So many fields are named of each visit."""


@dataclass(frozen=True, slots=True)
class Line:
    """One visit in the list: where it leads, and what is to be asked."""

    register: str
    subject_id: str
    label: str
    place: str
    """Where it is; empty where nobody has said so."""
    unit: str
    count: int
    reports: int
    """How many reports lack something that is to be asked there."""
    people: int
    fields: list[str]
    more: int
    """How many further fields there are."""


@visits.get("/")
@needs("subject.write")
def index() -> str:
    """The visits in my unit, those that fill the most first."""
    unit = registers.chosen_unit()
    page = max(1, whole_number(request.args.get("page", "")) or 1)
    schemas = {name: site().library.register(name) for name in site().library.registers()}
    plans = found.owed_forms(db(), user(), unit)
    listed = found.visits(db(), plans, schemas, groups(), unit)
    some = listed.first[(page - 1) * PER_PAGE : page * PER_PAGE]
    lines = _lines(some, found.reports(db(), plans, schemas, some))
    with writes() as session:
        details = {"page": page, "count": len(lines)}
        audit.read(session, "visits", "list", actor=user().id, unit_id=unit, details=details)
    return render_template(
        "visits.html",
        lines=lines,
        count=listed.count,
        facts=listed.facts,
        page=page,
        more=len(listed.first) > page * PER_PAGE,
        units=registers.own_units(),
        unit=unit,
    )


def _lines(some: list[Visit], reports: list[int]) -> list[Line]:
    ids = [subject_id for one in some for subject_id, _register, _fields in one.subjects]
    held = {s.id: s for s in db().scalars(select(Subject).where(Subject.id.in_(ids)))}
    return [_line(one, held, asking) for one, asking in zip(some, reports, strict=True)]


def _line(one: Visit, held: dict[str, Subject], reports: int) -> Line:
    subject_id, register, _fields = one.subjects[0]
    titles = [
        one_field.title_of_field(its, name) for _s, its, names in one.subjects for name in names
    ]
    named = list(dict.fromkeys(titles))
    places = (described.place_of(its, held[i].document) for i, its, _names in one.subjects)
    label = described.label_of(register, held[subject_id].document)
    return Line(
        register=register,
        subject_id=subject_id,
        label=label,
        place=next(filter(None, places), ""),
        unit=say(get(db(), one.unit_id).title),
        count=one.count,
        reports=reports,
        people=len(one.subjects),
        fields=named[:MOST_FIELDS],
        more=len(named) - len(named[:MOST_FIELDS]),
    )
