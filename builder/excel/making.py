"""From a kept sheet to a form with its template, and the template filled to look at. Not for keeping it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.excel import template
from builder.excel.forming import Wanted, address_of, make_form
from builder.excel.keeping import Kept
from builder.excel.staying import stays
from builder.excel.vocabulary import Vocabulary
from runtime.api import (
    EntryError,
    ExcelSheet,
    Heading,
    Judged,
    Session,
    Site,
    current_language,
    document,
    drafts,
    dumps,
    judge,
    own_sheets,
    sample,
    whole_number,
)
from runtime.api import gettext as _

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_NAME = 60
FREQUENCIES = ("monthly", "quarterly", "halfYearly", "yearly", "tenDays", "weekly", "daily")
LEVELS = ("community", "street", "district", "city", "grid")


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft that was made: what the checks say, and its sheet filled with made-up values."""

    judged: Judged
    workbook: bytes


def wanted_of(posted: MultiDict[str, str], department: str, registers: list[str]) -> Wanted:
    """What was asked for. Raises `EntryError`, naming the field and the way out."""
    name, title = posted.get("name", "").strip(), posted.get("title", "").strip()
    if not _NAME.fullmatch(name) or name == "department":
        raise EntryError(
            _("A form's name has small letters, digits and single dashes, such as home-visits.")
        )
    if len(name) > MOST_NAME:
        raise EntryError(
            _("A form's name has at most %(most)s characters; shorten it.", most=MOST_NAME)
        )
    if not title:
        raise EntryError(_("Give the form a title."))
    about, subject = posted.get("about", "period"), posted.get("subject", "")
    levels = tuple(one for one in posted.getlist("level") if one in LEVELS)
    if about == "subject" and subject not in registers:
        raise EntryError(_("Choose the register that the form is about."))
    if about != "subject" and not levels:
        raise EntryError(_("Choose at least one level of units that owe the report."))
    frequency = posted.get("frequency", "")
    return Wanted(
        department,
        name,
        title[:200],
        posted.get("number", "").strip()[:40],
        frequency if frequency in FREQUENCIES else "monthly",
        levels or ("community",),
        min(366, whole_number(posted.get("due", "")) or 5),
        subject if about == "subject" else "",
        tuple(n for one in posted.getlist("filled") if (n := whole_number(one)) is not None)
        if about != "subject"
        else (),
    )


@dataclass(frozen=True, slots=True)
class Ready:
    """A form made of a sheet and not yet kept: its text, its template, and what the sheet keeps from now on."""

    address: str
    text: str
    template: bytes
    content: bytes
    found: dict[str, Any]
    revision: int
    """The sheet's, when it was made of it."""


def ready(sheet: ExcelSheet, wanted: Wanted, known: Vocabulary) -> Ready:
    """The form of a sheet as it was decided; keeps nothing, and may take its time.

    What had been filled into the sheet is not in it any more. Raises `EntryError` where no cell is to be filled.
    """
    kept = Kept.of(sheet.found)
    choices = kept.choices(sheet.decisions)
    made = make_form(kept.read, choices, known, wanted)
    if not made.pointers:
        raise EntryError(
            _("The form would have no cell; decide of at least one that it is to be filled.")
        )
    paper = template.template_of(sheet.content, choices, made.pointers)
    outputs = {"pdf": _page(kept), "xlsx": {"template": own_sheets.name_of(paper.content)}}
    rest = kept.emptied()
    more = {
        "wanted": asdict(wanted),
        "dropped": [*sheet.found.get("dropped", ()), *paper.dropped],
        "stays": stays(rest),
    }
    return Ready(
        address_of(wanted),
        dumps({**made.document, "outputs": outputs}, indent=2),
        paper.content,
        template.emptied(sheet.content, kept.read.slots),
        {**rest.as_json(), **more},
        sheet.revision,
    )


def _page(kept: Kept) -> dict[str, str]:
    """The paper of the PDF: as wide as the widest sheet asks for."""
    wide = max(sum(sheet.widths) for sheet in kept.picture.sheets)
    return {"paper": "A4", "orientation": "landscape" if wide > 95 else "portrait"}


def tried(session: Session, site: Site, sheet: ExcelSheet) -> Tried:
    """The draft that was made of the sheet, judged, and its template filled with made-up values."""
    text = drafts.text_of(session, site.library, sheet.form)
    judged = judge(site.library, sheet.form, text)
    if judged.plan is None:
        return Tried(judged, b"")
    plan, data = judged.plan, sample(judged.plan)
    paper = document(
        plan,
        data.data,
        data.choices,
        language=current_language(),
        heading=_heading(),
        assets=own_sheets.assets_of(session, plan),
    )
    return Tried(judged, site.outputs["xlsx"].write(paper))


def _heading() -> Heading:
    """Who might have filled it."""
    return Heading(
        unit=_("Lakeside community"),
        period=_("October 2026"),
        filled_by=_("Somebody"),
        reviewed_by=_("Somebody else"),
        responsible=_("The head"),
        reported_on="2026-11-03",
    )
