"""When a cell must be answered: always, never, or only when something holds. Pure, and not for saying it in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from builder.edits.branches import Term, Where, nested, place_of, terms_along, with_branch, without
from builder.edits.cells import require
from builder.edits.conditions import homes
from builder.edits.spots import (
    Document,
    Refused,
    Steps,
    at,
    parts,
    pointer_of,
    schema_path,
    schema_paths,
    tokens,
    with_at,
)
from runtime.api import MISSING
from runtime.api import gettext as _


@dataclass(frozen=True, slots=True)
class Need:
    """One place that asks for a cell when all its terms hold; `path` leads to the list of names."""

    path: Steps
    terms: tuple[Term, ...]


def needs_of(document: Document, pointer: str) -> list[Need]:
    """Where a cell is asked for under a condition, beside that on which it is there. Raises `Refused`."""
    steps = tokens(pointer)
    if not steps:  # the form itself, or what a draft's layout names without a slash
        return []
    own = schema_path(document, pointer)
    here = terms_along(document, own)
    found: list[Need] = []
    for holder in schema_paths(document, pointer_of(steps[:-1])):
        for path, more in _asking(document, holder, steps[-1]):
            terms = [*terms_along(document, path[:-1]), *more]
            left = [term for term in terms if term not in here]
            if path[:-1] != own[:-2] and left:
                found.append(Need(path, tuple(left)))
    return found


def _asking(document: Document, holder: Steps, name: str) -> Iterator[tuple[Steps, list[Term]]]:
    schema = at(document, holder)
    for inner in parts(schema) if isinstance(schema, Mapping) else ():
        place = (*holder, *inner)
        node = at(document, place)
        names = node.get("required")
        if isinstance(names, list) and name in names:
            yield (*place, "required"), []
        hanging = node.get("dependentRequired")
        for other, asked in hanging.items() if isinstance(hanging, Mapping) else ():
            if isinstance(asked, list) and name in asked:
                test = Term(place_of(place), {"required": [other]})
                yield (*place, "dependentRequired", other), [test]


def need_when(document: Document, pointer: str, where: Where | None, home: str = "") -> Document:
    """The document with a cell that must be answered only when `where` holds of the object at `home`.

    None: it need not be, whatever holds. Raises `Refused`.
    """
    steps, above = tokens(pointer), tokens(home)
    if not steps:
        raise Refused(_("The form has no cell at %(pointer)s.", pointer=pointer))
    if home not in homes(pointer):
        raise Refused(_("A condition must read what stands beside the cell or around it."))
    for need in reversed(needs_of(document, pointer)):
        document = _unasked(document, need.path, steps[-1])
    document = require(document, pointer, needed=False)
    if where is None:
        return document
    inner = nested(steps[len(above) :], {}, needed=True)
    return with_branch(document, schema_path(document, home), where, inner)


def _unasked(document: Document, path: Steps, name: str) -> Document:
    names = at(document, path)
    left = [one for one in names if one != name] if names is not MISSING else []
    if left:
        return with_at(document, path, left)  # type: ignore[no-any-return]
    document = without(document, path)
    if "dependentRequired" in path and at(document, path[:-1]) == {}:
        return with_at(document, path[:-1], MISSING)  # type: ignore[no-any-return]
    return document
