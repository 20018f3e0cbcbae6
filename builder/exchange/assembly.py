"""Puts the questions of an XLSForm into one definition: each at its place, under the conditions that show it.

A question that comes on a condition stands in the `then` of it, at the form or row in which all that is asked stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from builder.exchange.conditions import Schema


class Guard(NamedTuple):
    """A condition, and the path of the form (`()`) or row (`("visits", "*")`) on which it is asked."""

    scope: tuple[str, ...]
    schema: Schema


class Assembly:
    """A definition in the making."""

    def __init__(self, root: Schema) -> None:
        self.root = root

    def put(
        self, path: tuple[str, ...], schema: Schema, guards: Iterable[Guard], *, required: bool
    ) -> None:
        """Put a schema at its place; `required` asks for it wherever it is shown."""
        node = self._parent(path, guards, required=required)
        node.setdefault("properties", {}).setdefault(path[-1], {}).update(schema)
        if required:
            _require(node, path[-1])

    def require(self, path: tuple[str, ...], guards: Iterable[Guard]) -> None:
        """Ask for an answer where the guards hold."""
        _require(self._parent(path, guards, required=True), path[-1])

    def _parent(
        self, path: tuple[str, ...], guards: Iterable[Guard], *, required: bool
    ) -> dict[str, Any]:
        """The schema within which the place is a property."""
        found = list(guards)
        last = max((n for n, step in enumerate(path) if step == "*"), default=-1)
        node = _branch(self.root, [g.schema for g in found if not g.scope])
        for n, step in enumerate(path[:-1]):
            if step == "*":
                node = node.setdefault("items", {})
                node = _branch(node, [g.schema for g in found if g.scope == path[: n + 1]])
            else:
                if required and n > last:
                    _require(node, step)
                node = node.setdefault("properties", {}).setdefault(step, {})
        return node


def _require(node: dict[str, Any], name: str) -> None:
    names = node.setdefault("required", [])
    if name not in names:
        names.append(name)


def _branch(node: dict[str, Any], conditions: list[Schema]) -> dict[str, Any]:
    """What holds within `node` where all the conditions do."""
    if not conditions:
        return node
    wanted = conditions[0] if len(conditions) == 1 else {"allOf": conditions}
    for part in node.setdefault("allOf", []):
        if part.get("if") == wanted:
            then: dict[str, Any] = part["then"]
            return then
    node["allOf"].append({"if": wanted, "then": {}})
    made: dict[str, Any] = node["allOf"][-1]["then"]
    return made
