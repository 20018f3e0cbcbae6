"""The documents of one compilation: which there are, how references lead through them, where each part stands.

Not for drawing. Nothing is ever fetched: what a `$ref` names must be in the registry.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urldefrag, urljoin

import jsonschema_rs
from referencing import Resource, Specification
from referencing.exceptions import NoSuchResource, Unresolvable, Unretrievable
from referencing.jsonschema import (
    DRAFT4,
    DRAFT6,
    DRAFT7,
    DRAFT201909,
    DRAFT202012,
    SchemaRegistry,
    lookup_recursive_ref,
)

from runtime.definitions import dialect
from runtime.definitions.address import SCHEMAS, pointer
from runtime.definitions.json import DEEPEST
from runtime.errors import DefinitionError, Problem
from runtime.language import gettext as _

ROOT = "json-schema:///root"
"""The address of a schema that has none."""

_DRAFTS: dict[str, tuple[int, Specification[Any]]] = {
    "json-schema.org/draft-03/schema": (jsonschema_rs.Draft4, DRAFT4),
    "json-schema.org/draft-04/schema": (jsonschema_rs.Draft4, DRAFT4),
    "json-schema.org/draft-06/schema": (jsonschema_rs.Draft6, DRAFT6),
    "json-schema.org/draft-07/schema": (jsonschema_rs.Draft7, DRAFT7),
    "json-schema.org/draft/2019-09/schema": (jsonschema_rs.Draft201909, DRAFT201909),
    "json-schema.org/draft/2020-12/schema": (jsonschema_rs.Draft202012, DRAFT202012),
    "json-schema.org/schema": (jsonschema_rs.Draft202012, DRAFT202012),
}
_FRAGMENT = "/~!$&'()*+,;=:@?-._"
_DATA = frozenset({"const", "enum", "default", "examples", "example"})


def draft_of(schema: Any) -> tuple[int, Specification[Any]]:
    """The draft by which a schema is read: that of its `$schema`, else 2020-12."""
    named = schema.get("$schema") if isinstance(schema, dict) else None
    if not isinstance(named, str):
        return jsonschema_rs.Draft202012, DRAFT202012
    short = named.partition("://")[2].rstrip("#")
    return _DRAFTS.get(short, (jsonschema_rs.Draft202012, DRAFT202012))


def is_standard(named: Any) -> bool:
    """Whether a `$schema` names one of the published drafts."""
    return isinstance(named, str) and named.partition("://")[2].rstrip("#") in _DRAFTS


def copied(schema: Any) -> Any:
    """A copy in which no two places are the same object. Raises `DefinitionError` for what is not JSON."""
    return _copied(schema, 0)


def _copied(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise DefinitionError(
            _("The schema is nested more than %(most)s levels deep.", most=DEEPEST),
            (Problem("deep", _("Nested too deep; take levels out.")),),
        )
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise DefinitionError(_("A schema is a JSON object: its keys are texts."))
        return {key: _copied(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(part, depth + 1) for part in value]
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        raise DefinitionError(_("A schema holds only JSON; “%(value)s” is none.", value=value))
    if isinstance(value, float):
        return Decimal(repr(value))  # as exact JSON has it, so that a stored plan is the same
    if value is None or isinstance(value, str | int | Decimal):
        return value
    raise DefinitionError(_("A schema holds only JSON; “%(value)s” is none.", value=repr(value)))


class Space:
    """A root schema with the documents that it needs, ready to be followed."""

    def __init__(self, root: Any, registry: SchemaRegistry | None) -> None:
        self.root = root
        self.draft, self.specification = draft_of(root)
        self.address = _own_id(root) or ""
        known: SchemaRegistry = dialect.registry()
        self._registry = registry.combine(known) if registry is not None else known
        self.resources: dict[str, Any] = {}
        self._collect()

    def finish(self) -> None:
        """Make references followable. Only for a schema that its meta-schema has accepted."""
        found = [(self.address, self.specification.create_resource(self.root))]
        found += [(a, _resource(d)) for a, d in self.resources.items()]
        self._crawled = dialect.registry().with_resources(found).crawl()
        self.places: dict[int, str] = {}
        self._anchors: dict[str, dict[str, None]] = {}
        documents = [(self.address, self.root), *self.resources.items()]
        for address, document in documents:
            for place, part in _objects(document):
                self.places[id(part)] = f"{address or ROOT}#{quote(place, _FRAGMENT)}"
            for home, part in _identified(document, address):
                for anchor in _dynamic_anchors(part):
                    self._anchors.setdefault(anchor, {})[home] = None

    def resolver(self) -> Any:
        """Where references of the root schema start from."""
        return self._crawled.resolver(self.address)

    def place_of(self, schema: Any) -> str:
        """The address with fragment at which this schema object stands; `""` for a boolean."""
        return self.places.get(id(schema), "")

    def inside(self, resolver: Any, schema: Any) -> Any:
        """The resolver for what stands within `schema`, which may have an `$id` of its own."""
        if not isinstance(schema, dict) or not _own_id(schema):
            return resolver
        if self._anchors:  # what it stands in is of the dynamic scope as well
            found = self.follow(resolver, _own_id(schema))
            if found is not None and found[0] is schema:
                return found[1]
        return resolver.in_subresource(self.specification.create_resource(schema))

    def follow(self, resolver: Any, reference: str) -> tuple[Any, Any] | None:
        """The schema that a `$ref` names and the resolver there; None where it leads nowhere."""
        try:
            resolved = resolver.lookup(reference)
        except (Unresolvable, ValueError, AttributeError, TypeError):
            return None
        return resolved.contents, resolved.resolver

    def follow_dynamic(self, resolver: Any, reference: str, keyword: str) -> tuple[Any, Any] | None:
        """The same for a `$dynamicRef` or `$recursiveRef`, by the way that led to it.

        None as well where that cannot be told: several have the anchor, and the root has no address.
        """
        anchor = reference.rpartition("#")[2] if keyword == "$dynamicRef" else ""
        if not self.address and len(self._anchors.get(anchor, ())) > 1:
            return None
        if keyword == "$dynamicRef":
            return self.follow(resolver, reference)
        try:
            resolved = lookup_recursive_ref(resolver)
        except (Unresolvable, ValueError, AttributeError, TypeError):
            return None
        return resolved.contents, resolved.resolver

    def scope(self, resolver: Any) -> str:
        """By what dynamic references differ here from elsewhere: of each anchor the outermost who has it."""
        if not self._anchors:
            return ""
        way = [resolver._base_uri, *(uri for uri, _registry in resolver.dynamic_scope())]
        found = (next((u for u in reversed(way) if u in h), "") for h in self._anchors.values())
        return "@".join(found)

    def _collect(self) -> None:
        """Take in, from the registry, each document that this one or one of those refers to."""
        here = {self.address} | {a for a, _part in _identified(self.root, self.address)}
        waiting = [(self.address, self.root)]
        while waiting:
            base, document = waiting.pop()
            for wanted in _referred(document, base):
                if wanted in here:
                    continue
                here.add(wanted)
                contents = self._retrieve(wanted)
                if contents is not None:
                    self.resources[wanted] = contents
                    here |= {a for a, _part in _identified(contents, wanted)}
                    waiting.append((wanted, contents))

    def _retrieve(self, address: str) -> Any:
        for name in (address, address + "#", address.rstrip("#")):
            try:
                return copied(self._registry.get_or_retrieve(name).value.contents)
            except (NoSuchResource, Unretrievable):
                continue
        return None


def _dynamic_anchors(schema: dict[str, Any]) -> Iterator[str]:
    """The dynamic anchors that stand at a schema; that of `$recursiveAnchor` has no name."""
    anchor = schema.get("$dynamicAnchor")
    if isinstance(anchor, str):
        yield anchor
    if schema.get("$recursiveAnchor") is True:
        yield ""


def _own_id(schema: Any) -> str:
    if not isinstance(schema, dict):
        return ""
    for keyword in ("$id", "id"):
        named = schema.get(keyword)
        if isinstance(named, str) and (keyword == "$id" or "://" in named):
            return named.rstrip("#")
    return ""


def _resource(document: Any) -> Resource[Any]:
    _draft, specification = draft_of(document)
    return specification.create_resource(document)


def _objects(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """All objects of a document with their pointers."""
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        place, part = waiting.pop()
        if isinstance(part, dict):
            yield place, part
            waiting.extend((place + pointer(key), value) for key, value in part.items())
        elif isinstance(part, list):
            waiting.extend((f"{place}/{n}", value) for n, value in enumerate(part))


def _identified(document: Any, base: str) -> Iterator[tuple[str, Any]]:
    """All parts of a document that may hold references, each with its base address."""
    waiting: list[tuple[str, Any]] = [(base, document)]
    while waiting:
        here, part = waiting.pop()
        if isinstance(part, dict):
            own = _own_id(part)
            here = _joined(here, own) if own else here
            yield here, part
            waiting.extend((here, value) for key, value in part.items() if key not in _DATA)
        elif isinstance(part, list):
            waiting.extend((here, value) for value in part)


def embedded(document: Any, base: str) -> dict[str, str]:
    """Where documents with an `$id` of their own stand within another one: address -> JSON pointer."""
    found = {base: ""}
    waiting: list[tuple[str, str, Any]] = [(base, "", document)]
    while waiting:
        here, place, part = waiting.pop()
        if isinstance(part, dict):
            own = _own_id(part)
            here = _joined(here, own) if own else here
            found.setdefault(here, place)
            waiting.extend(
                (here, place + pointer(key), value)
                for key, value in part.items()
                if key not in _DATA
            )
        elif isinstance(part, list):
            waiting.extend((here, f"{place}/{n}", value) for n, value in enumerate(part))
    return found


def _referred(document: Any, base: str) -> Iterator[str]:
    for here, part in _identified(document, base):
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef", "$schema"):
            reference = part.get(keyword)
            if isinstance(reference, str) and not reference.startswith("#"):
                if keyword == "$schema" and (
                    is_standard(reference) or reference.startswith(SCHEMAS)
                ):
                    continue
                wanted = urldefrag(_joined(here, reference))[0]
                if wanted:
                    yield wanted


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference
