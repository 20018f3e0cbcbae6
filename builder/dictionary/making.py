"""Steps in the dictionary: a field or an indicator made, changed, retired. Pure; keeping them is `keeping`.

`make` is what others call who need a new field or indicator, such as the form studio.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from builder.dictionary.keeping import Step, carry_out
from builder.dictionary.places import Spot, steward_of
from runtime.api import BASE, EntryError, Library, Site, made_here, reading
from runtime.api import gettext as _

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
HOME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SCHEMA_OF = {"registers": "register", "indicators": "indicators", "codes": "code-list"}


def make(
    site: Site,
    where: Spot,
    schema: Mapping[str, Any],
    actor: int,
    *,
    reason: str = "",
    like: Sequence[str] = (),
) -> str:
    """Add a field (`Spot("registers", "resident", "properties", name)`) or an indicator; its address.

    `schema` is the definition as it will stand, with its `steward`; whoever calls has asked `rights.may_make`.
    `like` are the addresses that the radar named, of which `reason` says why none of them will do. Raises
    `EntryError` for a name that is taken or none, `DefinitionError` with the problems of the definition.
    """

    def step(library: Library) -> Step:
        return with_new(library, where, schema, reason, like)

    carry_out(site, step, _newest(site), actor)
    return where.address


def with_new(
    library: Library,
    where: Spot,
    schema: Mapping[str, Any],
    reason: str = "",
    like: Sequence[str] = (),
) -> Step:
    """The step that adds a member to a document. Raises `EntryError` for a name that is taken, or is none."""
    if not NAME.fullmatch(where.name):
        raise EntryError(
            _("A key has small letters, digits and underscores, and begins with a letter.")
        )
    document = library.source(where.document)
    taken = {*document.get("properties", {}), *document.get("derive", {})}
    if where.name in taken:
        raise EntryError(_("There is a “%(name)s” here already.", name=where.name))
    members = {**document.get(where.keyword, {}), where.name: dict(schema)}
    details = {"like": list(like)} if like else {}
    return Step(
        "make",
        where.address,
        str(schema.get("steward", "")) or steward_of(library, where),
        {where.document: {**document, where.keyword: members}},
        details=details,
        reason=reason,
    )


def with_document(where: Spot, document: Mapping[str, Any], department: str) -> Step:
    """The step that begins a new register, group of indicators or code list. Raises `EntryError` for its name."""
    if not HOME.fullmatch(where.home):
        raise EntryError(
            _("A name has small letters, digits and single dashes, such as home-visits.")
        )
    whole = {"$schema": f"{BASE}schemas/{SCHEMA_OF[where.folder]}.json", **document}
    return Step("make", where.address, department, {where.document: whole})


def with_changed(
    library: Library, where: Spot, schema: Mapping[str, Any], reason: str = ""
) -> Step:
    """The step that puts a changed definition in place of a field, an indicator or a whole code list."""
    department = steward_of(library, where)
    if not where.name:
        return Step(
            "change", where.address, department, {where.document: dict(schema)}, reason=reason
        )
    document = library.source(where.document)
    members = {**document[where.keyword], where.name: dict(schema)}
    return Step(
        "change",
        where.address,
        department,
        {where.document: {**document, where.keyword: members}},
        reason=reason,
    )


def with_retired(library: Library, where: Spot, retired: bool, reason: str = "") -> Step:
    """The step after which nobody is offered it anew, or is again; what uses it goes on."""
    document = library.source(where.document)
    old = document[where.keyword][where.name] if where.name else document
    rest = {key: value for key, value in old.items() if key not in ("deprecated", "replacedBy")}
    changed = {**rest, "deprecated": True} if retired else rest
    step = with_changed(library, where, changed, reason)
    return Step("retire", step.address, step.department, step.documents, reason=reason)


def free_name(library: Library, where: Spot, wish: str) -> str:
    """A key made from a title, free in the document: `home_visits`, `home_visits_2`."""
    plain = re.sub(r"[^a-z0-9]+", "_", wish.casefold()).strip("_")[:50]
    base = plain if NAME.fullmatch(plain) else "field"
    document = library.source(where.document) if where.document in library else {}
    taken = {*document.get("properties", {}), *document.get("derive", {})}
    name, n = base, 2
    while name in taken:
        name, n = f"{base}_{n}", n + 1
    return name


def _newest(site: Site) -> int:
    with reading(site.engine) as session:
        return made_here.revision(session)
