"""What a schema says of one place: itself, what it refers to, `allOf`, and what holds on conditions. Not for parts.

A *face* is one schema object that applies to the place, with the guards under which it does. The faces of a place
are in the order in which their annotations win: the nearest to the form first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from runtime.definitions.address import tokens
from runtime.definitions.plan import Condition, Path, Words
from runtime.definitions.resolve import Space
from runtime.definitions.texts import texts_of
from runtime.language import Texts

Guards = tuple[Condition, ...]

_ANNOTATIONS = ("title", "description", "help", "readOnly", "default", "translations", "width")
_REFERENCE = frozenset(
    {
        "$ref",
        "title",
        "description",
        "help",
        "translations",
        "default",
        "width",
        "$comment",
        "whenHidden",
    }
)
_MOST_FACES = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A schema object at a place, the resolver within it, and the guards under which it applies."""

    schema: dict[str, Any]
    resolver: Any
    guards: Guards = ()
    shadow: bool = False
    """Gives annotations only: beside a `$ref` of an old draft nothing else counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A schema not yet looked into."""

    schema: Any
    resolver: Any
    guards: Guards = ()


class Faces:
    """All faces of one place."""

    def __init__(self, space: Space, starts: Sequence[Start]) -> None:
        self._space = space
        self.starts = tuple(starts)
        self.all: list[Face] = []
        self.lock = ""
        """Keyword that keeps the place from being drawn, as far as the faces alone say so."""
        self.with_null = False
        """Null is allowed by a union (`anyOf: [{…}, {type: null}]`) whose other branch is among the faces."""
        seen: set[tuple[int, int]] = set()
        waiting = list(reversed(starts))
        while waiting and len(self.all) < _MOST_FACES:
            start = waiting.pop()
            if start.schema is False and not start.guards:
                self.lock = self.lock or "false"
            if not isinstance(start.schema, dict):
                continue
            mark = (id(start.schema), hash(tuple(map(_mark, start.guards))))
            if mark in seen:
                continue
            seen.add(mark)
            waiting.extend(reversed(list(self._look(start))))

    def _look(self, start: Start) -> Iterator[Start]:
        """Note the face of `start`, and give what else applies because of it."""
        schema, guards = start.schema, start.guards
        resolver = self._space.inside(start.resolver, schema)
        old = self._space.draft < 19 and isinstance(schema.get("$ref"), str)
        self.all.append(Face(schema, resolver, guards, old))
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(schema.get(keyword), str):
                yield from self._follow(schema[keyword], resolver, guards, keyword)
        if old:
            return
        for part in _list(schema, "allOf"):
            yield Start(part, resolver, guards)
        if "if" in schema:
            yield from self._branches(schema, resolver, guards)
        for name, part in _dependents(schema):
            held = Condition(schema={"type": "object", "required": [name]})
            yield Start(part, resolver, (*guards, held))

    def _follow(self, reference: str, resolver: Any, guards: Guards, kind: str) -> Iterator[Start]:
        if kind == "$ref":
            found = self._space.follow(resolver, reference)
        else:
            found = self._space.follow_dynamic(resolver, reference, kind)
        if found is None:
            if not guards:
                self.lock = self.lock or kind
            return
        contents, inner = found
        yield Start(contents, inner, guards)

    def _branches(self, schema: dict[str, Any], resolver: Any, guards: Guards) -> Iterator[Start]:
        condition = schema["if"]
        place = self._space.place_of(condition)
        if not isinstance(condition, dict) or not place:
            branch = "then" if condition is True else "else"
            if isinstance(condition, bool) and branch in schema:
                yield Start(schema[branch], resolver, guards)
            return
        for branch, negate in (("then", False), ("else", True)):
            if branch in schema:
                held = Condition(schema=place, negate=negate)
                yield Start(schema[branch], resolver, (*guards, held))

    @property
    def firm(self) -> list[Face]:
        """The faces that apply whatever the data are."""
        return [face for face in self.all if not face.guards and not face.shadow]

    @property
    def assertive(self) -> list[Face]:
        """The faces that are more than annotations, guarded ones as well."""
        return [face for face in self.all if not face.shadow]

    def first(self, keyword: str) -> Any:
        """The value of a keyword nearest to the form; None where no face has it."""
        for face in self.all:
            if not face.guards and keyword in face.schema:
                if face.shadow and keyword not in _ANNOTATIONS:
                    continue
                return face.schema[keyword]
        return None

    def some(self, keyword: str) -> bool:
        """Whether a face that always applies has the keyword."""
        return any(keyword in face.schema for face in self.firm)

    def types(self) -> frozenset[str] | None:
        """The types that all faces allow; None where none says."""
        allowed: frozenset[str] | None = None
        for face in self.firm:
            named = face.schema.get("type")
            if isinstance(named, str):
                named = [named]
            if not isinstance(named, list):
                continue
            these = frozenset(t for t in named if isinstance(t, str))
            if "number" in these:
                these |= {"integer"}
            allowed = these if allowed is None else allowed & these
        if allowed is not None and "number" in allowed:
            allowed -= {"integer"}
        return allowed

    def texts(self, keyword: str) -> Texts:
        """A text nearest to the form."""
        for face in self.all:
            if not face.guards:
                texts = texts_of(face.schema, keyword)
                if texts:
                    return texts
        return {}

    def words(self, name: str = "") -> Words:
        """Title (else the member's name), description, help and unit."""
        title = self.texts("title") or ({"en": name} if name else {})
        return Words(title, self.texts("description"), self.texts("help"), self.texts("unit"))

    def key(self) -> str:
        """What tells this place's schema from others: where its faces stand, but for mere references."""
        telling = [face for face in self.firm if not _REFERENCE.issuperset(face.schema)]
        found = [(self._space.place_of(face.schema), face) for face in telling or self.firm]
        # What was added to tell types apart stands nowhere: the type itself says what it is.
        key = "|".join(place or str(face.schema.get("type")) for place, face in found)
        scope = self._space.scope(self.firm[0].resolver) if self.firm else ""
        return f"{key} {scope}" if scope else key

    def places(self) -> Iterator[tuple[str, Path]]:
        """Each face that always applies: its document and the steps within it."""
        for face in self.all:
            if not face.guards:
                address, _hash, fragment = self._space.place_of(face.schema).partition("#")
                yield home(address, tokens(unquote(fragment)))


def home(address: str, steps: Path) -> tuple[str, Path]:
    """The document that a place within a bundle comes from: `$defs/<address>/…` is of `address`."""
    if len(steps) > 1 and steps[0] == "$defs" and "://" in steps[1]:
        return steps[1], steps[2:]
    return address, steps


def raised(guards: Guards, levels: int) -> Guards:
    """The guards of a place as they are read from `levels` further below."""
    return tuple(
        Condition(schema=g.schema, at=g.at, negate=g.negate, up=g.up + levels) for g in guards
    )


def _mark(guard: Condition) -> str:
    return f"{guard.schema}{guard.negate}{guard.up}{guard.at}"


def _list(schema: dict[str, Any], keyword: str) -> list[Any]:
    found = schema.get(keyword)
    return found if isinstance(found, list) else []


def _dependents(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for keyword in ("dependentSchemas", "dependencies"):
        found = schema.get(keyword)
        if isinstance(found, dict):
            yield from ((n, part) for n, part in found.items() if isinstance(part, dict | bool))
