"""A cross-table matched to indicators that are broken down: which codes its headers mean, and of which indicator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from builder.excel import words
from builder.excel.slots import Slot
from builder.excel.vocabulary import Meaning, Reason, Vocabulary, overlap

_MISSING_BREAKDOWN = 0.05
_PARTIAL = 0.6
"""A total over lines of which some are not on the sheet is a question: ours counts them all."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """A cell as one cell of an indicator."""

    meaning: Meaning
    path: tuple[str, ...]
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """The headers of one cell as codes of an indicator."""

    codes: dict[str, str]
    measure: float
    said: str


def crossed(
    slots: Sequence[Slot], context: Sequence[str], known: Vocabulary
) -> dict[str, list[Crossed]]:
    """For each cell of a cross-table the indicators that it may be a cell of, the surest first."""
    found: dict[str, list[Crossed]] = defaultdict(list)
    for meaning in known.broken_down:
        read = {slot.id: one for slot in slots if (one := _read(meaning, slot))}
        if read:
            for id_, weighed in _weighed(meaning, slots, read, context).items():
                found[id_].append(weighed)
    ranked = {id_: sorted(all_, key=lambda c: -c.score) for id_, all_ in found.items()}
    return _with_neighbours(slots, ranked)


def _with_neighbours(
    slots: Sequence[Slot], ranked: dict[str, list[Crossed]]
) -> dict[str, list[Crossed]]:
    """A cell whose headers fit several indicators (a total) is of the one that its line or column is of."""
    wins: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for slot in slots:
        there = ranked.get(slot.id, [])
        if there and (len(there) == 1 or there[0].score - there[1].score > 0.03):
            for texts in (slot.beside, slot.over):
                wins[texts][there[0].meaning.item.address] += 1
    mine = {
        slot.id: {a for t in (slot.beside, slot.over) for a, _n in wins[t].most_common(1)}
        for slot in slots
    }
    return {
        id_: sorted(
            (replace(c, score=min(1.0, c.score + 0.06)) if c.meaning.item.address in mine[id_] else c
             for c in all_),
            key=lambda c: -c.score,
        )
        for id_, all_ in ranked.items()
    }  # fmt: skip


def path_of(meaning: Meaning, slot: Slot) -> tuple[str, ...] | None:
    """The codes that a cell's headers say of this indicator; None where they say none."""
    one = _read(meaning, slot)
    return tuple(one.codes.get(b.name, "total") for b in meaning.breakdowns) if one else None


def _read(meaning: Meaning, slot: Slot) -> _Read | None:
    """The cell's headers as codes; None where one of its own headers is neither code, total nor the indicator."""
    codes: dict[str, str] = {}
    measure, said, total = 0.0, "", False
    for texts in (slot.beside, slot.over):
        for at, text in enumerate(texts):
            if words.other_time(text):
                return None
            if words.is_total(text):
                total = True
                continue
            if named := _code(meaning, text, codes):
                codes |= named
                continue
            alike = _measure(meaning, text)
            if alike >= 0.6:
                measure, said = max((measure, said), (alike, text))
            elif not words.is_generic(text) and at == len(texts) - 1:
                return None
    return _Read(codes, measure, said) if codes or total else None


def _code(meaning: Meaning, text: str, taken: dict[str, str]) -> dict[str, str]:
    for breakdown in meaning.breakdowns:
        if breakdown.name not in taken and (code := breakdown.code_of(text)):
            return {breakdown.name: code}
    return {}


def _measure(meaning: Meaning, text: str) -> float:
    """How much a header is the name of the indicator."""
    plain, stem = words.bare(text), words.stem(text)
    cores = [words.plain(core) for core in meaning.cores]
    for core in (*cores, *map(words.stem, cores)):
        if core in (plain, stem):
            return 1.0
        if len(core) > 2 and (core in plain or (len(stem) > 2 and stem in core)):
            return 0.8
    return 0.0


def _weighed(
    meaning: Meaning, slots: Sequence[Slot], read: dict[str, _Read], context: Sequence[str]
) -> dict[str, Crossed]:
    lines = _lines(slots, read)
    found: dict[str, Crossed] = {}
    for slot in slots:
        one = read.get(slot.id)
        if one is None:
            continue
        share, matched, there = max(lines[slot.beside], lines[slot.over])
        groups = (*slot.beside[:-1], *slot.over[:-1])
        told = max((overlap(core, [*context, *groups]) for core in meaning.cores), default=0.0)
        told = max(told, one.measure)
        path = tuple(one.codes.get(b.name, "total") for b in meaning.breakdowns)
        missing = [b for b in meaning.breakdowns if not _is_broken_down(read.values(), b.name)]
        few = 0.25 if matched < 2 and one.measure < 1 else 0.0
        score = 0.2 + 0.5 * share + 0.3 * told - _MISSING_BREAKDOWN * len(missing) - few
        reasons: list[Reason] = [("codes", str(matched), str(there))]
        if one.said:
            reasons.append(("measure", one.said))
        elif told >= 0.3:
            reasons.append(("context",))
        reasons += [("missing", b.name) for b in missing]
        if _is_partial(meaning, path, read.values()):
            score = min(score, _PARTIAL)
            reasons.append(("partial",))
        found[slot.id] = Crossed(meaning, path, max(0.0, min(1.0, score)), tuple(reasons))
    return found


def _is_partial(meaning: Meaning, path: Sequence[str], read: Iterable[_Read]) -> bool:
    """Whether a total stands over only some of the codes that it is of."""
    told = list(read)
    for breakdown, step in zip(meaning.breakdowns, path, strict=True):
        there = {one.codes[breakdown.name] for one in told if breakdown.name in one.codes}
        if step == "total" and there and there < set(breakdown.codes):
            return True
    return False


def _is_broken_down(read: Iterable[_Read], name: str) -> bool:
    return any(name in one.codes for one in read)


def _lines(
    slots: Sequence[Slot], read: dict[str, _Read]
) -> dict[tuple[str, ...], tuple[float, int, int]]:
    """Of each line and column: the share of its cells that could be read, and how many of how many."""
    there: dict[tuple[str, ...], list[Slot]] = defaultdict(list)
    for slot in slots:
        there[slot.beside].append(slot)
        there[slot.over].append(slot)
    found = {}
    for texts, cells in there.items():
        matched = sum(slot.id in read for slot in cells)
        found[texts] = (matched / len(cells), matched, len(cells))
    return found
