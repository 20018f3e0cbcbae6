"""Sheets that forms are being made of: taken in, found again, decided, thrown away. Not for their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from builder.excel import about
from builder.excel.choices import Choice, choices_of
from builder.excel.picture import Box, Picture
from builder.excel.proposals import Proposal
from builder.excel.slots import Part, Read, Slot
from runtime.api import Conflict, ExcelSheet, NotFound, Session, now
from runtime.api import gettext as _

MOST = 50
"""So many sheets a department keeps at once."""


@dataclass(frozen=True)
class Kept:
    """What was read of a kept sheet."""

    picture: Picture
    read: Read
    proposals: tuple[Proposal, ...]
    register: str

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "picture": self.picture.as_json(),
            "title": self.read.title,
            "titles": list(self.read.titles),
            "parts": [part.as_json() for part in self.read.parts],
            "slots": [slot.as_json() for slot in self.read.slots],
            "notes": list(self.read.notes),
            "proposals": [one.as_json() for one in self.proposals],
            "register": self.register,
        }

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Kept:
        """From what was kept."""
        read = Read(
            found["title"],
            tuple(found["titles"]),
            tuple(Part(**part) for part in found["parts"]),
            tuple(Slot.of_json(slot) for slot in found["slots"]),
            tuple(found["notes"]),
        )
        proposals = tuple(Proposal.of_json(one) for one in found["proposals"])
        return cls(Picture.of_json(found["picture"]), read, proposals, found["register"])

    def choices(self, decisions: Mapping[str, Any]) -> list[Choice]:
        """What each cell is, by what was proposed and decided."""
        return choices_of(self.read.slots, self.proposals, decisions)

    def emptied(self) -> Kept:
        """The same without what was filled in: nothing of anybody is kept longer than it is needed."""
        asked = {(s.sheet, s.row, s.column): s.about for s in self.read.slots}
        sheets = tuple(
            replace(sheet, boxes=tuple(_empty(box, asked.get((n, box.row, box.column))) for box in sheet.boxes))
            for n, sheet in enumerate(self.picture.sheets)
        )  # fmt: skip
        return replace(self, picture=Picture(sheets))


def _empty(box: Box, what: str | None) -> Box:
    """The box without its value; `what` of the report it asks for, nothing for a cell, None where it asks for none."""
    if what is None or box.kind == "formula" or (box.ticks and not what):
        return box
    text = about.unfilled(box.text, what) if what else ""
    return replace(box, kind="text" if text else "empty", text=text)


def take_in(
    session: Session,
    department: str,
    name: str,
    content: bytes,
    kept: Kept,
    actor: int,
    dropped: Sequence[str] = (),
) -> str:
    """Keep a sheet; its id. `dropped` are the places of formulas that could not stay in it.

    Raises `Conflict` where the department keeps too many already.
    """
    there = session.scalars(select(ExcelSheet.id).where(ExcelSheet.department == department)).all()
    if len(there) >= MOST:
        raise Conflict(
            _("The department keeps %(most)s sheets already; throw some away.", most=MOST)
        )
    moment = now()
    sheet = ExcelSheet(
        department=department,
        file_name=name[:255],
        content=content,
        found={**kept.as_json(), "dropped": list(dropped)},
        decisions={},
        created_at=moment,
        created_by=actor,
        updated_at=moment,
    )
    session.add(sheet)
    session.flush()
    return sheet.id


def sheets_of(session: Session, departments: Sequence[str]) -> list[ExcelSheet]:
    """The sheets of these departments, what was worked at last first."""
    query = select(ExcelSheet).where(ExcelSheet.department.in_(departments))
    return list(session.scalars(query.order_by(ExcelSheet.updated_at.desc())))


def sheet(session: Session, sheet_id: str, *, to_change: bool = False) -> ExcelSheet:
    """A sheet. Raises `NotFound`. `to_change`: nobody else changes it until the session ends."""
    query = select(ExcelSheet).where(ExcelSheet.id == sheet_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no such sheet."))
    return found


def decide(session: Session, sheet_id: str, said: Mapping[str, Any]) -> None:
    """Keep decisions of cells, beside those of others: of one cell the last counts."""
    found = sheet(session, sheet_id, to_change=True)
    decisions = {**found.decisions, **said}
    found.decisions = {slot: one for slot, one in decisions.items() if one is not None}
    found.revision, found.updated_at = found.revision + 1, now()
    session.flush()


def throw_away(session: Session, sheet_id: str) -> None:
    """Forget a sheet; a form that was made of it keeps its own template."""
    session.delete(sheet(session, sheet_id))
    session.flush()
