"""Labels, columns of lists and named figures matched to fields and to indicators that are one number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from builder.excel import words
from builder.excel.slots import Slot
from builder.excel.vocabulary import Meaning, Reason, Scored, Vocabulary, overlap

_OTHER_SCOPE = 0.6
"""What a name of another register counts: it would stay empty."""
_TRUSTED = 0.75
_OF_ITSELF = 0.9
"""From here on a name says itself which figure is meant; below, one of another group is a question."""


def spoken(slot: Slot) -> Iterator[tuple[str, float]]:
    """What a cell may be called by its headers, and how much that is worth."""
    if slot.kind == "pair":
        yield slot.beside[-1], 1.0
        return
    if slot.kind == "list":
        if slot.over:
            yield slot.over[-1], 1.0
            yield "".join(slot.over[-2:]), 0.95
        return
    row, column = slot.beside[-1] if slot.beside else "", slot.over[-1] if slot.over else ""
    if any(words.other_time(text) for text in (*slot.beside, *slot.over)):
        yield row, 0.5
        return
    yield row, 1.0 if words.is_generic(column) or not column else 0.62
    yield column, 1.0 if words.is_generic(row) or words.is_total(row) else 0.5
    for one, other in ((row, column), (column, row)):
        if one and other:
            yield words.bare(one) + words.bare(other), 1.0
    if len(slot.beside) > 1:
        yield "".join(map(words.bare, slot.beside)), 1.0 if words.is_generic(column) else 0.62


def candidates(slot: Slot, known: Vocabulary) -> list[Scored]:
    """The meanings of a cell by its names, each once, the surest first; without regard to the cells around it."""
    best: dict[str, Scored] = {}
    for name, worth in spoken(slot):
        for scored in known.found(name) if name else ():
            if scored.meaning.breakdowns or (slot.kind == "cross" and scored.meaning.is_field):
                continue
            if slot.kind == "list" and not scored.meaning.is_field:
                continue
            score, reasons = _measured(slot, scored.meaning, scored.score * worth)
            address = scored.meaning.item.address
            if address not in best or best[address].score < score:
                best[address] = Scored(scored.meaning, score, (*scored.reason, *reasons))
    return sorted(best.values(), key=lambda s: -s.score)


def _measured(slot: Slot, meaning: Meaning, score: float) -> tuple[float, Reason]:
    """The score after a look at the units: another one gives another figure."""
    unit = slot.unit or words.unit_in((slot.beside or slot.over or ("",))[-1])
    unit = unit or (words.unit_in(slot.over[-1]) if slot.over else "")
    if not unit or not meaning.unit:
        return score, ()
    same = [words.same_measure(unit, own) for own in meaning.unit]
    if True in same or not any(one is False for one in same):
        return score, ()
    return min(score, 0.6), ("unit", unit, meaning.unit[-1])


def scopes(
    slots: Sequence[Slot], found: dict[str, list[Scored]], context: Sequence[str]
) -> tuple[str, dict[str, float]]:
    """The register or group that most of these cells are of, and what each weighs; `""` where none is."""
    weights: dict[str, float] = defaultdict(float)
    for slot in slots:
        best: dict[str, float] = {}
        for scored in found.get(slot.id, ()):
            if scored.score >= _TRUSTED:
                home = scored.meaning.home
                best[home] = max(best.get(home, 0.0), scored.score)
        for home, score in best.items():
            weights[home] += score
    if not weights:
        return "", weights
    homes = {s.meaning.home: s.meaning for all_ in found.values() for s in all_}

    def rank(home: str) -> tuple[float, float]:
        titles = homes[home].item.home.values()
        return round(weights[home], 3), max(
            (overlap(words.plain(t), context) for t in titles), default=0.0
        )

    return max(weights, key=rank), weights


def within(scored: Iterable[Scored], scope: str, fields: bool, alone: bool) -> list[Scored]:
    """Candidates as they count where most cells are of `scope`; `fields`: that is a register.

    Of indicators any group may stand on a sheet, yet of two with one name that of the scope is meant,
    and one of another group whose name is only like it counts somebody else: "visited at home" of veterans.
    """
    found: list[Scored] = []
    for one in scored:
        if one.meaning.home == scope:
            found.append(one)
        elif alone and (fields or one.meaning.is_field):
            found.append(Scored(one.meaning, one.score * _OTHER_SCOPE, (*one.reason, "elsewhere")))
        elif scope and not one.meaning.is_field and one.score < _OF_ITSELF:
            score = min(one.score - 0.01, _TRUSTED - 0.01)
            found.append(Scored(one.meaning, score, (*one.reason, "elsewhere")))
        else:
            found.append(Scored(one.meaning, one.score - 0.01, one.reason))
    return sorted(found, key=lambda s: -s.score)


def continued(slot: Slot, before: Sequence[str], known: Vocabulary) -> Scored | None:
    """A label that goes on from one before it: `有效期至` behind `残疾人证号` is `残疾人证有效期至`."""
    said = words.bare((slot.beside or ("",))[-1])
    if len(said) < 3:
        return None
    for meaning in known.meanings:
        for title in meaning.item.title.values():
            whole = words.plain(title)
            start = whole.removesuffix(said)
            if start != whole and len(start) > 1 and any(start in words.plain(b) for b in before):
                return Scored(meaning, 0.82, ("continues", before[-1]))
    return None
