"""The places that an entry of a form may have, and the schemas that speak of each. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from runtime.definitions.address import pointer
from runtime.definitions.view import Target, View, as_list, as_map

Path = tuple[str, ...]
"""Steps from the entry's root; `*` stands for every row."""

ROWS = "*"
_DEEPEST = 24
_MOST = 60_000
_IN_PLACE = ("then", "else")
_IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")


@dataclass(slots=True)
class Spot:
    """One place: the schemas that speak of it, each with its pointer in the form (None: it is elsewhere)."""

    path: Path
    parts: list[tuple[dict[str, Any], str | None]] = field(default_factory=list)
    definitions: list[Target] = field(default_factory=list)
    """The fields or indicators that it refers to, or lies within."""
    children: set[str] = field(default_factory=set)

    @property
    def place(self) -> str | None:
        """The pointer of the first schema in the form that speaks of it."""
        return next((place for _schema, place in self.parts if place is not None), None)

    def says(self, key: str) -> Any:
        """What the nearest schema says under `key`, or None."""
        return next((schema[key] for schema, _place in self.parts if key in schema), None)

    def number(self) -> bool:
        """Whether a number stands here."""
        return self.says("type") in ("integer", "number")


class Spots(dict[Path, Spot]):
    """All places of a form by path, in the order of the schema."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._visit((), view.document, "", view.address, frozenset({(view.address, "")}), ())

    def leaf(self, path: Path) -> bool:
        """Whether one value stands there: nothing below it, or a list of mere values."""
        children = self[path].children
        return not children or (children == {ROWS} and not self[(*path, ROWS)].children)

    def below(self, path: Path) -> list[Path]:
        """The place itself and all below it."""
        return [other for other in self if other[: len(path)] == path]

    def _visit(
        self,
        path: Path,
        schema: Any,
        place: str | None,
        base: str,
        trail: frozenset[tuple[str, str]],
        definitions: tuple[Target, ...],
    ) -> None:
        if not isinstance(schema, dict) or len(path) > _DEEPEST or len(self) > _MOST:
            return
        spot = self.setdefault(path, Spot(path))
        spot.parts.append((schema, place))
        spot.definitions += [one for one in definitions if one not in spot.definitions]

        def inner(at: Path, part: Any, *steps: str | int) -> None:
            there = None if place is None else place + pointer(*steps)
            self._visit(at, part, there, base, trail, definitions)

        self._refer(spot, schema, base, trail, definitions)
        for key in _IN_PLACE_LISTS:
            for n, part in enumerate(as_list(schema.get(key))):
                inner(path, part, key, n)
        for key in _IN_PLACE:
            inner(path, schema.get(key), key)
        for name, part in as_map(schema.get("dependentSchemas")).items():
            inner(path, part, "dependentSchemas", name)
        for name, part in as_map(schema.get("properties")).items():
            spot.children.add(name)
            self.setdefault((*path, name), Spot((*path, name)))
            inner((*path, name), part, "properties", name)
        if isinstance(schema.get("items"), dict):
            spot.children.add(ROWS)
            inner((*path, ROWS), schema["items"], "items")

    def _refer(
        self,
        spot: Spot,
        schema: dict[str, Any],
        base: str,
        trail: frozenset[tuple[str, str]],
        definitions: tuple[Target, ...],
    ) -> None:
        reference = schema.get("$ref")
        target = self._view.target(reference, base) if isinstance(reference, str) else None
        if target is None or (target.address, target.fragment) in trail:
            return
        if target.kind in ("register", "indicators") and not definitions:
            definitions = (target,)
        place = target.fragment if target.address == self._view.address else None
        seen = trail | {(target.address, target.fragment)}
        self._visit(spot.path, target.schema, place, target.address, seen, definitions)
