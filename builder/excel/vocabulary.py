"""All names of the dictionary in one index: what a label on a sheet may mean, how surely, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from builder.dictionary import Item, items
from builder.excel import words
from builder.excel.codes import Breakdown, breakdowns_of
from runtime.api import Library

Reason = tuple[str, ...]
"""A word for the kind of reason, and what it speaks of; said in words by `reasons.py`."""

_ASIDE_BY = re.compile(r"^按[^的]{1,20}分的|(?:,? by .*$)|(?:: .*$)")
_OFFERED = 60.0


@dataclass(frozen=True)
class Meaning:
    """A field or indicator that a cell may mean."""

    item: Item
    breakdowns: tuple[Breakdown, ...]
    home: str
    """Address of its register or group."""

    @property
    def is_field(self) -> bool:
        """Whether it is known of a subject."""
        return self.item.kind != "indicator"

    @property
    def unit(self) -> tuple[str, ...]:
        """What it is counted in, in each language."""
        said = [self.item.schema.get("unit"), self.item.schema.get("currency")]
        translations = self.item.schema.get("translations")
        told = translations.values() if isinstance(translations, dict) else ()
        said += [texts.get("unit") for texts in told if isinstance(texts, dict)]
        return tuple(str(one) for one in said if one)

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """What is counted, without by what: `按等级分的持证残疾人` -> `持证残疾人`."""
        found = (_ASIDE_BY.sub("", title).strip() for title in self.item.title.values())
        return tuple(core for core in found if core)


@dataclass(frozen=True, slots=True)
class Scored:
    """A meaning, how sure it is (0 to 1), and why."""

    meaning: Meaning
    score: float
    reason: Reason


class Vocabulary:
    """The dictionary's names, made once and asked often."""

    def __init__(self, library: Library) -> None:
        self.meanings = [_meaning(library, item) for item in items(library)]
        self._exact: dict[str, list[Scored]] = defaultdict(list)
        self._spoken: dict[str, list[Scored]] = defaultdict(list)
        for meaning in self.meanings:
            self._add(meaning)
        self._words = [word for word in self._exact if len(word) > 1]
        self._long = [word for word in self._words if len(word) > 3]
        self._known: dict[str, tuple[Scored, ...]] = {}
        self.by_address = {m.item.address: m for m in self.meanings}
        self.broken_down = [m for m in self.meanings if m.breakdowns]

    def __contains__(self, text: str) -> bool:
        """Whether this text is the name of a field or indicator."""
        return any(found.score >= 0.8 for found in self.found(text))

    def found(self, text: str) -> tuple[Scored, ...]:
        """What a label may mean, the surest first; each meaning once."""
        said = " ".join(text.split())
        if said not in self._known:
            best: dict[str, Scored] = {}
            for scored in self._find(said):
                address = scored.meaning.item.address
                if address not in best or best[address].score < scored.score:
                    best[address] = scored
            self._known[said] = tuple(sorted(best.values(), key=lambda s: -s.score))
        return self._known[said]

    def _find(self, text: str) -> Iterator[Scored]:
        compared = ((words.plain(text), 0.0), (words.bare(text), 0.04), (words.stem(text), 0.12))
        for key, less in compared:
            for one in self._exact.get(key, ()):
                reason = one.reason if less < 0.1 else ("near", one.reason[-1])
                yield Scored(one.meaning, min(one.score, 1 - less), reason)
        key = words.bare(text)
        if len(key) < 2:
            return
        if not key.isascii():
            for one in self._spoken.get(_pinyin(key), ()):
                yield Scored(one.meaning, 0.78 if len(key) > 2 else 0.7, ("pinyin", one.reason[-1]))
        for word, likeness in self._alike(key):
            for one in self._exact[word]:
                yield Scored(
                    one.meaning, min(likeness / 100 * 0.82, one.score), ("like", one.reason[-1])
                )

    def _alike(self, key: str) -> list[tuple[str, float]]:
        """The names most like this one; one within the other counts by how much of it that is."""
        found: dict[str, float] = {}
        for scorer, worth, words_ in (
            (fuzz.ratio, 1.0, self._words),
            (fuzz.partial_ratio, 0.85, self._long if len(key) > 3 else []),
        ):
            for word, score, _at in process.extract(
                key, words_, scorer=scorer, score_cutoff=_OFFERED / worth, limit=8
            ):
                found[word] = max(found.get(word, 0.0), score * worth)
        return sorted(found.items(), key=lambda pair: -pair[1])[:8]

    def _add(self, meaning: Meaning) -> None:
        item = meaning.item
        for title in item.title.values():
            self._put(words.plain(title), Scored(meaning, 1.0, ("title", title)))
            self._put(words.bare(title), Scored(meaning, 0.95, ("title", title)))
            self._put(words.stem(title), Scored(meaning, 0.86, ("near", title)))
        for synonym in item.synonyms:
            self._put(words.plain(synonym), Scored(meaning, 0.95, ("synonym", synonym)))
            self._put(words.stem(synonym), Scored(meaning, 0.84, ("synonym", synonym)))
        self._put(words.plain(item.name), Scored(meaning, 0.86, ("code", item.name)))

    def _put(self, key: str, scored: Scored) -> None:
        if not key:
            return
        there = self._exact[key]
        if all(s.meaning is not scored.meaning for s in there):
            there.append(scored)
            if not key.isascii() and len(key) > 1:
                self._spoken[_pinyin(key)].append(scored)


@lru_cache(maxsize=8)
def _of(library: Library) -> Vocabulary:
    return Vocabulary(library)


def vocabulary_of(library: Library) -> Vocabulary:
    """The vocabulary of a library, made once for each."""
    return _of(library)


@lru_cache(maxsize=20_000)
def _pinyin(text: str) -> str:
    return " ".join(lazy_pinyin(text))


def _meaning(library: Library, item: Item) -> Meaning:
    home = item.address.partition("#")[0]
    found = breakdowns_of(library, home, item.schema) if item.kind == "indicator" else ()
    return Meaning(item, found, home)


def overlap(core: str, context: Sequence[str]) -> float:
    """How much of a name the texts around tell: the share of its pairs of letters (in English of its words)."""
    said = " ".join(context).casefold()
    if core.isascii():
        return _share([w for w in re.split(r"[^a-z0-9]+", core.casefold()) if len(w) > 2], said)
    core = words.plain(core)
    pairs = [core[n : n + 2] for n in range(len(core) - 1)]
    return _share(pairs, "".join(map(words.plain, context)))


def _share(parts: Sequence[str], said: str) -> float:
    return sum(part in said for part in parts) / len(parts) if parts else 0.0
