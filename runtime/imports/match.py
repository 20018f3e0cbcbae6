"""Which field a column's header means: remembered, by name, or offered for a person to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from runtime.facts.timeline import UNIT
from runtime.imports.fields import FieldsOf
from runtime.imports.spelling import key, without_asides

SURE = 88.0
"""From this likeness (of 100) on a header is taken for a field; what is less like one is only offered."""
OFFERED = 60.0
APART = 4.0
"""By so much the likest field must be liker than any other to be taken."""
IGNORED = frozenset(
    map(key, ("序号", "编号", "No.", "No", "#", "行号", "备注", "remarks", "签字", "签名"))
)


@dataclass(frozen=True, slots=True)
class Match:
    """What a column is taken for: `field` (empty: left out), `how` it was found, what is `offered` instead."""

    header: str
    field: str = ""
    how: str = ""
    """remembered, name, near, chosen, or empty."""
    offered: str = ""
    score: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """As kept with the import."""
        return {
            "header": self.header,
            "field": self.field,
            "how": self.how,
            "offered": self.offered,
            "score": round(self.score),
        }


class Names:
    """Every word by which the fields of a register may be called, for comparing."""

    def __init__(self, fields: FieldsOf) -> None:
        self._words: dict[str, str] = {}
        for field in reversed(list(fields.fields.values())):
            self._words |= {key(word): field.name for word in reversed(field.words)}
            self._words |= {key(without_asides(word)): field.name for word in field.words}
        for field in fields.fields.values():  # a title is nobody else's synonym
            self._words |= {key(title): field.name for title in field.titles.values()}
        self._units = {word: UNIT for word in fields.unit_words if word not in self._words}
        self._words.pop("", None)
        self._long = [word for word in self._words if len(word) > 1]

    def __contains__(self, header: str) -> bool:
        return any(self.exact(spelling) for spelling in spellings(header))

    def exact(self, compared: str) -> str:
        """The field called exactly so, compared text against compared text; empty where none is."""
        return self._words.get(compared) or self._units.get(compared, "")

    def near(self, compared: str) -> tuple[str, float, bool]:
        """The field with the word most like `compared`, how like, and whether that is sure."""
        if len(compared) < 2:
            return "", 0.0, False
        found = process.extract(
            compared, self._long, scorer=_likeness, score_cutoff=OFFERED, limit=6
        )
        if not found:
            return "", 0.0, False
        word, score, _at = found[0]
        field = self._words[word]
        others = [s for w, s, _at in found if self._words[w] != field]
        sure = score >= SURE and score - max(others, default=0.0) >= APART
        return field, float(score), sure


def _likeness(one: str, other: str, **_options: object) -> float:
    """How alike two names are; one within the other counts by how much of it that is."""
    return float(max(fuzz.ratio(one, other), 0.85 * fuzz.partial_ratio(one, other)))


def match_columns(
    headers: Sequence[Sequence[str]],
    names: Names,
    remembered: Mapping[str, str],
    chosen: Mapping[str, str] | None = None,
) -> list[Match]:
    """A match for each column, given the texts of its header from the top down.

    A field is taken once: by who is surest. `remembered` and `chosen` go by compared header, and an empty field
    means that the column is left out.
    """
    found = [_match(texts, names, remembered, chosen or {}) for texts in headers]
    return list(_once_each(found))


def header_of(texts: Sequence[str]) -> str:
    """A column's header as one text."""
    return " / ".join(dict.fromkeys(text for text in texts if text))


def spellings(header: str) -> Iterator[str]:
    """What of a header may be a name: the whole, and without what stands in brackets."""
    yield key(header)
    yield key(without_asides(header))


def _match(
    texts: Sequence[str],
    names: Names,
    remembered: Mapping[str, str],
    chosen: Mapping[str, str],
) -> Match:
    header = header_of(texts)
    whole = key(header)
    if whole in chosen:
        return Match(header, chosen[whole], "chosen", score=100)
    if whole in remembered:
        return Match(header, remembered[whole], "remembered", score=100)
    for text in ("".join(texts), *reversed(texts)):
        for spelling in spellings(text):
            if field := names.exact(spelling):
                return Match(header, field, "name", score=99)
    if not whole or whole in IGNORED:
        return Match(header)
    tried = list(spellings("".join(texts)))
    field, score, sure = max(map(names.near, tried), key=lambda it: it[1])
    if sure:
        return Match(header, field, "near", score=score)
    return Match(header, offered=field, score=score)


def _once_each(found: Sequence[Match]) -> Iterator[Match]:
    ranks = {"chosen": 3, "remembered": 2, "name": 1, "near": 0}
    best: dict[str, int] = {}
    for n, match in enumerate(found):
        if match.field:
            at = best.setdefault(match.field, n)
            if (ranks[match.how], match.score) > (ranks[found[at].how], found[at].score):
                best[match.field] = n
    for n, match in enumerate(found):
        if match.field and best[match.field] != n:
            yield Match(match.header, offered=match.field, score=match.score)
        else:
            yield match
