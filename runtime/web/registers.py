"""The registers as lists: the subjects of a unit, and one subject's document. Who reads them is noted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request
from sqlalchemy import func, select

from runtime import clock
from runtime.accounts import access
from runtime.accounts.inbox import subject_forms
from runtime.definitions.place import place
from runtime.entry import audit
from runtime.entry.drawn import Sheet
from runtime.entry.screen import Screen
from runtime.errors import NotFound
from runtime.facts.search import find
from runtime.language import gettext as _
from runtime.storage.tables import Subject, Unit
from runtime.web.asking import db, grants, needs, site, user, whole_number, writes
from runtime.web.corrections import around
from runtime.web.described import (
    Found,
    columns_of,
    days_of_a_line,
    faces_of,
    label_of,
    listed,
    names,
    plan_of_register,
    sensitive_columns,
    shown_value,
    title_of,
)
from runtime.web.listing import PER_PAGE, Listed, page_of
from runtime.web.subject_page import page_of as told_of

registers = Blueprint("registers", __name__, url_prefix="/registers")
MOST_FOUND = 100
"""So many pages of what was found are there: whoever leafs on says more of what is sought."""


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
    page = min(page, MOST_FOUND) if query else page
    found = _page(name, unit, query, page)
    columns, hidden, bare = columns_of(name), sensitive_columns(name), asks_bare()
    lines = [listed(name, subject, bare=bare) for subject in found.subjects]
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
        last=MOST_FOUND if query else None,
        more=found.more,
        count=found.count,
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
    page = told_of(db(), user(), found, fields, today)
    titles = {field: face[0] for field, face in faces_of(name).items()}
    forms = [(v, p) for v, p in subject_forms(db(), user()) if p.form.subject == name]
    unit = db().get(Unit, found.unit_id) if found.unit_id else None
    others = around(found)
    with writes() as session:
        audit.read_together(session, found, [one.subject for one in others], actor=user().id)
    return render_template(
        "subject.html",
        name=name,
        title=title_of(name),
        subject=found,
        label=label,
        cells=[c for c in screen.cells if c.value],
        page=page,
        others=others,
        titles=titles,
        shown=lambda field, value: shown_value(name, page.units, field, value),
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
    return [listed(name, subject) for subject in _matching(name, unit, query, 0, most)]


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


def asks_bare() -> bool:
    """Whether the request asks for a list with its sensitive values, to be noted in the log."""
    return request.args.get("bare") == "1"


def _known(name: str) -> None:
    if name not in names():
        abort(404)


def _page(name: str, unit: int, query: str, page: int) -> Listed:
    """One page of the list, or of what was found, which is counted up to there only."""
    if query:
        start = (page - 1) * PER_PAGE
        found = _matching(name, unit, query, start, start + PER_PAGE + 1)
        shown = found[:PER_PAGE]
        return Listed(shown, start + len(shown), len(found) > PER_PAGE)
    label = site().library.register(name).get("label", ())
    return page_of(db(), name, unit, page, label=label, latest=days_of_a_line(name))


def _matching(name: str, unit: int, query: str, start: int, end: int) -> list[Subject]:
    ids = find(db(), name, unit, query, clock.today(), end)[start:]
    found = {one.id: one for one in db().scalars(select(Subject).where(Subject.id.in_(ids)))}
    return [found[one] for one in ids]
