"""A form's `layout` applied to its parts: sections, columns, notes, and cells in the order of the sheet.

What it does not place comes after, in the schema's order. Not for the headers of cross-tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from runtime.definitions.address import tokens
from runtime.definitions.compile_table import Table
from runtime.definitions.plan import (
    AnyNode,
    Cell,
    Columns,
    Condition,
    Group,
    Note,
    Path,
    Rule,
    Section,
    Words,
)
from runtime.definitions.texts import texts_of

_WIDTHS = ("narrow", "wide", "full")


def arranged(root: AnyNode, layout: list[Any], rules: Mapping[str, Rule]) -> AnyNode:
    """`root` with its parts where the layout puts them; a root that is no group stays as it is."""
    if not isinstance(root, Group):
        return root
    return _Arranging(root, rules).whole(layout)


class _Arranging:
    def __init__(self, root: Group, rules: Mapping[str, Rule]) -> None:
        self._root = root
        self._rules = rules
        self._taken: set[int] = set()
        self._names: dict[int, dict[str, list[AnyNode]]] = {}

    def whole(self, layout: list[Any]) -> Group:
        tables = {
            id(i): self._table(i) for i in _all_items(layout) if i.get("kind") == "crossTable"
        }
        for item in _all_items(layout):
            if item.get("kind") in ("cell", "rows", "part"):
                self._taken |= {id(node) for node, _found in self._find(_steps(item))}
        for table in tables.values():
            self._taken |= table.taken if table else set()
        self._tables = tables
        self._placed: set[int] = set()
        laid = [node for item in layout for node in self._item(item)]
        rest = self._rest(self._root)
        return msgspec.structs.replace(self._root, children=(*laid, *rest.children))

    def _item(self, item: Any) -> Iterator[AnyNode]:
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            return
        kind, name, words = item.get("kind"), item["id"], _words(item)
        if kind in ("section", "columns"):
            listed = item.get("items")
            children = tuple(
                node for i in (listed if isinstance(listed, list) else ()) for node in self._item(i)
            )
            if kind == "section":
                yield Section(id=name, words=words, children=children)
            else:
                yield Columns(id=name, words=words, children=children, count=_count(item))
        elif kind == "note":
            yield Note(id=name, words=Words(words.title, texts_of(item, "text")))
        elif kind == "crossTable":
            table = self._tables.get(id(item))
            if table is not None:
                yield table.node(name, words)
        elif kind in ("cell", "rows", "part"):
            yield from self._part(item)

    def _part(self, item: dict[str, Any]) -> Iterator[AnyNode]:
        for node, found in self._find(_steps(item)):
            if id(node) in self._placed:
                continue
            self._placed.add(id(node))
            moved = self._rest(found) if isinstance(found, Group) else found
            width = item.get("width")
            if isinstance(moved, Cell) and width in _WIDTHS:
                moved = msgspec.structs.replace(moved, width=width)
            yield moved

    def _table(self, item: dict[str, Any]) -> Table | None:
        at = _steps(item)
        groups = [found for _node, found in self._find(at)] if at else [self._root]
        if not groups or not isinstance(groups[0], Group):
            return None
        return Table(item, at, groups[0], self._rules, self._find)

    def _rest(self, group: Group) -> Group:
        """A group without what the layout places elsewhere; groups that this empties go too."""
        children: list[AnyNode] = []
        for child in group.children:
            if id(child) in self._taken:
                continue
            if isinstance(child, Group) and child.children:
                left = self._rest(child)
                if left.children:
                    children.append(left if left.children != child.children else child)
            else:
                children.append(child)
        return msgspec.structs.replace(group, children=tuple(children))

    def _find(self, steps: Path) -> list[tuple[AnyNode, AnyNode]]:
        """The parts at a path, each as it is and as it is seen from the root of the form."""
        return list(self._found(self._root, steps, (), ()))

    def _found(
        self, group: Group, steps: Path, above: Path, guards: tuple[Condition, ...]
    ) -> Iterator[tuple[AnyNode, AnyNode]]:
        for child in self._named(group).get(steps[0], ()) if steps else ():
            held = guards + _seen_from_root(child.when, above)
            if len(steps) > 1:
                if isinstance(child, Group):
                    yield from self._found(child, steps[1:], (*above, steps[0]), held)
                continue
            yield (
                child,
                msgspec.structs.replace(
                    child,
                    path=(*above, steps[0]),
                    when=held,
                    required_when=_seen_from_root(child.required_when, above),
                ),
            )

    def _named(self, group: Group) -> dict[str, list[AnyNode]]:
        """The parts of a group by the one name that leads to them."""
        if id(group) not in self._names:
            found: dict[str, list[AnyNode]] = {}
            for child in group.children:
                if len(child.path) == 1:
                    found.setdefault(child.path[0], []).append(child)
            self._names[id(group)] = found
        return self._names[id(group)]


def _seen_from_root(conditions: tuple[Condition, ...], above: Path) -> tuple[Condition, ...]:
    """Conditions read from the place `above`, as they are read from the root."""
    return tuple(
        Condition(
            schema=c.schema,
            at=above[: max(0, len(above) - c.up)] + c.at,
            negate=c.negate,
            up=max(0, c.up - len(above)),
        )
        for c in conditions
    )


def _all_items(layout: Any) -> Iterator[dict[str, Any]]:
    waiting = [layout]
    while waiting:
        for item in waiting.pop():
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                yield item
                if item.get("kind") in ("section", "columns") and isinstance(
                    item.get("items"), list
                ):
                    waiting.append(item["items"])


def _steps(item: dict[str, Any]) -> Path:
    try:
        return tokens(item["at"]) if isinstance(item.get("at"), str) else ()
    except ValueError:
        return ()


def _words(item: dict[str, Any]) -> Words:
    return Words(texts_of(item), texts_of(item, "description"), texts_of(item, "help"))


def _count(item: dict[str, Any]) -> int:
    count = item.get("count")
    return count if isinstance(count, int) and 1 <= count <= 6 else 2
