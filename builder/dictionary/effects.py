"""What a change in the dictionary does to others, told before it is made, and which forms still use the old one after.

Published versions never change: a change reaches a form only with its next version. Not for making the change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from builder.dictionary.compatible import Finding, findings
from builder.dictionary.places import Spot, at, flat, spot_of
from builder.dictionary.registers import of_register
from builder.dictionary.sheet_cells import SheetCell
from builder.dictionary.uses import Use, Where
from runtime.api import Library, Output, Session, Texts, drafts, form_address, made_here

_QUIET = frozenset({"apart", "make"})


@dataclass(frozen=True, slots=True)
class FormReached:
    """A form that shows what is changed; `by` says what stands between, if anything does."""

    short: str
    title: Texts
    version: int
    """The newest one in force; 0 for none."""
    has_draft: bool
    by: tuple[str, ...]
    cells: tuple[SheetCell, ...] = ()
    """The cells of the department's own sheets that show it, of the form in force and of its draft."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What differs by rule, and whom it reaches."""

    findings: tuple[Finding, ...]
    forms: tuple[FormReached, ...]
    uses: tuple[Use, ...]

    @property
    def is_compatible(self) -> bool:
        """Whether no rule says that something valid stops being so."""
        return all(one.is_compatible for one in self.findings)

    @property
    def reaches_others(self) -> bool:
        """Whether anybody is to be told before it is done."""
        return bool(self.forms or self.uses) or not self.is_compatible

    @property
    def outputs(self) -> tuple[str, ...]:
        """Templates and sheets of the forms, each with its form."""
        return tuple(f"{use.short}: {name}" for use in self.uses for name in use.outputs)


def effects(
    session: Session,
    library: Library,
    where: Spot,
    after: Mapping[str, Any],
    outputs: Mapping[str, Output] | None = None,
) -> Effects:
    """What it does to put `after` in place of what stands at `where`; `outputs` as in `Where`."""
    if where.kind == "register":
        found = of_register(session, where.home, at(library, where), after)
    else:
        old, new = (flat(library, where.document, one) for one in (at(library, where), after))
        found = findings(old, new)
    return Effects(
        tuple(found),
        tuple(forms_reached(session, library, where.address, outputs)),
        tuple(Where(library, session, outputs).all(where.address)),
    )


def forms_reached(
    session: Session,
    library: Library,
    address: str,
    outputs: Mapping[str, Output] | None = None,
) -> list[FormReached]:
    """The forms that show it, directly or by way of figures."""
    published, begun = drafts.published_at(session), drafts.begun(session)
    titles = {a: one.title for a, one in drafts.latest_versions(session).items()}
    by_form: dict[str, list[Use]] = {}
    for use in Where(library, session, outputs).forms(address):
        by_form.setdefault(use.address, []).append(use)
    found = []
    for form, uses in sorted(by_form.items()):
        between = tuple(sorted({way.rpartition("/")[2] for use in uses for way in use.by}))
        cells = tuple(dict.fromkeys(cell for use in uses for cell in use.cells))
        number = published[form][0] if form in published else 0
        title = titles.get(form, uses[0].title)
        found.append(FormReached(uses[0].short, title, number, form in begun, between, cells))
    return found


@dataclass(frozen=True, slots=True)
class Outdated:
    """A form whose version in force was published before the last change of something that it shows."""

    short: str
    title: Texts
    version: int
    changed: tuple[str, ...]
    """The addresses of what was changed since."""
    has_draft: bool


def outdated(session: Session, library: Library, about: str = "") -> list[Outdated]:
    """The forms that still use what was changed since: of one thing, or of the whole dictionary."""
    moments = _changed(session, about)
    published, begun = drafts.published_at(session), drafts.begun(session)
    titles = {a: one.title for a, one in drafts.latest_versions(session).items()}
    where = Where(library, session)
    late: dict[str, list[str]] = {}
    for address, moment in moments.items():
        for short in where.reached(address):
            form = form_address(short)
            if form in published and published[form][1] <= moment:
                late.setdefault(short, []).append(address)
    return [
        Outdated(
            short,
            titles.get(form_address(short), {"en": short}),
            published[form_address(short)][0],
            tuple(sorted(changed)),
            form_address(short) in begun,
        )
        for short, changed in sorted(late.items())
    ]


def _changed(session: Session, about: str) -> dict[str, datetime]:
    """Address -> when it was changed last, of what was changed and is not as it was before."""
    gone = made_here.undone(session)
    moments: dict[str, datetime] = {}
    for step in made_here.steps(session, about=about, most=1_000):
        if step.kind in _QUIET or step.kind == "undo" or step.id in gone:
            continue
        if (where := spot_of(step.address)) is not None and where.kind in ("register", "group"):
            continue  # its own words stand in no form
        moments[step.address] = max(step.at, moments.get(step.address, step.at))
    return moments
