"""The registers as lists: the subjects of a unit, and one subject's document. Who reads them is noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, render_template, request
from sqlalchemy import func, select

from runtime import clock
from runtime.accounts import access
from runtime.accounts.inbox import subject_forms
from runtime.definitions.compile import compile_form
from runtime.definitions.place import place
from runtime.definitions.plan import Plan
from runtime.entry import audit
from runtime.entry.drawn import Sheet
from runtime.entry.screen import Screen
from runtime.errors import NotFound
from runtime.facts.search import find
from runtime.facts.timeline import UNIT
from runtime.facts.units import below_query
from runtime.language import current, say
from runtime.language import gettext as _
from runtime.storage.tables import Subject, Unit
from runtime.web.asking import db, grants, needs, site, user, whole_number, writes
from runtime.web.subject_page import Page, page_of

registers = Blueprint("registers", __name__, url_prefix="/registers")
PER_PAGE = 50
_LONG = 10
"""Characters from which on the last four of a value tell little of the rest."""


@dataclass(frozen=True, slots=True)
class Found:
    """One subject in a list."""

    subject: Subject
    label: str
    values: list[str]


@registers.get("/")
@needs("subject.read")
def index() -> str:
    """The registers, and how many subjects of mine they hold."""
    mine = access.visible_units(db(), user(), "staff")
    counted = db().execute(
        select(Subject.register, Subject.unit_id, func.count()).group_by(
            Subject.register, Subject.unit_id
        )
    )
    there = set(mine)
    counts: dict[str, int] = {}
    for register, unit_id, count in counted:
        if unit_id in there:
            counts[register] = counts.get(register, 0) + count
    told = [(name, title_of(name), counts.get(name, 0)) for name in names()]
    return render_template("registers.html", registers=told)


@registers.get("/<name>")
@needs("subject.read")
def show(name: str) -> str:
    """The subjects of one register, in my units; searched by any text of theirs."""
    _known(name)
    unit = chosen_unit()
    query, page = (
        request.args.get("q", "").strip(),
        max(1, whole_number(request.args.get("page", "")) or 1),
    )
    found = _page(name, unit, query, page)
    columns, hidden, bare = columns_of(name), sensitive_columns(name), asks_bare()
    lines = [_found(name, subject, bare=bare) for subject in found[:PER_PAGE]]
    with writes() as session:
        details: dict[str, Any] = {"query": bool(query), "page": page, "count": len(lines)}
        details |= {"sensitive": hidden} if bare and hidden else {}
        audit.read(session, "register", name, actor=user().id, unit_id=unit, details=details)
    return render_template(
        "register.html",
        name=name,
        title=title_of(name),
        columns=[title for _field, title in columns],
        lines=lines,
        query=query,
        page=page,
        more=len(found) > PER_PAGE,
        units=own_units(),
        unit=unit,
        may_record=access.may(db(), user(), "subject.write", unit),
        hidden=[title for field, title in columns if field in hidden],
        bare=bare,
    )


@registers.get("/<name>/<subject_id>")
@needs("subject.read")
def subject(name: str, subject_id: str) -> str:
    """One subject as known today, its changes, and the forms that can be filled about it."""
    _known(name)
    found = readable(name, subject_id)
    plan = plan_of_register(name)
    screen = Screen(plan, place(plan, found.document), Sheet(reading=True))
    label, today = label_of(name, found.document), clock.today()
    fields = site().library.register(name)["properties"]
    page = page_of(db(), user(), found, fields, today)
    titles = {field: face[0] for field, face in _faces(name, current()).items()}
    forms = [(v, p) for v, p in subject_forms(db(), user()) if p.form.subject == name]
    unit = db().get(Unit, found.unit_id) if found.unit_id else None
    with writes() as session:
        audit.read(session, "subject", subject_id, actor=user().id, unit_id=found.unit_id)
    return render_template(
        "subject.html",
        name=name,
        title=title_of(name),
        subject=found,
        label=label,
        cells=[c for c in screen.cells if c.value],
        page=page,
        titles=titles,
        shown=lambda field, value: _shown(name, page, field, value),
        forms=forms,
        unit=unit,
        may_take_out=bool(days_of_a_line(name))
        and access.may(db(), user(), "subject.write", found.unit_id),
    )


def readable(name: str, subject_id: str) -> Subject:
    """The subject, if whoever is signed in may read it; raises `NotFound`."""
    found = db().get(Subject, subject_id)
    if found is None or found.register != name or found.unit_id is None:
        raise NotFound(_("There is no such subject."))
    if not access.may(db(), user(), "subject.read", found.unit_id):
        raise NotFound(_("There is no such subject."))
    return found


def search(name: str, unit: int, query: str, most: int = 30) -> list[Found]:
    """Subjects of the unit that fit `query`, by name, pinyin, number or address."""
    return [_found(name, subject) for subject in _matching(name, unit, query, 0, most)]


def chosen_unit() -> int:
    """The unit asked for, else the user's own; raises `NotFound` for one that is not his."""
    asked = whole_number(request.args.get("unit", ""))
    if asked is not None:
        if not access.may(db(), user(), "subject.read", asked):
            raise NotFound(_("There is no such unit."))
        return asked
    return next(g.unit_id for g in grants() if g.role == "staff")


def own_units(most: int = 300) -> Sequence[Unit]:
    """The units that may be chosen."""
    mine = set(access.visible_units(db(), user(), "staff"))
    return [u for u in db().scalars(select(Unit).order_by(Unit.code)) if u.id in mine][:most]


def names() -> list[str]:
    """The short names of all registers."""
    return sorted(
        address.rpartition("/")[2].removesuffix(".json")
        for address in site().library.addresses("register")
    )


def title_of(name: str) -> str:
    """What a register is called, in the language in force."""
    return say(plan_of_register(name).words.title) or name


@lru_cache(maxsize=64)
def _register_plan(name: str, _library: int) -> Plan:
    return compile_form(site().library.register(name), library=site().library)


def plan_of_register(name: str) -> Plan:
    """A register as a plan: its fields are the cells."""
    return _register_plan(name, id(site().library))


def columns_of(name: str) -> list[tuple[str, str]]:
    """The fields that a list shows, with their titles: the label's and the identity's."""
    schema = site().library.register(name)
    wanted = [*schema.get("label", ()), *(f for key in schema.get("identity", ()) for f in key)]
    faces = _faces(name, current())
    return [(f, faces[f][0]) for f in dict.fromkeys(wanted) if f in faces][:4]


@lru_cache(maxsize=64)
def _faces(name: str, _language: str) -> dict[str, tuple[str, Any]]:
    screen = Screen(plan_of_register(name), place(plan_of_register(name), {}), Sheet(reading=True))
    return {c.name[1:]: (c.face.title, c.face) for c in screen.cells}


def label_of(name: str, document: Mapping[str, Any]) -> str:
    """How a subject is called."""
    fields, faces = site().library.register(name).get("label", ()), _faces(name, current())
    shown = (faces[f][1].display(document[f]) for f in fields if f in document and f in faces)
    return " ".join(shown) or _("(no name)")


def days_of_a_line(name: str) -> list[str]:
    """The dates that every line of the register has: when it happened. None in registers of what lasts."""
    schema = site().library.register(name)
    fields = schema["properties"]
    return [one for one in schema.get("required", ()) if fields[one].get("format") == "date"]


def sensitive_columns(name: str) -> list[str]:
    """Those of the fields that a list shows whose values are sensitive: hidden until somebody asks for them."""
    fields = site().library.register(name)["properties"]
    shown = [field for field, _title in columns_of(name)]
    return [f for f in shown if fields.get(f, {}).get("sensitivity") == "sensitive"]


def asks_bare() -> bool:
    """Whether the request asks for a list with its sensitive values, to be noted in the log."""
    return request.args.get("bare") == "1"


def _masked(text: str) -> str:
    """A sensitive value in a list: of a long number the end, to tell two people of one name apart, else nothing."""
    return f"••••••{text[-4:]}" if len(text) >= _LONG else "••••" if text else ""


def _known(name: str) -> None:
    if name not in names():
        abort(404)


def _found(name: str, subject: Subject, *, bare: bool = False) -> Found:
    row = row_of(name, subject.document, bare=bare)
    return Found(subject, label_of(name, subject.document), row)


def row_of(name: str, document: Mapping[str, Any], *, bare: bool = False) -> list[str]:
    """A subject's values of the columns that a list shows; sensitive ones are masked unless `bare`."""
    faces, hidden = _faces(name, current()), () if bare else sensitive_columns(name)
    shown = [f for f, _title in columns_of(name)]
    texts = [faces[f][1].display(document[f]) if f in document else "" for f in shown]
    return [_masked(t) if f in hidden else t for f, t in zip(shown, texts, strict=True)]


def _page(name: str, unit: int, query: str, page: int) -> Sequence[Subject]:
    """One page of the list, and one more where there are more; of lines of what happened, the latest come first."""
    start = (page - 1) * PER_PAGE
    if query:
        return _matching(name, unit, query, start, start + PER_PAGE + 1)
    listed = (
        select(Subject)
        .where(Subject.register == name, Subject.unit_id.in_(below_query(unit, clock.today())))
        .order_by(*(Subject.document[one].as_string().desc() for one in days_of_a_line(name)))
        .order_by(Subject.id)
    )
    return db().scalars(listed.offset(start).limit(PER_PAGE + 1)).all()


def _matching(name: str, unit: int, query: str, start: int, end: int) -> list[Subject]:
    ids = find(db(), name, unit, query, clock.today(), end)[start:]
    found = {one.id: one for one in db().scalars(select(Subject).where(Subject.id.in_(ids)))}
    return [found[one] for one in ids]


def _shown(name: str, page: Page, field: str, value: Any) -> str:
    """A value of a step of the timeline as people read it."""
    if value is None:
        return "–"
    if field == UNIT:
        return page.units.get(value, str(value))
    face = _faces(name, current()).get(field)
    return str(face[1].display(value)) if face else str(value)
