"""What differs between two documents, as data: applied, taken back, kept. Not for what a difference means to people.

Objects, lists of items with an `id`, of branches (`if`) and of choices (`const`), and lists of different texts are told
apart by their keys (names, ids, conditions, codes, the texts themselves), in their order; every other value is one
whole. So a section that moves is one change and not fifty, and two people who each make another cell required do not
meet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from runtime.api import MISSING, dumps

Path = tuple[str, ...]
"""Keys from the document's root: names of members, ids of items, texts of a list."""


@dataclass(frozen=True, slots=True)
class Change:
    """At `path` stood `before` and stands `after`; `MISSING` is nothing. A `move` changes nothing but the place.

    `was` and `next` are the keys before which it stood and stands among its siblings; None: last.
    """

    path: Path
    before: Any = MISSING
    after: Any = MISSING
    was: str | None = None
    next: str | None = None
    move: bool = False


Patch = tuple[Change, ...]


class Overtaken(ValueError):
    """A change does not find what it was made from; `change` says which."""

    def __init__(self, change: Change) -> None:
        super().__init__("/".join(change.path))
        self.change = change


def difference(before: Any, after: Any) -> Patch:
    """What makes `after` of `before`, also the order of its members. What both share (`is`) is not walked."""
    return tuple(_differing((), before, after))


def applied(document: Any, patch: Patch) -> Any:
    """The document with these changes; it shares with the old one what did not change.

    Raises `Overtaken` where the document does not hold what a change was made from. A place beside a sibling that is
    gone is the last one.
    """
    return _applied(document, list(patch), 0) if patch else document


def inverse(patch: Patch) -> Patch:
    """What takes the changes back."""
    return tuple(
        replace(c, before=c.after, after=c.before, was=c.next, next=c.was) for c in patch[::-1]
    )


def members(value: Any) -> dict[str, Any] | None:
    """What stands under which key, in order; None for a value that is one whole."""
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, list):
        return None
    keys = [_key(item) if isinstance(item, Mapping) else item for item in value]
    if not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
        return None
    kinds = {isinstance(item, Mapping) for item in value}
    return dict(zip(keys, value, strict=True)) if len(kinds) < 2 else None


def _key(item: Mapping[str, Any]) -> Any:
    """By what an item is told apart: its id; a branch of a form by its condition, a choice by its code."""
    if "id" in item or not item.keys() & {"if", "const"}:
        return item.get("id")
    return f"if {dumps(item['if'])}" if "if" in item else f"code {dumps(item['const'])}"


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 1 is not true, and 1.0 not 1."""
    if one is MISSING or other is MISSING:
        return one is other
    return one is other or dumps(one) == dumps(other)


def _differing(path: Path, before: Any, after: Any) -> Iterator[Change]:
    if before is after:
        return
    old, new = members(before), members(after)
    if old is None or new is None or not _alike(before, after):
        if not same(before, after):
            yield Change(path, before, after)
        return
    was, follows = _followers(list(old)), _followers(list(new))
    for key in (key for key in old if key not in new):
        yield Change((*path, key), before=old[key], was=was[key])
    kept = _in_order([key for key in new if key in old], list(old))
    for key, value in new.items():
        if key not in old:
            yield Change((*path, key), after=value, next=follows[key])
            continue
        if key not in kept:
            yield Change((*path, key), was=was[key], next=follows[key], move=True)
        yield from _differing((*path, key), old[key], value)


def _alike(one: Any, other: Any) -> bool:
    """Whether the members of both are told apart in one way."""
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        return isinstance(one, Mapping) and isinstance(other, Mapping)
    return len({isinstance(item, Mapping) for item in (*one, *other)}) < 2


def _followers(keys: Sequence[str]) -> dict[str, str | None]:
    return dict(zip(keys, (*keys[1:], None), strict=False))


def _in_order(keys: Sequence[str], before: Sequence[str]) -> set[str]:
    """The most of the keys that stand in the order of before: the longest rising sequence of their old places."""
    at = {key: n for n, key in enumerate(before)}
    ends: list[int] = []
    last: list[str] = []
    above: dict[str, str | None] = {}
    for key in keys:
        n = bisect_left(ends, at[key])
        ends[n : n + 1], last[n : n + 1] = [at[key]], [key]
        above[key] = last[n - 1] if n else None
    found: set[str] = set()
    one = last[-1] if last else None
    while one is not None:
        found.add(one)
        one = above[one]
    return found


def _applied(value: Any, changes: list[Change], depth: int) -> Any:
    whole = [change for change in changes if len(change.path) == depth]
    if whole:
        return _set(value, whole[0])
    held = members(value)
    if held is None:
        raise Overtaken(changes[0])
    own, deeper = [], defaultdict(list)
    for change in changes:
        if len(change.path) == depth + 1:
            own.append(change)
        else:
            deeper[change.path[depth]].append(change)
    for key, some in deeper.items():
        if key not in held:
            raise Overtaken(some[0])
        held[key] = _applied(held[key], some, depth + 1)
    held = _with(held, own)
    return held if isinstance(value, Mapping) else list(held.values())


def _set(value: Any, change: Change) -> Any:
    if not same(value, change.before):
        raise Overtaken(change)
    return change.after


def _with(held: dict[str, Any], own: Sequence[Change]) -> dict[str, Any]:
    """The members after these changes of them: first those that go or stay, then those that come, each to its place."""
    coming: dict[str, tuple[Any, str | None]] = {}
    for change in sorted(own, key=attrgetter("move")):  # what moves may be another by now
        key = change.path[-1]
        now = held.get(key, MISSING)
        if change.move and now is MISSING:
            raise Overtaken(change)
        after = now if change.move else _set(now, change)
        if change.move or now is MISSING or after is MISSING:
            held.pop(key, None)
            if after is not MISSING:
                coming[key] = (after, change.next)
        else:
            held[key] = after
    return _placed(held, coming)


def _placed(held: dict[str, Any], coming: Mapping[str, tuple[Any, str | None]]) -> dict[str, Any]:
    """Those who come go before whom they name, who may have to come first; last where that one is gone."""
    order, values = list(held), dict(held)
    waiting = dict(coming)
    while waiting:
        ready = [k for k, (_value, follows) in waiting.items() if follows not in waiting]
        for key in ready or [next(iter(waiting))]:
            value, follows = waiting.pop(key)
            order.insert(order.index(follows) if follows in values else len(order), key)
            values[key] = value
    return {key: values[key] for key in order}
