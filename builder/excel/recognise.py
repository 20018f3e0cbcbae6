"""From a picture to proposals: each cell to fill with what it may mean, how surely and why. Nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.excel import crossing, naming, words
from builder.excel.layout import read
from builder.excel.picture import Picture
from builder.excel.proposals import ABOUT, MEANT, OFFERED, OWN, SURE, Proposal
from builder.excel.slots import Part, Read, Slot
from builder.excel.vocabulary import Scored, Vocabulary
from runtime.api import EntryError
from runtime.api import gettext as _

MOST_SLOTS = 2_000
_CLOSE = 0.04
"""Two meanings of one score, but for so much, are a question."""


@dataclass(frozen=True)
class Recognised:
    """What was read of a workbook, and a proposal for each of its slots, in their order."""

    read: Read
    proposals: tuple[Proposal, ...]
    register: str
    """Address of the register that a single record is about; empty for a report of a period."""


def recognise(picture: Picture, known: Vocabulary) -> Recognised:
    """Propose for each cell to fill a field, an indicator, something of the report, or a cell of the form's own.

    Raises `EntryError` for a sheet that asks for more than a form has.
    """
    found = read(picture, known.__contains__)
    if len(found.slots) > MOST_SLOTS:
        raise EntryError(
            _(
                "%(n)s cells to fill are more than a form has (%(most)s); divide the sheet, or import it as data.",
                n=len(found.slots),
                most=MOST_SLOTS,
            )
        )
    proposals = {p.slot: p for p in _about(found)}
    lists: list[Slot] = []
    pairs: dict[int, list[Slot]] = defaultdict(list)
    for part in found.parts:
        slots = [s for s in found.slots if s.block == part.block and s.kind != "about"]
        if part.kind == "pair":
            pairs[part.sheet] += slots
        elif part.kind == "list":
            lists += slots
            proposals |= _list(slots, _context(found, part), known)
        else:
            proposals |= _cross(slots, _context(found, part), known)
    register = ""
    for sheet, slots in pairs.items():
        context = [found.titles[sheet], found.title]
        made, scope = _pairs(slots, context, known)
        proposals |= made
        register = register or scope
    made_all = tuple(proposals[s.id] for s in found.slots)
    report = any(p.what == MEANT and p.sure and "/indicators/" in p.address for p in made_all)
    return Recognised(found, made_all, "" if report else register)


def _about(found: Read) -> Iterator[Proposal]:
    for slot in found.slots:
        if slot.kind == "about":
            yield Proposal(slot.id, ABOUT, slot.about, score=0.95, reasons=(("about",),))


def _context(found: Read, part: Part) -> list[str]:
    return [t for t in (found.titles[part.sheet], part.caption, part.corner, found.title) if t]


def _list(slots: Sequence[Slot], context: Sequence[str], known: Vocabulary) -> dict[str, Proposal]:
    """Columns of a list: the fields of one register; a column means the same in each of its lines."""
    columns: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        columns[slot.column].append(slot)
    firsts = [all_[0] for all_ in columns.values()]
    found = {slot.id: naming.candidates(slot, known) for slot in firsts}
    scope, _weights = naming.scopes(firsts, found, context)
    alone = len(firsts) > 1 and _known_in(scope, found) < 2
    made: dict[str, Proposal] = {}
    taken: set[str] = set()
    ranked = sorted(firsts, key=lambda s: -max((c.score for c in found[s.id]), default=0))
    for first in ranked:
        there = naming.within(found[first.id], scope, fields=True, alone=True)
        there = [c for c in there if c.meaning.item.address not in taken]
        proposal = _of_names(first, there)
        if proposal.sure:
            taken.add(proposal.address)
        if alone:
            proposal = _unsure(proposal)
        for slot in columns[first.column]:
            made[slot.id] = replace(proposal, slot=slot.id)
    return made


def _pairs(
    slots: Sequence[Slot], context: Sequence[str], known: Vocabulary
) -> tuple[dict[str, Proposal], str]:
    """Labels with a value beside them: of one register, or indicators. Returns the register where it is one."""
    found = {slot.id: naming.candidates(slot, known) for slot in slots}
    before: list[str] = []
    for slot in slots:
        best = max((c.score for c in found[slot.id]), default=0.0)
        if best < 0.8 and before and (more := naming.continued(slot, before, known)):
            found[slot.id] = [more, *found[slot.id]]
        before = [*before[-2:], slot.beside[-1]]
    scope, _weights = naming.scopes(slots, found, context)
    fields = "/dictionary/" in scope
    made: dict[str, Proposal] = {}
    taken: set[str] = set()
    for slot in slots:
        there = naming.within(found[slot.id], scope, fields=fields, alone=True)
        there = [c for c in there if c.meaning.item.address not in taken]
        made[slot.id] = _of_names(slot, there)
        if made[slot.id].sure:
            taken.add(made[slot.id].address)
    if fields and len(slots) > 2 and _known_in(scope, found) < 2:
        return {id_: _unsure(one) for id_, one in made.items()}, ""
    return made, scope if fields else ""


def _cross(slots: Sequence[Slot], context: Sequence[str], known: Vocabulary) -> dict[str, Proposal]:
    """Cells of a cross-table: cells of an indicator that is broken down, or figures that both headers name."""
    tables = crossing.crossed(slots, context, known)
    names = {
        slot.id: [] if _clear(tables.get(slot.id)) else naming.candidates(slot, known)
        for slot in slots
    }
    scope, _weights = naming.scopes(slots, names, context)
    made: dict[str, Proposal] = {}
    for slot in slots:
        there = tables.get(slot.id, [])
        called = naming.within(names[slot.id], scope, fields=False, alone=False)
        if there and (not called or there[0].score >= called[0].score - 0.1):
            made[slot.id] = _of_table(slot, there)
        else:
            made[slot.id] = _of_names(slot, called)
    return _once(slots, made)


def _known_in(scope: str, found: Mapping[str, Sequence[Scored]]) -> int:
    """Of how many cells it is sure that they are of this register."""
    return sum(
        any(s.meaning.home == scope and s.score >= SURE for s in there) for there in found.values()
    )


def _unsure(proposal: Proposal) -> Proposal:
    """One name alone does not tell which register a list is of."""
    if not proposal.sure:
        return proposal
    return replace(
        proposal, score=min(proposal.score, 0.7), reasons=(*proposal.reasons, ("alone",))
    )


def _clear(there: Sequence[crossing.Crossed] | None) -> bool:
    """Whether a cell is so surely one of a table that its names need not be looked up."""
    return bool(there) and there is not None and there[0].score >= 0.9


def _of_table(slot: Slot, there: Sequence[crossing.Crossed]) -> Proposal:
    best = there[0]
    close = [c for c in there[1:] if best.score - c.score < _CLOSE]
    score = min(best.score, 0.7) if close else best.score
    reasons = (*best.reasons, ("close", close[0].meaning.item.address)) if close else best.reasons
    if score < OFFERED:
        return Proposal(slot.id, OWN, score=0.0, reasons=(("unknown",),))
    others = tuple(c.meaning.item.address for c in there[1:4])
    return Proposal(
        slot.id, MEANT, best.meaning.item.address, best.path, round(score, 2), reasons, others
    )


def _of_names(slot: Slot, there: Sequence[Scored]) -> Proposal:
    if not there or there[0].score < OFFERED:
        return Proposal(slot.id, OWN, score=0.0, reasons=(("unknown",),))
    best = there[0]
    close = [c for c in there[1:] if best.score - c.score < _CLOSE / 8]
    score = min(best.score, 0.7) if close else best.score
    reasons = _split(best.reason)
    if close:
        reasons = (*reasons, ("close", close[0].meaning.item.address))
    others = tuple(c.meaning.item.address for c in there[1:4])
    return Proposal(slot.id, MEANT, best.meaning.item.address, (), round(score, 2), reasons, others)


def _split(reason: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """A reason with what was said of its unit or register behind it."""
    found: list[tuple[str, ...]] = [reason[:2]]
    rest = reason[2:]
    if rest[:1] == ("unit",):
        found.append(rest[:3])
        rest = rest[3:]
    return (*found, *((one,) for one in rest))


def _once(slots: Sequence[Slot], made: dict[str, Proposal]) -> dict[str, Proposal]:
    """A figure stands in a table once: of several cells that would be the same one the surest keeps it."""
    best: dict[tuple[str, tuple[str, ...]], Proposal] = {}
    for slot in slots:
        one = made[slot.id]
        key = one.address, one.path
        if one.what == MEANT and (key not in best or best[key].score < one.score):
            best[key] = one
    for slot in slots:
        one = made[slot.id]
        if one.what == MEANT and best[one.address, one.path] is not one:
            score = min(one.score, 0.6)
            made[slot.id] = replace(one, score=score, reasons=(*one.reasons, ("twice",)))
    return made


def own_words(slot: Slot) -> str:
    """The unit that the sheet itself gives for a cell."""
    said = [*(slot.over[-1:]), *(slot.beside[-1:])]
    return slot.unit or next((u for u in map(words.unit_in, said) if u), "")
