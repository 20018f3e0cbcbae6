"""An entry made ready for its pages: form, unit, period, what may be done with it, its screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import abort, url_for

from runtime import clock
from runtime.accounts import access, records
from runtime.accounts.inbox import due_of
from runtime.definitions.address import short_name
from runtime.definitions.load import Library
from runtime.definitions.place import place
from runtime.definitions.plan import Cell, Plan
from runtime.definitions.verdict import problems as verdict
from runtime.entry.drawn import Drawn, Sheet
from runtime.entry.screen import Screen
from runtime.entry.versions import plan_of
from runtime.errors import Problem
from runtime.language import current, say
from runtime.language import gettext as _
from runtime.outputs.tree import Heading
from runtime.periods import Period
from runtime.storage.tables import Entry, FormVersion, Unit, User
from runtime.web.account import department_title
from runtime.web.asking import db, let_go, open_entry, site, user, version_of
from runtime.web.last_period import earlier
from runtime.web.looked import standing
from runtime.web.noticed import noticed
from runtime.web.stewards import asked_first

OPEN = ("draft", "returned")


@dataclass(slots=True)
class Filling:
    """One entry with all that its pages speak of."""

    entry: Entry
    version: FormVersion
    plan: Plan
    unit: Unit
    period: Period | None

    @property
    def editable(self) -> bool:
        """Whether whoever is signed in may fill it now."""
        return self.entry.state in OPEN and access.may(
            db(), user(), "entry.fill", self.entry.unit_id, self.version.department
        )

    @property
    def takes_files(self) -> bool:
        """Whether the form has room for files."""
        return any(_has_files(node) for node in (self.plan.root, *self.plan.parts.values()))

    @property
    def title(self) -> str:
        """The form's title."""
        return say(self.plan.words.title)

    @property
    def due(self) -> date | None:
        """The day by which it is due."""
        return due_of(self.plan, self.period) if self.period else None

    @property
    def department(self) -> str:
        """The department that asks."""
        return department_title(self.version.department)

    def screen(
        self,
        data: Any = None,
        choices: Mapping[str, str] | None = None,
        *,
        problems: Sequence[Problem] = (),
        raw: Mapping[str, Sequence[str]] | None = None,
        provenance: Mapping[str, Any] | None = None,
        opened: Sequence[str] = (),
        reading: bool = False,
        like: Screen | None = None,
        noticing: bool = True,
    ) -> Screen:
        """The entry's screen; without `data` as it is saved. What is as it was in `like` is taken from there.

        With `noticing` it tells what was found to differ from the registers or to rest on what is not sound, and what
        was reported before.
        """
        entry = self.entry
        told = entry.provenance if provenance is None else provenance
        shown = entry.data if data is None else data
        sheet = Sheet(
            problems,
            told,
            raw or {},
            reading=reading,
            draft=entry.state in OPEN,
            proposed=asked_first(self.plan.form.department),
            why=url_for("entry.why", entry_id=entry.id) + "?cell=",
            files=url_for("entry.attachment", entry_id=entry.id, attachment_id=""),
            registers=register_titles(),
            now=noticed(entry.id, shown, told) if noticing else {},
            seen=standing(entry.id, shown, told) if noticing and entry.state in OPEN else {},
            earlier=earlier(self) if noticing else None,
        )
        picked = entry.choices if choices is None else choices
        return Screen(self.plan, place(self.plan, shown, picked, opened), sheet, like)

    def problems(self, data: Any = None, choices: Mapping[str, str] | None = None) -> list[Problem]:
        """What is wrong with the data, by its schema and by the plugins' own checks."""
        shown = self.entry.data if data is None else data
        picked = self.entry.choices if choices is None else choices
        return [*verdict(self.plan, shown, picked), *site().entry_problems(self.plan, shown)]

    def heading(self, people: Mapping[str, str] | None = None) -> Heading:
        """What stands over and under the printed sheet."""
        words = people or {}
        return Heading(
            title=self.title,
            unit=say(self.unit.title),
            period=self.period.title() if self.period else "",
            number=self.plan.form.number,
            department=self.department,
            version=_("version %(n)s", n=self.version.number),
            unit_code=self.unit.code,
            period_code=self.entry.period,
            version_number=self.version.number,
            entry=self.entry.id,
            state=state_words(self.entry.state),
            printed_on=clock.now(),
            filled_by=words.get("filled_by", ""),
        )


def open_filling(entry_id: str, action: str = "entry.read") -> Filling:
    """The entry, if whoever is signed in may do `action` with it; raises `NotFound` or `NotAllowed`."""
    entry = open_entry(entry_id, action)
    version, unit = version_of(entry), db().get(Unit, entry.unit_id)
    if unit is None:
        abort(404)
    period = Period.parse(entry.period) if entry.period else None
    return Filling(entry, version, plan_of(version), unit, period)


def read_filling(entry_id: str, action: str = "entry.read", *, cell: str = "") -> Filling:
    """The same for a page that shows it, or one `cell` of it: who reads what names persons is noted."""
    filling = open_filling(entry_id, action)
    if records.names_persons(filling.entry):
        me = user()
        let_go()
        records.note_entry(site().engine, me, filling.entry, cell=cell)
        filling = open_filling(entry_id, action)
    return filling


def _has_files(node: Any) -> bool:
    if isinstance(node, Cell):
        return node.field == "attachment"
    inner = [*getattr(node, "children", ()), *(b.node for b in getattr(node, "branches", ()))]
    return any(map(_has_files, [*inner, node.item] if hasattr(node, "item") else inner))


def without_missing(problems: Sequence[Problem]) -> list[Problem]:
    """The problems of what is there: what is still empty is told by its own mark."""
    return [p for p in problems if p.code != "required"]


def state_words(state: str) -> str:
    """A state in words."""
    return {
        "draft": _("draft"),
        "returned": _("returned"),
        "submitted": _("submitted"),
        "accepted": _("accepted"),
    }[state]


def name_of(user_id: int | None) -> str:
    """The full name of a user."""
    found = db().get(User, user_id) if user_id else None
    return found.full_name if found else ""


def register_titles() -> dict[str, str]:
    """The registers' titles in the language in force."""
    return _register_titles(site().library, current())


@lru_cache(maxsize=16)
def _register_titles(library: Library, language: str) -> dict[str, str]:
    found = {}
    for address in library.addresses("register"):
        source = library.source(address)
        told = source.get("translations", {}).get(language, {})
        name = short_name(address)
        found[name] = str(told.get("title") or source.get("title") or name)
    return found


def overridden(cells: Sequence[Drawn], provenance: Mapping[str, Any]) -> list[tuple[Drawn, Any]]:
    """The cells whose filled value was replaced, each with its provenance."""
    return [
        (cell, told)
        for cell in cells
        if (told := provenance.get(cell.name)) and told.get("kind") == "overridden"
    ]
