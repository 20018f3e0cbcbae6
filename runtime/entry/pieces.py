"""A form drawn part by part, each as the screen shows it, for who works on the form. Not for whole screens."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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
from runtime.fields.base import MISSING
from runtime.language import gettext as _


class Pieces:
    """The parts of a plan without data, each with an empty row where it is a list, whether or not it is shown now."""

    def __init__(self, plan: parts.Plan) -> None:
        self.plan = replace(plan, root=_always(plan.root))
        nothing: Any = MISSING if isinstance(plan.root, parts.Cell) else {}
        data = _with_rows(self.plan, self.plan.root, (), nothing)
        self._screen = Screen(self.plan, place(self.plan, data), Sheet())
        for drawn in self._screen.cells:
            _as_filled(drawn)
        self._found: dict[str, Drawn] = {}
        self._html: dict[str, Markup] = {}
        for drawn in _all(self._screen.root):
            self._found.setdefault(_key(drawn), drawn)
        self._choices = {
            k.partition("#")[0]: k for k, d in self._found.items() if d.kind == "choice"
        }
        self._alone = [key for key, drawn in self._found.items() if drawn.kind != "group"]

    def at(self, pointer: str) -> Markup | None:
        """What is drawn for the cell, list, group or choice at a pointer of the entry; None where nothing is."""
        return self._drawn(pointer if pointer in self._found else self._choices.get(pointer, ""))

    def besides(self, pointer: str, known: Collection[str]) -> list[Markup]:
        """What is drawn within the object at a pointer (empty: the form) and belongs to none of the `known` pointers.

        That is what has no name of its own, like a choice between shapes or members of any name, and what a
        reference brings in. A cross-table is known as `#` and the id of its layout item.
        """
        found = self._found.get(pointer) if pointer else self._screen.root
        keys = _unknown(found, known) if found is not None else ()
        return [html for key in keys if (html := self._drawn(key))]

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


def _unknown(drawn: Drawn, known: Collection[str]) -> Iterator[str]:
    """The keys of what stands in a part, and of the part itself if it is no group, as far as nobody knows them."""
    if drawn.kind in _KINDS and drawn.kind != "group":
        yield _key(drawn)
        return
    for child in drawn.children:
        key = _key(child)
        if child.kind not in _KINDS:
            yield from _unknown(child, known)
        elif key in known:
            continue
        elif child.kind == "group" and not any(one.startswith(f"{key}/") for one in known):
            yield key
        else:
            yield from _unknown(child, known)


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
