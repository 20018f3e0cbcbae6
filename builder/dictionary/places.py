"""Places in the dictionary by their address, and what stands there. Not for changing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from builder.dictionary.references import item_of, uses_of
from runtime.api import BASE, Library, NotFound, short_name
from runtime.api import gettext as _

FOLDERS = {"registers": "dictionary", "indicators": "indicators", "codes": "code-lists"}
"""The word in our pages' addresses -> the folder of the tree."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a definition stands: its document, and within it the member (`properties` or `derive`, name), if any."""

    folder: str
    """registers, indicators or codes."""
    home: str
    keyword: str = ""
    name: str = ""

    @property
    def document(self) -> str:
        """The address of the document."""
        return f"{BASE}{FOLDERS[self.folder]}/{self.home}.json"

    @property
    def address(self) -> str:
        """The address with the pointer."""
        return f"{self.document}#/{self.keyword}/{self.name}" if self.name else self.document

    @property
    def kind(self) -> str:
        """register, group, codes, field, derived or indicator."""
        if not self.name:
            return {"registers": "register", "indicators": "group", "codes": "codes"}[self.folder]
        if self.folder == "indicators":
            return "indicator"
        return "derived" if self.keyword == "derive" else "field"


def spot_of(address: str) -> Spot | None:
    """The place at an address (with a pointer); None for what is not in the dictionary."""
    whole = item_of(address)
    home, _hash, pointer = whole.partition("#")
    parts = home.removeprefix(BASE).split("/")
    folder = next((word for word, name in FOLDERS.items() if name == parts[0]), "")
    if not folder or len(parts) != 2 or not home.startswith(BASE):
        return None
    steps = pointer.split("/")
    member = len(steps) == 3 and steps[1] in ("properties", "derive") and folder != "codes"
    return Spot(folder, short_name(home), *(steps[1:] if member else ()))


def spot(library: Library, folder: str, home: str, name: str = "") -> Spot:
    """The place that a page's address names. Raises `NotFound` where nothing stands there."""
    found = Spot(folder, home)
    if folder not in FOLDERS or found.document not in library:
        raise NotFound(_("There is no such definition in the dictionary."))
    if not name:
        return found
    document = library.source(found.document)
    for keyword in ("properties", "derive"):
        members = document.get(keyword)
        if isinstance(members, Mapping) and name in members:
            return Spot(folder, home, keyword, name)
    raise NotFound(_("There is no such definition in the dictionary."))


def at(library: Library, where: Spot) -> dict[str, Any]:
    """What stands there, as written. Raises `NotFound`."""
    document = library.source(where.document)
    if not where.name:
        return document
    found = document.get(where.keyword, {}).get(where.name)
    if not isinstance(found, dict):
        raise NotFound(_("There is no such definition in the dictionary."))
    return found


def flat(library: Library, address: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A field's schema with what its references lead to beneath it, so that values can be judged by it."""
    found, home = dict(schema), address.partition("#")[0]
    for _n in range(8):
        reference = found.pop("$ref", None)
        if not isinstance(reference, str):
            break
        target = library.registry.resolver(home).lookup(reference)
        found = {**target.contents, **found}
        home = item_of(urljoin(home, reference)).partition("#")[0]
    return found


def steward_of(library: Library, where: Spot) -> str:
    """The department that answers for it; of a whole document the one that answers for most of it, `""` for none."""
    document = library.source(where.document)
    if where.kind == "derived":
        where = Spot(where.folder, where.home)
    if where.name:
        return str(at(library, where).get("steward", ""))
    own = document.get("steward")
    if isinstance(own, str):
        return own
    found = _stewards_within(document) if where.kind != "codes" else _stewards_with(library, where)
    return max(sorted(set(found)), key=found.count) if found else ""


def _stewards_within(document: Mapping[str, Any]) -> list[str]:
    members = document.get("properties")
    fields = members.values() if isinstance(members, Mapping) else ()
    found = [one.get("steward") for one in fields if isinstance(one, Mapping)]
    return [one for one in found if isinstance(one, str)]


def _stewards_with(library: Library, where: Spot) -> list[str]:
    """Who answers for the fields that take their values from a code list."""
    found = []
    for address in library.addresses("register"):
        document = library.source(address)
        for _how, pointer in uses_of(document, address).get(where.document, ()):
            steps = pointer.split("/")
            field = document.get("properties", {}).get(steps[2]) if len(steps) > 2 else None
            found.append(str(field.get("steward", "")) if isinstance(field, Mapping) else "")
    return [one for one in found if one]
