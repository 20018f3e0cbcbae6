"""A form drawn part by part, each as the screen shows it, for who works on the form. Not for whole screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from msgspec.structs import replace

from runtime.definitions import plan as parts
from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.place import place
from runtime.definitions.values import with_value
from runtime.entry.change import blank
from runtime.entry.drawn import Drawn, Sheet
from runtime.entry.screen import Screen, apart
from runtime.entry.state import ASK, KNOWN
from runtime.language import gettext as _


class Pieces:
    """The parts of a plan without data, each with an empty row where it is a list, whether or not it is shown now."""

    def __init__(self, plan: parts.Plan) -> None:
        self.plan = replace(plan, root=_always(plan.root))
        data = _with_rows(self.plan, self.plan.root, (), {})
        self._screen = Screen(self.plan, place(self.plan, data), Sheet())
        for drawn in self._screen.cells:
            _as_filled(drawn)
        self._found: dict[str, Drawn] = {}
        self._html: dict[str, Markup] = {}
        for drawn in _all(self._screen.root):
            self._found.setdefault(_key(drawn), drawn)
        self._besides = _beside(self._found)
        self._alone = [key for key, drawn in self._found.items() if drawn.kind != "group"]

    def at(self, pointer: str) -> Markup | None:
        """What is drawn for the cell, list, group or choice at a pointer of the entry; None where nothing is."""
        besides = self._besides.get(pointer, ())
        return self._drawn(pointer if pointer in self._found or not besides else besides[0])

    def besides(self, pointer: str) -> list[Markup]:
        """What a group has that no name of its own leads to: choices between its shapes, and members of any name."""
        if pointer not in self._found:
            return []
        return [html for key in self._besides.get(pointer, ()) if (html := self._drawn(key))]

    def table(self, name: str) -> Markup | None:
        """The cross-table of the layout item `name`; None where there is none."""
        return self._drawn(f"#{name}")

    def cell(self, pointer: str) -> parts.Cell | None:
        """The cell at a pointer, as it was compiled; None where there is none."""
        found = self._found.get(pointer)
        node = found.node if found is not None and found.kind == "cell" else None
        return node if isinstance(node, parts.Cell) else None

    def _drawn(self, key: str) -> Markup | None:
        found = self._found.get(key)
        if found is None:
            return None
        if key not in self._html:
            keys = [key] if found.kind == "group" else list(self._alone)
            self._html |= zip(
                keys, apart(self._screen, [self._found[k] for k in keys]), strict=True
            )
        return self._html[key]


def _key(drawn: Drawn) -> str:
    """Tables are told apart by their items, all else by its place."""
    node = getattr(drawn, "node", None)
    return f"#{node.id}" if isinstance(node, parts.CrossTable) else drawn.name


def _beside(found: dict[str, Drawn]) -> dict[str, list[str]]:
    """By the pointer of an object: the keys of what is drawn within it under no name of its own (`/pay#oneOf`)."""
    keys: dict[str, list[str]] = {}
    for key, drawn in found.items():
        if drawn.kind in ("choice", "rows") and "#" in key:
            keys.setdefault(key.partition("#")[0], []).append(key)
    return keys


def _as_filled(drawn: Drawn) -> None:
    """What is filled is shown as known: that nothing is known yet says something of an entry, not of the form."""
    if drawn.state == ASK and (drawn.face.filled or drawn.face.fact):
        drawn.state, drawn.message = KNOWN, "" if drawn.brief else _("filled")


_KINDS = {"cell", "rows", "group", "choice", "locked", "recursion", "crossTable"}


def _all(drawn: Drawn) -> Iterator[Drawn]:
    waiting = [drawn]
    while waiting:
        one = waiting.pop()
        if one.kind in _KINDS:
            yield one
        if one.kind != "rows":
            waiting.extend(reversed(one.children))


def _always(node: Any) -> Any:
    """The part without its conditions, and all within it likewise."""
    changed: dict[str, Any] = {"when": ()} if node.when else {}
    children = getattr(node, "children", None)
    if children:
        fresh = tuple(map(_always, children))
        if any(a is not b for a, b in zip(fresh, children, strict=True)):
            changed["children"] = fresh
    if isinstance(node, parts.Rows):
        changed["item"] = _always(node.item)
    return replace(node, **changed) if changed else node


def _with_rows(plan: parts.Plan, node: Any, above: parts.Path, data: dict[str, Any]) -> Any:
    """Data with one empty row in each list that stands in no other; others begin empty."""
    here = above + node.path
    if isinstance(node, parts.Rows):
        if node.named is not None:
            return data
        return with_value(data, pointer_of(*here), [blank(plan, node.item)])
    if isinstance(node, parts.Group) and node.elements:
        return data
    for child in getattr(node, "children", ()):
        data = _with_rows(plan, child, here, data)
    return data
