"""Pairs of a dictionary that may mean the same, for the whole of it. Not for one name: that is `likeness`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from builder.radar.index import Entry, Index
from builder.radar.names import plain, words

SUSPECTED = 80
_CLOSE = 86
_COMMON = 60
"""A word that more entries have says little of any two of them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries, and why they are suspected: (why, what they share)."""

    one: Entry
    other: Entry
    score: int
    why: str
    shared: str

    @property
    def key(self) -> frozenset[str]:
        """By which it is told from others, whichever comes first."""
        return frozenset({self.one.address, self.other.address})


def pairs(index: Index) -> list[Pair]:
    """Entries of one register, or figures, whose names say the same; the likeliest first, each pair once."""
    best: dict[tuple[int, int], tuple[int, str, str]] = {}
    for a, b, score, why, shared in _candidates(index):
        key = (min(a, b), max(a, b))
        if a != b and score > best.get(key, (0, "", ""))[0] and _comparable(index, a, b):
            best[key] = (score, why, shared)
    found = [
        Pair(index.entries[a], index.entries[b], score, why, shared)
        for (a, b), (score, why, shared) in best.items()
        if score >= SUSPECTED
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.one.address, pair.other.address))


def _comparable(index: Index, a: int, b: int) -> bool:
    """Fields of different registers are of different things; a figure is no field."""
    one, other = index.entries[a], index.entries[b]
    if one.is_indicator or other.is_indicator:
        return one.is_indicator and other.is_indicator
    return one.home == other.home


def _candidates(index: Index) -> Iterator[tuple[int, int, int, str, str]]:
    for some in index.by_words.values():
        yield from _each(some, 100, "name")
    for some in index.by_sound.values():
        yield from _each(some, 84, "pinyin")
    for held in index.by_word.values():
        if 1 < len(held) <= _COMMON:
            yield from _near(index, sorted(set(held)))


def _each(
    some: list[tuple[int, str, str]], score: int, why: str
) -> Iterator[tuple[int, int, int, str, str]]:
    told = [one for one in some if one[1] != "key"][:_COMMON]
    for at, (a, _how, name) in enumerate(told):
        for b, _other, _name in told[at + 1 :]:
            yield a, b, score, why, name


def _near(index: Index, some: list[int]) -> Iterator[tuple[int, int, int, str, str]]:
    for at, a in enumerate(some):
        for b in some[at + 1 :]:
            for name in _told(index.entries[a]):
                for their in _told(index.entries[b]):
                    score = fuzz.ratio(plain(name), plain(their), score_cutoff=_CLOSE)
                    if score and words(name) != words(their):
                        yield a, b, round(score * 0.95), "spelling", f"{name} · {their}"


def _told(entry: Entry) -> list[str]:
    """The names that people read: figures of two departments may well have one key."""
    return [name for how, name in entry.names if how != "key"]
