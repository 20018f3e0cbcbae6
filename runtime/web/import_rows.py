"""Rows of a dry run as they are shown, and what kinds and states are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from runtime.accounts import access
from runtime.facts.timeline import UNIT
from runtime.imports.fields import Field, FieldsOf
from runtime.imports.returned import reasons_of
from runtime.language import gettext as _
from runtime.language import say
from runtime.storage.import_tables import ImportRow
from runtime.storage.tables import Subject, Unit
from runtime.web.asking import db, user


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the dry run as it is shown: `changes` are field, what was known, what the file says."""

    n: int
    label: str
    changes: list[tuple[str, str, str]]
    reasons: list[str]


def line_of(fields: FieldsOf, row: ImportRow, headers: Sequence[str], department: str) -> Line:
    """The row as it is shown, under the headers of its sheet.

    What was known is shown of the fields for which the department that sends answers, and of others to who may read
    the subject where it is today, and so is what it is called: an import is no way to look people up.
    """
    subject = _readable(row.subject_id)
    reads = subject is not None
    open_to = {f.name for f in fields.fields.values() if reads or f.steward == department}
    named = [name for name in row.told if row.kind != "change" or name in row.old]
    if row.kind == "conflict":
        named = list(row.old)
    changes = [
        (
            fields.fields[name].title,
            _old(fields.fields[name], row.old.get(name), shown=name in open_to),
            fields.fields[name].display(row.told.get(name)),
        )
        for name in named
        if name in fields.fields
    ]
    if row.kind == "add" and row.unit_id and (unit := db().get(Unit, row.unit_id)) is not None:
        changes.insert(0, (fields.title_of(UNIT), "", say(unit.title)))
    label = fields.label_of({**subject.document, **row.told}) if subject else row.label
    return Line(row.n, label or _("Row %(n)s", n=row.n), changes, reasons_of(row, headers))


def _readable(subject_id: str) -> Subject | None:
    """The subject of a row, where it is known and whoever is signed in may read it."""
    found = db().get(Subject, subject_id) if subject_id else None
    if found is None or found.unit_id is None:
        return None
    return found if access.may(db(), user(), "subject.read", found.unit_id) else None


def _old(field: Field, value: Any, *, shown: bool) -> str:
    return field.display(value) if shown or value is None else _("something else")


def kind_title(kind: str) -> str:
    """What a kind of rows is called."""
    return {
        "add": _("New"),
        "change": _("Changed"),
        "confirm": _("Confirmed"),
        "conflict": _("In conflict"),
        "error": _("Wrong"),
    }[kind]


def state_title(state: str) -> str:
    """What the state of an import is called."""
    return {
        "uploaded": _("uploaded"),
        "checking": _("being checked"),
        "checked": _("checked"),
        "applying": _("being recorded"),
        "settling": _("recorded"),
        "applied": _("recorded"),
        "cancelled": _("cancelled"),
    }[state]
