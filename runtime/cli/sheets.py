"""Entries as files: what `yibiao fill` and `yibiao demo` write. Not for pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from runtime import clock
from runtime.cli.context import missing, unit_named
from runtime.definitions.address import form_address, short_name
from runtime.definitions.place import cells, place
from runtime.entry import apart, life, versions
from runtime.entry.hold import DRAFT
from runtime.errors import OperatorError
from runtime.facts import units
from runtime.fields.base import MISSING
from runtime.fill.filling import to_type
from runtime.language import current, say
from runtime.language import gettext as _
from runtime.outputs.assets import assets_of
from runtime.outputs.document import Document, Heading, document
from runtime.periods import Period
from runtime.site import Site
from runtime.storage.engine import reading
from runtime.storage.tables import Entry


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entry is wanted."""

    form: str
    unit: str
    period: Period | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """An entry as a document, ready to be written in any format."""

    document: Document
    entry_id: str
    filled: int
    """Cells that hold a value."""
    empty: int
    """Cells that wait for somebody to type."""


def filled_sheet(site: Site, asked: Asked) -> Sheet:
    """The entry that is asked for, started and filled if nobody has begun it.

    Raises `NotFound` for an unknown form, unit or subject, with the name that is most like it, and
    `EntryError` for a period that the form does not have.
    """
    address = form_address(asked.form)
    with reading(site.engine) as session:
        unit = unit_named(session, asked.unit)
        if life.find(session, address, unit.id, asked.period, asked.subject) is None:
            require_form(session, asked)
    entry_id = apart.start(site.engine, address, unit.id, asked.period, asked.subject)
    with reading(site.engine) as session:
        return _sheet(site, session, life.load(session, entry_id))


def write(site: Site, sheet: Sheet, file: Path) -> None:
    """Write the sheet in the format that the file's ending names. Raises `OperatorError` where it cannot."""
    output = site.outputs[ending(site, file)]
    content = output.write(sheet.document)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        text = _("%(file)s cannot be written: %(why)s.", file=file, why=error.strerror or error)
        raise OperatorError(text) from error


def ending(site: Site, file: Path) -> str:
    """The file's ending, which must be an output format. Raises `OperatorError`."""
    name = file.suffix.removeprefix(".").lower()
    if name not in site.outputs:
        known = ", ".join(f".{known}" for known in site.outputs)
        text = _(
            "No output is named by the ending of “%(file)s”; there are %(known)s.",
            file=file.name,
            known=known,
        )
        raise OperatorError(text)
    return name


def require_form(session: Session, asked: Asked) -> None:
    """Raise an `OperatorError` where there is no such form, or the period is none of its own."""
    version = versions.latest(session, form_address(asked.form))
    if version is None:
        known = [short_name(v.address) for v in versions.published(session)]
        text = _("There is no form “%(name)s”.", name=asked.form)
        raise missing(text, asked.form, known)
    frequency = versions.plan_of(version).form.frequency
    if frequency and (asked.period is None or asked.period.frequency != frequency):
        example = Period.of(frequency, clock.today()).previous()
        text = _("This form needs a period such as %(example)s.", example=example)
        raise OperatorError(text)


def _sheet(site: Site, session: Session, entry: Entry) -> Sheet:
    version = versions.get(session, entry.form_version_id)
    plan, department = versions.plan_of(version), version.department
    unit = units.get(session, entry.unit_id)
    heading = Heading(
        unit=say(unit.title),
        unit_code=unit.code,
        period_code=entry.period,
        version_number=version.number,
        entry=entry.id,
        period=Period.parse(entry.period).title() if entry.period else "",
        department=say(site.library.departments().get(department, {})) or department,
        version=_("version %(n)s", n=version.number),
        state=_("draft") if entry.state == DRAFT else "",
        printed_on=clock.now(),
    )
    made = document(
        plan,
        entry.data,
        entry.choices,
        entry.provenance,
        language=current(),
        heading=heading,
        assets=assets_of(session, plan),
    )
    there = list(cells(place(plan, entry.data, entry.choices)))
    filled = sum(part.value is not MISSING for part in there)
    return Sheet(made, entry.id, filled, sum(1 for _pointer in to_type(there)))
