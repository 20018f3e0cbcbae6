"""Where things stand in a form's document: items of the layout, schemas of cells; and changing one of them. Pure.

A pointer is that of the entry (`/services/visited`, `/children/*/name`); a path leads through the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.api import MISSING
from runtime.api import gettext as _

Document = dict[str, Any]
Steps = tuple[str | int, ...]
"""Keys and places of lists from the document's root."""
_DEFINING = ("type", "$ref", "title", "const", "enum", "oneOf")
HOLDERS = ("section", "columns")
"""The kinds of items that hold others."""


class Refused(ValueError):
    """A step that cannot be done on this document; the text says why, in the language in force."""


class ChangedMeanwhile(Refused):
    """A step on what somebody else has taken away or set otherwise; the text says both."""


class SetMeanwhile(ChangedMeanwhile):
    """A property, by its `name`, that somebody else has set since it was shown: it is `now` this."""

    def __init__(self, words: str, name: str, now: str) -> None:
        super().__init__(words)
        self.name, self.now = name, now


@dataclass(frozen=True, slots=True)
class Found:
    """An item of the layout: it, what stands beside it, its place among them, and the id of what holds it."""

    item: Mapping[str, Any]
    siblings: Sequence[Any]
    index: int
    holder: str
    """Empty: the form itself."""


def layout_of(document: Document) -> list[Any]:
    """The items at the top of the layout; raises `Refused` where it is no list."""
    layout = document.get("layout", [])
    if not isinstance(layout, list):
        raise Refused(_("The layout of this form is not a list; mend it in the JSON first."))
    return layout


def items_of(item: Any) -> list[Any]:
    """What an item holds."""
    held = item.get("items") if isinstance(item, Mapping) and item.get("kind") in HOLDERS else None
    return held if isinstance(held, list) else []


def all_items(document: Document) -> Iterator[Mapping[str, Any]]:
    """All items of the layout that have an id, from top to bottom."""
    waiting = list(reversed(layout_of(document)))
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            yield item
            waiting += reversed(items_of(item))


def find(document: Document, name: str) -> Found:
    """The item with this id; raises `Refused` where there is none, since somebody may have taken it away."""
    waiting: list[tuple[Sequence[Any], str]] = [(layout_of(document), "")]
    while waiting:
        siblings, holder = waiting.pop()
        for index, item in enumerate(siblings):
            if not isinstance(item, Mapping):
                continue
            if item.get("id") == name:
                return Found(item, siblings, index, holder)
            waiting.append((items_of(item), str(item.get("id", ""))))
    raise ChangedMeanwhile(_("This part of the form is no longer there."))


def with_items(
    document: Document, holder: str, change: Callable[[list[Any]], list[Any]]
) -> Document:
    """The document with other items in a holder (empty: at the top). Raises `Refused` where there is none."""
    if not holder:
        return {**document, "layout": change(list(layout_of(document)))}
    find(document, holder)
    return {**document, "layout": _within(layout_of(document), holder, change)}


def _within(
    items: Sequence[Any], holder: str, change: Callable[[list[Any]], list[Any]]
) -> list[Any]:
    return [_changed(item, holder, change) for item in items]


def _changed(item: Any, holder: str, change: Callable[[list[Any]], list[Any]]) -> Any:
    held = items_of(item)
    if isinstance(item, Mapping) and item.get("id") == holder:
        return {**item, "items": change(list(held))}
    if not held:
        return item
    fresh = _within(held, holder, change)
    same = all(a is b for a, b in zip(held, fresh, strict=True))
    return item if same else {**item, "items": fresh}


def at(value: Any, path: Steps) -> Any:
    """What stands at a path; `MISSING` where nothing does."""
    for step in path:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step] if 0 <= step < len(value) else MISSING
        else:
            value = value.get(step, MISSING) if isinstance(value, Mapping) else MISSING
        if value is MISSING:
            return MISSING
    return value


def with_at(value: Any, path: Steps, fresh: Any) -> Any:
    """The value with something else at a path; `MISSING` takes it away, and objects on the way are made."""
    if not path:
        return fresh
    step, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(step, int):
        inner = with_at(value[step], rest, fresh)
        kept = [] if inner is MISSING else [inner]
        return [*value[:step], *kept, *value[step + 1 :]]
    held = dict(value) if isinstance(value, Mapping) else {}
    inner = with_at(held.get(str(step), MISSING), rest, fresh)
    if inner is MISSING or (inner == {} and fresh is MISSING and rest):
        held.pop(str(step), None)
    else:
        held[str(step)] = inner
    return held


def tokens(pointer: str) -> tuple[str, ...]:
    """The steps of a pointer of the entry. None for a text that begins with no slash: a layout may say anything."""
    return tuple(t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:])


def pointer_of(steps: Sequence[str]) -> str:
    """The pointer of these steps."""
    return "".join("/" + s.replace("~", "~0").replace("/", "~1") for s in steps)


def schema_path(document: Document, pointer: str) -> Steps:
    """Where the schema of a cell stands, conditional or not; raises `Refused` where the form does not say it."""
    first: Steps | None = None
    for path in schema_paths(document, pointer):
        if defines(at(document, path)):
            return path
        first = path if first is None else first
    if first is None:
        raise Refused(_("The form has no cell at %(pointer)s.", pointer=pointer))
    return first


def defines(schema: Any) -> bool:
    """Whether a schema says what a cell is, and not only more about it, or about what stands within it."""
    return isinstance(schema, Mapping) and any(keyword in schema for keyword in _DEFINING)


def schema_paths(document: Document, pointer: str) -> Iterator[Steps]:
    """All places that say something of a cell: first where it is always, then under conditions."""
    yield from _paths(document, (), tokens(pointer))


def schema_at(document: Document, pointer: str) -> Any:
    """The schema of a cell. Raises `Refused` where the form does not say it."""
    return at(document, schema_path(document, pointer))


def _paths(document: Document, path: Steps, left: tuple[str, ...]) -> Iterator[Steps]:
    if not left:
        yield path
        return
    for inner in _steps(document, path, left[0]):
        yield from _paths(document, inner, left[1:])


def _steps(document: Document, path: Steps, name: str) -> Iterator[Steps]:
    """From the schema of an object or list to its member's: in `properties`, or in a part under a condition."""
    schema = at(document, path)
    if not isinstance(schema, Mapping):
        return
    if (name == "*" or name.isdecimal()) and isinstance(schema.get("items"), Mapping):
        yield (*path, "items")
        return
    for inner in parts(schema):
        if isinstance(at(schema, (*inner, "properties", name)), Mapping | bool):
            yield (*path, *inner, "properties", name)


def parts(schema: Mapping[str, Any], above: Steps = ()) -> Iterator[Steps]:
    """The schema itself, and all that say something of the same object under a condition."""
    yield above
    for keyword in ("then", "else"):
        if isinstance(inner := schema.get(keyword), Mapping):
            yield from parts(inner, (*above, keyword))
    some = schema.get("allOf")
    for n, inner in enumerate(some if isinstance(some, list) else ()):
        if isinstance(inner, Mapping):
            yield from parts(inner, (*above, "allOf", n))
    for name, inner in _members(schema.get("dependentSchemas")):
        yield from parts(inner, (*above, "dependentSchemas", name))


def _members(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        if isinstance(inner, Mapping):
            yield name, inner
