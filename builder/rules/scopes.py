"""A condition said of the whole entry instead of one object in it, and back; the same made simpler. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from builder.rules.reading import read
from builder.rules.rows import Group, Path, Row

_OPPOSITE = {
    "is": "is-not",
    "is-not": "is",
    "one-of": "none-of",
    "none-of": "one-of",
    "at-least": "less",
    "less": "at-least",
    "at-most": "more",
    "more": "at-most",
    "known": "unknown",
    "unknown": "known",
}


def whole(terms: Iterable[tuple[Path, Any, bool]]) -> Group | None:
    """All terms (path of the object, condition, negated) as one group over the entry; None where one has no rows."""
    parts: list[Row | Group] = []
    for home, schema, negated in terms:
        group = read(schema)
        if group is None:
            return None
        there = _put_in(group, home)
        if negated:
            there = Group("none", there.parts if there.mode == "any" else (there,))
        parts += there.parts if there.mode == "all" else [there]
    return settled(Group("all", tuple(parts)))


def either(groups: Sequence[Group]) -> Group:
    """That one of them holds."""
    if len(groups) == 1:
        return groups[0]
    return settled(Group("any", tuple(_single(group) for group in groups)))


def home_of(group: Group, homes: Sequence[Path]) -> Path | None:
    """The innermost of the objects in which all that the group reads stands, and in no list within it."""
    paths = [row.path for row in group.rows()]
    for home in reversed(homes):
        if all(path[: len(home)] == home and "*" not in path[len(home) :] for path in paths):
            return home
    return None


def within(group: Group, home: Path) -> Group:
    """The group said of the object at `home`."""
    return _moved(group, lambda path: path[len(home) :])


def settled(group: Group) -> Group:
    """The same, simpler: what is known because it is compared is not said twice, and “not that” is turned round."""
    parts = [_turned(part) for part in group.parts]
    found: list[Row | Group] = []
    for part in parts:
        if isinstance(part, Group) and part.mode == group.mode != "none":
            found += part.parts
        else:
            found.append(part)
    if group.mode == "all":
        found = _strict(found)
    only = found[0] if len(found) == 1 else None
    if isinstance(only, Group) and group.mode != "none":
        return only
    turned = _opposite(only) if isinstance(only, Row) and group.mode == "none" else None
    if turned is not None:
        return Group("all", (turned,))
    return Group("all" if len(found) == 1 and group.mode == "any" else group.mode, tuple(found))


def _turned(part: Row | Group) -> Row | Group:
    if isinstance(part, Row):
        return part
    return _single(settled(part))


def _opposite(row: Row) -> Row | None:
    if row.test not in _OPPOSITE:
        return None
    if row.test in ("known", "unknown"):
        return Row(row.path, _OPPOSITE[row.test])
    if row.test in ("is", "is-not") and isinstance(row.values[0], bool):
        return Row(row.path, "is", (row.values[0] is (row.test == "is-not"),), not row.loose)
    return Row(row.path, _OPPOSITE[row.test], row.values, not row.loose)


def _strict(parts: list[Row | Group]) -> list[Row | Group]:
    """Beside “is known” a loose comparison of the same field is a plain one, and the first need not be said."""
    known = {p.path for p in parts if isinstance(p, Row) and p.test == "known"}
    compared = {p.path for p in parts if isinstance(p, Row) and p.test not in ("known", "unknown")}
    found: list[Row | Group] = []
    for part in parts:
        if isinstance(part, Row) and part.test == "known" and part.path in compared:
            continue
        is_sure = isinstance(part, Row) and part.path in known
        strict = replace(part, loose=False) if isinstance(part, Row) and is_sure else part
        if strict not in found:
            found.append(strict)
    return found


def _single(group: Group) -> Row | Group:
    return group.parts[0] if len(group.parts) == 1 and group.mode != "none" else group


def _put_in(group: Group, home: Path) -> Group:
    return _moved(group, lambda path: (*home, *path))


def _moved(group: Group, move: Callable[[Path], Path]) -> Group:
    return replace(
        group,
        parts=tuple(
            replace(part, path=move(part.path)) if isinstance(part, Row) else _moved(part, move)
            for part in group.parts
        ),
    )
