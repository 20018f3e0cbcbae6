"""Rows of a dry run as they are shown, and what kinds and states are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.facts.timeline import UNIT
from runtime.imports.fields import FieldsOf
from runtime.imports.returned import reasons_of
from runtime.language import gettext as _
from runtime.language import say
from runtime.storage.import_tables import ImportRow
from runtime.storage.tables import Unit
from runtime.web.asking import db


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the dry run as it is shown: `changes` are field, what was known, what the file says."""

    n: int
    label: str
    changes: list[tuple[str, str, str]]
    reasons: list[str]


def line_of(fields: FieldsOf, row: ImportRow, headers: Sequence[str]) -> Line:
    """The row as it is shown, under the headers of its sheet."""
    named = [name for name in row.told if row.kind != "change" or name in row.old]
    if row.kind == "conflict":
        named = list(row.old)
    changes = [
        (
            fields.fields[name].title,
            fields.fields[name].display(row.old.get(name)),
            fields.fields[name].display(row.told.get(name)),
        )
        for name in named
        if name in fields.fields
    ]
    if row.kind == "add" and row.unit_id and (unit := db().get(Unit, row.unit_id)) is not None:
        changes.insert(0, (fields.title_of(UNIT), "", say(unit.title)))
    return Line(row.n, row.label, changes, reasons_of(row, headers))


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
        "failed": _("failed"),
    }[state]
