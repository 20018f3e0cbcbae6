"""How like an entry of the dictionary is to what somebody is about to define, and why. Not for deciding anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from builder.radar.index import Entry, Index
from builder.radar.names import plain, sound, words

SHOWN = 62
"""From so many points of a hundred on a likeness is shown."""
NEEDS_REASON = 85
"""From so many on a new definition needs a reason."""
_SAME = {"title": 100, "translation": 97, "synonym": 95, "key": 92}
_SOUNDS, _CLOSE, _PART, _CODES = 84, 82, 72, 45
_LOOSE, _WITHIN = 64, 80
_ELSEWHERE = 18
"""So many fewer for a field of another register: a business has a name too."""
_OTHER_KIND = 25
"""So many fewer where one is a field and the other a figure."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is about to define: its names, and as much as is known of the rest."""

    names: tuple[str, ...]
    home: str = ""
    """The address of the register or group."""
    codes: str = ""
    """The address of its code list."""
    is_indicator: bool | None = None
    itself: str = ""
    """The address of what is being changed, which is not like itself."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry that may mean the same; `reasons` are (why, the name that it has), the best first."""

    entry: Entry
    score: int
    reasons: tuple[tuple[str, str], ...]


def similar(index: Index, wanted: Wanted, most: int = 6) -> list[Alike]:
    """The entries that may mean what is wanted, the likeliest first; none for a name of fewer than two letters."""
    names = [name for name in wanted.names if len(plain(name)) > 1]
    points: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for name in names:
        for n, why, their, score in _by_name(index, name):
            points[n][why, their] = max(points[n].get((why, their), 0), score)
    if wanted.codes:
        for n in index.by_codes.get(wanted.codes, ()):
            points[n]["codes", ""] = _CODES
    found = (_judged(index.entries[n], whys, wanted) for n, whys in points.items())
    shown = [one for one in found if one.score >= SHOWN and one.entry.address != wanted.itself]
    return sorted(shown, key=lambda one: (-one.score, one.entry.address))[:most]


def _by_name(index: Index, name: str) -> Iterator[tuple[int, str, str, int]]:
    text, heard = plain(name), sound(name)
    for n, how, their in index.by_words.get(text, ()):
        only_key = how == "key" and index.entries[n].is_indicator
        yield n, how, their, _PART if only_key else _SAME[how]
    for n, _how, their in index.by_sound.get(heard or text.replace(" ", ""), ()):
        if plain(their) != text:
            yield n, "pinyin", their, _SOUNDS
    if len(text) > 3 or heard:
        near = process.extract(text, index.spelt, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=20)
        for their_text, score, at in near:
            if their_text != text:
                n, _how, their = index.spelt_by[at]
                yield n, "spelling", their, round(score * 0.93)
    if heard and len(text) > 3:
        within = process.extract(
            text, index.spelt, scorer=fuzz.partial_ratio, score_cutoff=_WITHIN, limit=10
        )
        for their_text, _score, at in within:
            if len(their_text) > 3 and their_text != text:
                n, _how, their = index.spelt_by[at]
                yield n, "part", their, _LOOSE
    yield from _parts(index, name)


def _parts(index: Index, name: str) -> Iterator[tuple[int, str, str, int]]:
    """Entries that have all words of the name and one or two more, or all but one or two."""
    own = set(words(name))
    if len(own) < 2:
        return
    shared: dict[int, int] = defaultdict(int)
    for word in own:
        for n in index.by_word.get(word, ()):
            shared[n] += 1
    for n, count in shared.items():
        if count < len(own) - 2:
            continue
        for _how, their in index.entries[n].names:
            theirs = set(words(their))
            if (theirs < own or own < theirs) and (score := _of_parts(own, theirs)):
                yield n, "part", their, score


def _of_parts(own: set[str], theirs: set[str]) -> int:
    """How like two names are of which one has all words of the other; 0 for too little in common."""
    more = len(own ^ theirs)
    if more == 1:
        return _PART if len(theirs) > 1 else _LOOSE
    return _LOOSE if more == 2 and min(len(own), len(theirs)) > 1 else 0


def _judged(entry: Entry, whys: dict[tuple[str, str], int], wanted: Wanted) -> Alike:
    ranked = sorted(whys, key=lambda why: -whys[why])
    score = whys[ranked[0]]
    reasons = ranked[:3]
    if ("codes", "") in whys and len(whys) > 1:
        score = min(100, score + 8)
    if wanted.home and entry.home == wanted.home and not entry.is_indicator:
        reasons.append(("register", ""))
        if ("codes", "") in whys:
            score += 20
    elif wanted.home and not entry.is_indicator:
        score -= _ELSEWHERE
    if wanted.is_indicator is not None and wanted.is_indicator != entry.is_indicator:
        score -= _OTHER_KIND
    return Alike(entry, max(0, min(100, score)), tuple(reasons))
