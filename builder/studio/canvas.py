"""What stands on a form, as a tree of parts that can be picked: the layout's items, and what no item places. Pure.

A part's key is the id of its item, or `@` and the pointer of a cell that has no item of its own; the form's is empty.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from builder.edits.bearers import whole_at, with_more
from builder.edits.branches import terms_along
from builder.edits.spots import (
    Document,
    Refused,
    at,
    defines,
    items_of,
    parts,
    pointer_of,
    schema_path,
    tokens,
)

Shape = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""A cell's schema with what the dictionary says of it."""
PLACING = ("cell", "rows", "part", "crossTable")


@dataclass(slots=True)
class Part:
    """One part of the form."""

    key: str
    kind: str
    """A layout item's kind; of what has no item `cell`, `rows` or `part`."""
    pointer: str = ""
    """That of the entry; empty for what is layout only."""
    item: Mapping[str, Any] | None = None
    schema: Mapping[str, Any] | None = None
    """Of the cell, as the form writes it."""
    needed: bool = False
    conditional: bool = False
    children: list[Part] = field(default_factory=list)
    holder: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether the layout says where it stands."""
        return self.item is not None

    @property
    def own(self) -> Mapping[str, Any]:
        """What holds its texts: the layout item, or the cell's schema."""
        by_schema = self.kind in ("cell", "rows", "part") or self.item is None
        return (self.schema if by_schema else self.item) or {}


def tree(document: Document, shape: Shape, library: object, address: str) -> Part:
    """The form with all its parts, in the order of the screen. Never raises for what a draft may hold.

    `shape` is that of the form at `address` in this library. Neither the document nor the parts may be written to:
    the same document gives the same parts while they are known.
    """
    with _lock:
        for known, of, place, parts_ in _known:
            if known is document and of is library and place == address:
                return parts_
    found = _Tree(document, shape).whole()
    with _lock:
        _known.append((document, library, address, found))
    return found


_lock = Lock()
_known: deque[tuple[Document, object, str, Part]] = deque(maxlen=16)
"""Documents worked on lately: what they refer to, a dictionary says, and it may become another."""


def walk(part: Part) -> Iterator[Part]:
    """The part and all below it, from top to bottom."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(one.children)


def picked(root: Part, key: str) -> Part:
    """The part with this key, a cell of a cross-table too; the form itself where there is none."""
    return (
        next((part for part in walk(root) if part.key == key), None) or _in_table(root, key) or root
    )


def stands_in_table(root: Part, part: Part) -> bool:
    """Whether it is a single cell of a cross-table."""
    return bool(part.holder) and picked(root, part.holder).kind == "crossTable"


def _in_table(root: Part, key: str) -> Part | None:
    """A cell that the form writes behind a cross-table: it is drawn with the table, and no part of the tree."""
    pointer = key.removeprefix("@")
    for table in walk(root):
        if table.kind != "crossTable" or not pointer.startswith(f"{table.pointer}/"):
            continue
        group, needed = table.schema or {}, False
        for step in tokens(pointer.removeprefix(table.pointer)):
            names = group.get("required")
            needed = isinstance(names, list) and step in names
            inner = at(group, ("properties", step)) if "$ref" not in group else None
            group = inner if isinstance(inner, Mapping) else {}
        if group and "properties" not in group:
            return Part(key, "cell", pointer, None, group, needed, holder=table.key)
    return None


class _Tree:
    def __init__(self, document: Document, shape: Shape) -> None:
        self.document, self.shape = document, shape
        self.placed: set[str] = set()
        """The pointers that the layout places."""
        self.taken: set[str] = set()
        self.keys: set[str] = set()

    def whole(self) -> Part:
        root = Part("", "form", "", None, self.document)
        layout = self.document.get("layout")
        items = layout if isinstance(layout, list) else []
        self.placed = set(_pointers(items))
        root.children = [part for item in items for part in self._item(item, "")]
        root.children += self._rest(self.document, (), "")
        return root

    def _item(self, item: Any, holder: str) -> Iterator[Part]:
        if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
            return
        kind, key = str(item.get("kind", "")), item["id"]
        if key in self.keys:
            return
        self.keys.add(key)
        part = Part(key, kind, holder=holder, item=item)
        if kind in PLACING and _is_pointer(item.get("at")):
            self._placing(part, item["at"])
        part.children += [inner for one in items_of(item) for inner in self._item(one, key)]
        yield part

    def _placing(self, part: Part, pointer: str) -> None:
        part.pointer = pointer
        try:
            path = schema_path(self.document, pointer)
        except Refused:
            return
        schema = at(self.document, path)
        part.schema = schema if isinstance(schema, Mapping) else {}
        part.needed = self._is_needed(path)
        part.conditional = bool(terms_along(self.document, path))
        if part.kind in ("part", "rows"):
            whole = whole_at(self.document, pointer)
            part.children = self._members(whole, pointer, part.key, rows=part.kind == "rows")

    def _is_needed(self, path: tuple[str | int, ...]) -> bool:
        names = at(self.document, (*path[:-2], "required"))
        return isinstance(names, list) and path[-1:] != () and path[-1] in names

    def _members(
        self, schema: Mapping[str, Any], pointer: str, holder: str, *, rows: bool
    ) -> list[Part]:
        """The cells of a group or of the rows of a list that the form itself defines."""
        inner = schema.get("items") if rows else schema
        if not isinstance(inner, Mapping) or "$ref" in inner:
            return []
        steps = tokens(pointer) + (("*",) if rows else ())
        return self._rest(inner, steps, holder)

    def _rest(self, schema: Mapping[str, Any], above: tuple[str, ...], holder: str) -> list[Part]:
        """What the layout does not place of an object's members."""
        return [
            part
            for name, inner, needed, conditional in _properties(schema)
            for part in self._member((*above, name), inner, holder, needed, conditional)
        ]

    def _member(
        self, steps: tuple[str, ...], schema: Any, holder: str, needed: bool, conditional: bool
    ) -> Iterator[Part]:
        pointer = pointer_of(steps)
        if pointer in self.placed or f"@{pointer}" in self.keys:
            return
        node = schema if isinstance(schema, Mapping) else {}
        part = Part(f"@{pointer}", self._kind(node), pointer, None, node, needed, conditional)
        part.holder = holder
        self.keys.add(part.key)
        if part.kind in ("part", "rows"):
            part.children = self._members(node, pointer, part.key, rows=part.kind == "rows")
        if self._has_placed(pointer) and part.kind == "part" and not part.children:
            return
        yield part

    def _has_placed(self, pointer: str) -> bool:
        return any(one.startswith(f"{pointer}/") for one in self.placed)

    def _kind(self, schema: Mapping[str, Any]) -> str:
        whole = self.shape(schema)
        if whole.get("type") == "array" and whole.get("uniqueItems") is not True:
            return "rows"
        is_object = whole.get("type") == "object" or (
            "type" not in whole and isinstance(whole.get("properties"), Mapping)
        )
        is_part = is_object and whole.get("format") != "attachment"
        return "part" if is_part or "by" in whole else "cell"


def _is_pointer(named: Any) -> bool:
    """Whether an item's `at` may lead anywhere; a draft's layout may say anything."""
    return isinstance(named, str) and named[:1] in ("", "/")


def _pointers(items: Any) -> Iterator[str]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping):
            if item.get("kind") in PLACING and _is_pointer(item.get("at")):
                yield item["at"]
            yield from _pointers(items_of(item))


def _properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, bool, bool]]:
    """Each member with its schema, whether it is needed, and whether it is there under a condition only."""
    order = schema.get("propertyOrder")
    found: dict[str, tuple[str, Any, bool, bool]] = {}
    for path in parts(schema):
        holder = at(schema, path)
        names = holder.get("required")
        required = names if isinstance(names, list) else []
        properties = holder.get("properties")
        for name, inner in properties.items() if isinstance(properties, Mapping) else ():
            row = (name, inner, name in required, path != ())
            if name in found:  # a branch may put something into a group that stands elsewhere
                kept = row if defines(inner) and not defines(found[name][1]) else found[name]
                row = (name, with_more(found[name][1], inner), kept[2], kept[3])
            found[name] = row
    first = (
        [n for n in order if isinstance(n, str) and n in found] if isinstance(order, list) else []
    )
    for name in dict.fromkeys((*first, *found)):
        yield found[name]
