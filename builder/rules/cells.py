"""The cells that a form itself writes, and what the condition of one of them may read. Not for saying rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from referencing.exceptions import Unresolvable

from builder.edits.bearers import with_more
from builder.edits.branches import Term
from builder.edits.conditions import conditions_of
from builder.edits.spots import Document, Refused, at, parts, pointer_of, tokens
from builder.rules.fields import Field, fields_of
from builder.rules.rows import Path
from runtime.api import Library, Texts, texts_of

DEEPEST = 12


class Cells:
    """The cells, groups and lists of one form by their pointers, in the order of the schema."""

    def __init__(self, library: Library, address: str, document: Document) -> None:
        self.library, self.address, self.document = library, address, document
        self.schemas: dict[str, Mapping[str, Any]] = {}
        for steps, schema in _cells(document, ()):
            self.schemas.setdefault(pointer_of(steps), schema)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All single cells as fields, with the way through the entry as their path; `*` for each row."""
        found = []
        for pointer, schema in self.schemas.items():
            steps = tokens(pointer)
            if "$ref" not in schema and _has_members(schema):
                continue
            told = fields_of(self.library, self.address, {"properties": {steps[-1]: schema}})
            if isinstance(schema.get("$ref"), str) and "by" in self.referred(schema["$ref"]):
                told = self._total(schema, told)
            found += [replace(one, path=(*steps[:-1], *one.path)) for one in told]
        return tuple(found)

    def _total(self, schema: Mapping[str, Any], told: tuple[Field, ...]) -> tuple[Field, ...]:
        """Of an indicator that is broken down the figure of all, under the indicator's title."""
        title = texts_of(schema) or texts_of(self.referred(schema["$ref"]))
        whole = [one for one in told if set(one.path[1:]) == {"total"}]
        return tuple(replace(one, title=title) for one in whole if title)

    def title(self, pointer: str) -> Texts:
        """What a cell is called; its name where it has no title."""
        steps = tokens(pointer)
        schema = self.schemas.get(pointer, {})
        found = self._titles.get(steps) or texts_of(schema)
        reference = schema.get("$ref")
        if not found and isinstance(reference, str):
            found = texts_of(self.referred(reference))
        return found or {"en": steps[-1] if steps else ""}

    @cached_property
    def _titles(self) -> dict[Path, Texts]:
        return {one.path: one.title for one in self.fields}

    def referred(self, reference: str) -> Mapping[str, Any]:
        """What a reference of the form leads to; empty where it leads nowhere."""
        try:
            found = self.library.registry.resolver(self.address).lookup(reference).contents
        except (Unresolvable, ValueError, TypeError, LookupError):  # a draft may refer to anything
            return {}
        return found if isinstance(found, Mapping) else {}

    def readable(self, pointer: str) -> tuple[Field, ...]:
        """What a condition of the cell may compare: what stands outside of lists, and in the cell's own row.

        What is within the cell, or is there only because of it, is left out. Cells of other groups say theirs.
        """
        steps = tokens(pointer)
        hanging = self._hanging(pointer)
        found = []
        for one in self.fields:
            place = pointer_of(one.path)
            if _stands_around(one.path, steps) and not _within(place, {pointer, *hanging}):
                found.append(self._called(one, steps))
        return tuple(found)

    def called(self, steps: Path) -> tuple[Field, ...]:
        """All fields as they are called from the cell at `steps`."""
        return tuple(self._called(one, steps) for one in self.fields)

    def reads(self, pointer: str) -> set[str]:
        """The pointers of the cells that decide whether this one is there."""
        try:
            terms = conditions_of(self.document, pointer)
        except Refused:
            return set()
        return {place for term in terms for place in reads_of(term)}

    def _hanging(self, pointer: str) -> set[str]:
        """The cells that are there only because of this one, by way of others too."""
        reading = {place: self.reads(place) for place in self.schemas}
        found: set[str] = set()
        waiting = [pointer]
        while waiting:
            one = waiting.pop()
            for place, read in reading.items():
                if place not in found and any(_within(r, {one}) for r in read):
                    found.add(place)
                    waiting.append(place)
        return found

    def _called(self, one: Field, steps: Path) -> Field:
        """With the title of its group before its own, where that is not the group of the cell at `steps`."""
        around = self._around(one.path)
        if not around or around[-1] == "*" or around == steps[:-1]:
            return one
        group = self.title(pointer_of(around))
        return replace(one, title=_joined(group, one.title))

    def _around(self, path: Path) -> Path:
        """The group of a cell; of what the dictionary defines within a cell that cell, of a breakdown its group."""
        for n in range(len(path) - 1, 0, -1):
            schema = self.schemas.get(pointer_of(path[:n]))
            if schema is not None and isinstance(schema.get("$ref"), str):
                return path[: n - 1] if "by" in self.referred(schema["$ref"]) else path[:n]
        return path[:-1]


def reads_of(term: Term) -> set[str]:
    """The pointers that a condition compares."""
    return {pointer_of((*tokens(term.home), *path)) for path in _compared(term.schema)}


def _compared(schema: Any) -> Iterator[Path]:
    if not isinstance(schema, Mapping):
        return
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, Mapping) else ():
        below = list(_compared(inner))
        yield from [(name, *path) for path in below] or [(name,)]
    names = schema.get("required")
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and not (isinstance(properties, Mapping) and name in properties):
            yield (name,)
    for keyword in ("allOf", "anyOf", "oneOf"):
        some = schema.get(keyword)
        for part in some if isinstance(some, list) else ():
            yield from _compared(part)
    yield from _compared(schema.get("not"))


def _cells(schema: Any, above: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Members of an object, of its rows and of its groups, those under conditions too; groups before what they hold."""
    if not isinstance(schema, Mapping) or len(above) > DEEPEST:
        return
    found: dict[str, Any] = {}
    for path in parts(schema):
        properties = at(schema, (*path, "properties"))
        for name, inner in properties.items() if isinstance(properties, Mapping) else ():
            found[name] = with_more(found[name], inner) if name in found else inner
    for name, inner in found.items():
        node = inner if isinstance(inner, Mapping) else {}
        yield (*above, name), node
        if "$ref" in node:
            continue
        yield from _cells(node, (*above, name))
        if isinstance(node.get("items"), Mapping) and _has_members(node["items"]):
            yield from _cells(node["items"], (*above, name, "*"))


def _has_members(schema: Mapping[str, Any]) -> bool:
    return any(isinstance(at(schema, (*p, "properties")), Mapping) for p in parts(schema))


def _stands_around(path: Path, steps: Path) -> bool:
    """Whether all lists on the way to a cell are those around the other."""
    deep = max((n for n, step in enumerate(path) if step == "*"), default=-1)
    return path[: deep + 1] == steps[: deep + 1]


def _within(place: str, pointers: set[str]) -> bool:
    return any(place == p or place.startswith(f"{p}/") for p in pointers)


def _joined(group: Texts, own: Texts) -> Texts:
    tags = dict.fromkeys((*own, *group))
    return {
        tag: f"{group.get(tag, group.get('en', ''))}: {own.get(tag, own.get('en', ''))}"
        for tag in tags
    }
