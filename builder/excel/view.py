"""What the page of a sheet shows: the drawn sheets, the cell in the panel, its proposals, how far it has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import current_app

from builder.dictionary import Item, found
from builder.excel import drawing
from builder.excel.choices import Choice, counts
from builder.excel.keeping import Kept
from builder.excel.proposals import MEANT, Proposal
from builder.excel.reasons import reasons, sureness, title_of
from builder.excel.recognise import own_words
from builder.excel.vocabulary import Vocabulary
from runtime.api import ExcelSheet, Judged, Library, Problem, say
from runtime.api import gettext as _

MOST_HITS = 12


@dataclass(frozen=True)
class Page:
    """One sheet as it is drawn."""

    name: str
    widths: list[int]
    rows: list[list[drawing.Drawn]]
    lost: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Of all columns, in pixels."""
        return sum(self.widths)


@dataclass(frozen=True)
class Panel:
    """The cell that is looked at."""

    choice: Choice
    place: str
    proposal: Proposal
    title: str
    """What it is, or is proposed to be."""
    meaning: str
    home: str
    steward: str
    codes: tuple[str, ...]
    sureness: str
    reasons: list[str]
    others: list[tuple[str, str]]
    unit: str
    same: int
    """How many cells are decided with it: the lines of a list's column."""


@dataclass(frozen=True)
class Work:
    """All that the page of a sheet shows."""

    sheet: ExcelSheet
    kept: Kept
    choices: list[Choice]
    counts: dict[str, int]
    pages: list[Page]
    panel: Panel | None
    titles: dict[str, str]
    """Slot id -> what the cell is, in words."""

    def place(self, choice: Choice) -> str:
        """A cell's place as Excel names it, with its sheet where there are several."""
        named = drawing.place_of(choice)
        return f"{self.pages[choice.slot.sheet].name}!{named}" if len(self.pages) > 1 else named

    @cached_property
    def sure(self) -> dict[str, str]:
        """Slot id -> how sure its proposal is, in hundredths."""
        return {
            one.slot: f"{round(one.score * 100)} %"
            for one in self.kept.proposals
            if one.what == MEANT
        }


def work(sheet: ExcelSheet, known: Vocabulary, cell: str) -> Work:
    """What the page shows, with this cell in the panel (else the first one that is to be decided)."""
    kept = Kept.of(sheet.found)
    choices = kept.choices(sheet.decisions)
    titles = {c.slot.id: _title(c, known) for c in choices}
    looked = next((c for c in choices if c.slot.id == cell), None)
    looked = looked or next((c for c in choices if c.state == "ask"), None)
    panel = _panel(looked, kept, choices, known) if looked else None
    shorts = {c.slot.id: " · ".join(_codes(c, known)) for c in choices if c.state != "none"}
    pages = _pages(kept, choices, titles, shorts)
    return Work(sheet, kept, choices, counts(choices), pages, panel, titles)


def after(choices: Sequence[Choice], said: Mapping[str, Any], cell: str) -> str:
    """The cell to look at next: the first behind this one that is still to be decided; itself where none is."""
    ids = [c.slot.id for c in choices]
    at = ids.index(cell) + 1 if cell in ids else 0
    ahead = [*choices[at:], *choices[:at]]
    return next((c.slot.id for c in ahead if c.state == "ask" and c.slot.id not in said), cell)


def hits(library: Library, shown: Work, query: str) -> list[Item]:
    """What of the dictionary answers to a word and may be meant by the cell that is looked at."""
    if not query.strip() or shown.panel is None:
        return []
    lists = shown.panel.choice.slot.kind == "list"
    fits = (one for one in found(library, query) if one.kind != "indicator" or not lists)
    return list(fits)[:MOST_HITS]


def preview(workbook: bytes) -> list[Page]:
    """A filled workbook as it looks."""
    from builder.excel.reading import picture_of  # late: openpyxl takes a while to come in

    return [
        Page(sheet.name, drawing.widths(sheet), list(drawing.rows(sheet, {})))
        for sheet in picture_of(workbook).sheets
    ]


def progress(sheet: ExcelSheet) -> dict[str, int]:
    """How far a sheet has come."""
    return counts(Kept.of(sheet.found).choices(sheet.decisions))


def told(judged: Judged) -> list[Problem]:
    """What the checks say, errors first; of missing translations the first ones only."""
    ranked = sorted(judged.problems, key=lambda p: p.severity != "error")
    return ranked[:30]


def radar_address() -> str:
    """Where a new field is asked for; empty on a site without that page."""
    rules = (str(rule) for rule in current_app.url_map.iter_rules())
    return next((rule for rule in rules if rule.rstrip("/") == "/builder/radar"), "")


def _pages(
    kept: Kept, choices: Sequence[Choice], titles: Mapping[str, str], shorts: Mapping[str, str]
) -> list[Page]:
    """The sheets; a cell of a table shows its codes, of which indicator it is the panel tells."""
    asked: dict[int, dict[tuple[int, int], list[drawing.Asked]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for choice in choices:
        slot = choice.slot
        asked[slot.sheet][slot.row, slot.column].append(
            drawing.Asked(choice, shorts.get(slot.id) or titles[slot.id])
        )
    return [
        Page(sheet.name, drawing.widths(sheet), list(drawing.rows(sheet, asked[n])), sheet.lost)
        for n, sheet in enumerate(kept.picture.sheets)
    ]


def _title(choice: Choice, known: Vocabulary) -> str:
    if choice.state == "none":
        return _("not to fill")
    if choice.what == "about":
        return _about(choice.address)
    if choice.what != MEANT:
        return _("the form's own")
    named = title_of(choice.address, known)
    return " · ".join([named, *_codes(choice, known)])


def _codes(choice: Choice, known: Vocabulary) -> tuple[str, ...]:
    meaning = known.by_address.get(choice.address)
    if meaning is None:
        return ()
    told_ = zip(meaning.breakdowns, choice.path, strict=False)
    return tuple(
        say(breakdown.titles[step]) if step in breakdown.titles else _("total")
        for breakdown, step in told_
    )


def _about(what: str) -> str:
    return {
        "unit": _("the unit that reports"),
        "period": _("the period"),
        "filled_by": _("who filled it"),
        "reviewed_by": _("who reviewed it"),
        "responsible": _("the head of the unit"),
        "reported_on": _("the day of the report"),
        "number": _("the form's number"),
        "department": _("the department"),
    }.get(what, what)


def _panel(choice: Choice, kept: Kept, choices: Sequence[Choice], known: Vocabulary) -> Panel:
    proposal = kept.proposals[list(choices).index(choice)]
    meaning = known.by_address.get(choice.address) if choice.what == MEANT else None
    others = [a for a in (proposal.address, *proposal.others) if a in known.by_address]
    slot = choice.slot
    same = [
        c
        for c in choices
        if slot.kind == "list" and (c.slot.block, c.slot.column) == (slot.block, slot.column)
    ]
    return Panel(
        choice,
        drawing.place_of(choice),
        proposal,
        title_of(choice.address, known) if meaning else _title(choice, known),
        say(meaning.item.definition) if meaning else "",
        say(meaning.item.home) if meaning else "",
        meaning.item.steward if meaning else "",
        _codes(choice, known),
        sureness(proposal),
        reasons(proposal, known),
        [(a, title_of(a, known)) for a in dict.fromkeys(others) if a != choice.address],
        own_words(slot),
        len(same) or 1,
    )
