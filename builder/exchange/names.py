"""What each part of a plan is called in an XLSForm: one name each, and where the answer that has it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.api import Cell, Plan

Place = tuple[str, ...]
"""Where an answer stands, with `*` for each row of a list."""

_BY_PLACE = {"Cell": "cell", "Rows": "rows", "Group": "group"}
_BY_ID = {"Section": "section", "CrossTable": "table", "Note": "note"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the plan that has a name: its key, its node, and its place."""

    key: str
    node: Any
    place: Place


def key_of(kind: str, place: Place) -> str:
    """The key of a part at a place: `cell:/members/*/income`."""
    return f"{kind}:" + "".join("/" + s.replace("~", "~0").replace("/", "~1") for s in place)


def parts_of(plan: Plan) -> list[Part]:
    """The parts that have names, in drawing order."""
    return list(_parts(plan.root, ()))


def _parts(node: Any, above: Place) -> Iterator[Part]:
    place = (*above, *node.path)
    kind = type(node).__name__
    if kind in _BY_PLACE and (kind != "Group" or node.path):
        yield Part(key_of(_BY_PLACE[kind], place), node, place)
    if kind in _BY_ID:
        yield Part(f"{_BY_ID[kind]}:{node.id}", node, place)
    if kind == "Rows":
        yield from _parts(node.item, (*place, "*"))
    if kind == "Choice":
        yield from _of_choice(node, place)
    for child in getattr(node, "children", ()):
        yield from _parts(child, place)
    for cells in node.cells if kind == "CrossTable" else ():
        for cell in cells:
            if cell is not None:
                yield from _parts(cell, place)


def _of_choice(node: Any, place: Place) -> Iterator[Part]:
    yield Part(key_of("choice", (*place, node.keyword)), node, place)
    for branch in node.branches:
        yield Part(key_of("branch", (*place, node.keyword, branch.key)), branch, place)
        yield from _parts(branch.node, place)


class Names:
    """The names by key, and the questions by place. `given` are names that parts have already."""

    def __init__(self, plan: Plan, given: Mapping[str, str]) -> None:
        self.cells: dict[Place, Cell] = {}
        self._by_key: dict[str, str] = {}
        parts = list({part.key: part for part in parts_of(plan)}.values())
        taken = set(given.values())
        last = Counter(_last(part) for part in parts)
        for part in parts:
            if isinstance(part.node, Cell):
                self.cells[part.place] = part.node
            own = given.get(part.key) or _free(part, last, taken)
            taken.add(own)
            self._by_key[part.key] = own

    def of(self, key: str) -> str:
        """The name of a part."""
        return self._by_key[key]

    def at(self, place: Place) -> str:
        """The name of the question at a place; empty where there is none."""
        return self._by_key.get(key_of("cell", place), "") if place in self.cells else ""


def _last(part: Part) -> str:
    kind, _colon, rest = part.key.partition(":")
    if kind in ("section", "table", "note"):
        return plain_name(rest)
    steps = [step for step in part.place if step != "*"]
    if kind in ("choice", "branch"):
        steps = [*steps, kind]
    return plain_name(steps[-1] if steps else "form")


def _free(part: Part, last: Counter[str], taken: set[str]) -> str:
    own = _last(part)
    if last[own] > 1 and len(part.place) > 1:
        own = plain_name("_".join(step for step in part.place if step != "*"))
    found, n = own, 1
    while found in taken:
        n += 1
        found = f"{own}_{n}"
    return found


def plain_name(text: str) -> str:
    """A name of XML made of a text: letters, digits, underscores."""
    name = _NOT_IN_NAMES.sub("_", text).strip("_")
    return name if _NAME.fullmatch(name) else f"q_{name}".rstrip("_")
