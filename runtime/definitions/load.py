"""`Library`: all definitions known, by address. Not for reading files, judging them or compiling a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any

from referencing import Registry, Resource, Specification
from referencing.jsonschema import DRAFT202012

from runtime.definitions import dialect
from runtime.definitions.address import (
    Kind,
    absolute,
    form_address,
    register_address,
    short_name,
)
from runtime.definitions.derived import Derivation, Derived
from runtime.definitions.json import loads
from runtime.definitions.read import Flaw, Source, as_source, read
from runtime.definitions.texts import texts_of
from runtime.errors import NotFound, Problem
from runtime.language import Texts
from runtime.language import gettext as _


class Library:
    """All definitions known, by address; it never changes, `with_document` gives another.

    Documents that it hands out are shared: read them, never write to them.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        flaws: Iterable[Flaw] = (),
        derived: Mapping[str, Derived] | None = None,
    ) -> None:
        self._sources = dict(sources)
        self._derived = dict(derived or {})
        self._flaws = tuple(flaws)

    @classmethod
    def read(cls, roots: Iterable[Traversable | str]) -> Library:
        """The library of all files below `roots`, each laid out as `form_defs/`; bad files are problems."""
        return cls(*read(roots))

    @classmethod
    def of(cls, documents: Mapping[str, Any]) -> Library:
        """The library of these documents by address, as from a database; what is none is a problem."""
        sources: dict[str, Source] = {}
        flaws = []
        for address, document in documents.items():
            found = as_source(document, absolute(address))
            if isinstance(found, Flaw):
                flaws.append(found)
            else:
                sources[found.address] = found
        return cls(sources, flaws)

    def __contains__(self, address: object) -> bool:
        return isinstance(address, str) and absolute(address) in self._sources

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with files, and kept them from being read; in the language in force."""
        return tuple(flaw.problem() for flaw in self._flaws)

    def addresses(self, kind: Kind | None = None) -> list[str]:
        """All addresses, or those of one kind, sorted."""
        return sorted(a for a, s in self._sources.items() if kind is None or s.kind == kind)

    def kind(self, address: str) -> Kind:
        """The kind of the definition at `address`. Raises `NotFound`."""
        return self._source(address).kind

    def origin(self, address: str) -> str:
        """The file that the definition was read from; empty when there is none. Raises `NotFound`."""
        return self._source(address).origin

    def source(self, address: str) -> dict[str, Any]:
        """The definition as its author wrote it. Raises `NotFound`."""
        return self._source(address).document

    def document(self, address: str) -> dict[str, Any]:
        """The definition in full: `extends` merged in, `by` written out, references to other files absolute.

        Where that is not possible the rest is given, and `derived_problems` says why. Raises `NotFound`.
        """
        return self._full(address).document

    def derived_problems(self, address: str) -> tuple[Problem, ...]:
        """What kept the definition from being given in full. Raises `NotFound`."""
        if not self._full(address).problems:
            return ()
        # made anew, because what is kept was worded in another reader's language
        return Derivation(self._sources).make(absolute(address)).problems

    def register(self, name: str) -> dict[str, Any]:
        """The register with this short name, in full. Raises `NotFound`."""
        return self.document(register_address(name))

    def registers(self) -> list[str]:
        """The short names of all registers, in order."""
        return sorted(map(short_name, self.addresses("register")))

    def form(self, short: str) -> dict[str, Any]:
        """The form `<department>/<form>`, in full. Raises `NotFound`."""
        return self.document(form_address(short))

    def departments(self) -> dict[str, Texts]:
        """The departments' names by code."""
        return {
            short_name(address).split("/")[0]: texts_of(self.source(address))
            for address in self.addresses("department")
        }

    @cached_property
    def registry(self) -> Registry[Any]:
        """All definitions in full, and the dialect, for whatever resolves a `$ref`."""
        found: Registry[Any] = dialect.registry()
        resources = ((a, _resource(self.document(a))) for a in self.addresses())
        return found.with_resources(resources)

    def with_document(self, address: str, document: Any) -> Library:
        """This library with a draft in place of what is at `address`, or beside it. Costs little.

        Whatever was made from the old definition is made anew. A document that is no definition at all
        becomes a problem, and the address is then empty.
        """
        place = absolute(address)
        sources = {a: s for a, s in self._sources.items() if a != place}
        kept = {a: d for a, d in self._derived.items() if a != place and place not in d.uses}
        flaws = [flaw for flaw in self._flaws if flaw.address != place]
        found = as_source(_at_home(document, place), place)
        if isinstance(found, Flaw):
            return Library(sources, [*flaws, found], kept)
        draft = Library({**sources, place: found}, flaws, kept)
        if "registry" in self.__dict__:
            changed = {place, *(a for a in self._derived if a not in kept)} & draft._sources.keys()
            fresh = self.registry.with_resources((a, _resource(draft.document(a))) for a in changed)
            draft.__dict__["registry"] = fresh
        return draft

    def with_documents(self, documents: Mapping[str, Any]) -> Library:
        """This library with all of these in place of what is at their addresses, or beside it; made anew from them."""
        found = Library.of({address: _at_home(one, address) for address, one in documents.items()})
        kept = {a: s for a, s in self._sources.items() if a not in found._sources}
        flaws = [flaw for flaw in self._flaws if flaw.address not in found._sources]
        changed = found._sources.keys()
        derived = {
            a: d for a, d in self._derived.items() if a not in changed and not d.uses & changed
        }
        return Library({**kept, **found._sources}, [*flaws, *found._flaws], derived)

    def with_text(self, address: str, text: str) -> Library:
        """The same from a JSON text. Raises `NotJson`."""
        return self.with_document(address, loads(text))

    def _source(self, address: str) -> Source:
        found = self._sources.get(absolute(address))
        if found is None:
            raise NotFound(_("There is no definition at %(address)s.", address=address))
        return found

    def _full(self, address: str) -> Derived:
        place = self._source(address).address
        if place not in self._derived:
            self._derived[place] = Derivation(self._sources).make(place)
        return self._derived[place]


def _at_home(document: Any, place: str) -> Any:
    """A draft is what it is put in place of, whatever `$id` it was copied with."""
    return (
        {**document, "$id": place} if isinstance(document, dict) and "$id" in document else document
    )


def _resource(document: dict[str, Any]) -> Resource[Any]:
    """A resource whose inner `$id`s and anchors are found, or an opaque one where its parts have wrong types."""
    found = DRAFT202012.create_resource(document)
    try:
        Registry().with_resource("", found).crawl()
    except (AttributeError, TypeError, ValueError, KeyError):
        return Specification.OPAQUE.create_resource(document)
    return found
