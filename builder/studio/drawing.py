"""The parts of a form as the screen shows them: from the whole form where it compiles, else each from its own cells."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from markupsafe import Markup

from builder.edits.spots import Document, tokens, with_at
from builder.studio.canvas import Part, walk
from runtime.api import (
    Cell,
    DefinitionError,
    Library,
    NotFound,
    Pieces,
    Plan,
    compile_form,
    gettext,
)

_KEPT = (
    "$schema",
    "type",
    "title",
    "department",
    "frequency",
    "level",
    "subject",
    "translations",
    "$defs",
    "definitions",
)
"""What a part's own small form has of the whole."""


class Drawing:
    """Draws parts of one document; without `plan` each part is compiled by itself, which is quicker for a few."""

    def __init__(
        self, library: Library, address: str, document: Document, plan: Plan | None = None
    ) -> None:
        self._library, self._address, self._document = library, address, document
        self._whole = Pieces(plan) if plan is not None else None
        self._own: dict[str, Pieces | str] = {}
        self._known: tuple[Part, set[str]] | None = None

    def html(self, part: Part) -> Markup | None:
        """What a cell, list or table looks like; None where it cannot be drawn, or is layout only."""
        if part.schema is None and part.kind != "crossTable":
            return None
        pieces = self._whole or self._alone(part)
        found = self._piece(pieces, part) if isinstance(pieces, Pieces) else None
        if found is None and pieces is self._whole:
            pieces = self._alone(part)
            found = self._piece(pieces, part) if isinstance(pieces, Pieces) else None
        return found

    def besides(self, part: Part, root: Part) -> list[Markup]:
        """What else belongs to a group, or to the form, and is no part of the canvas: it is changed in the JSON."""
        pieces = self._whole
        if pieces is None and part.pointer:
            alone = self._alone(part)
            pieces = alone if isinstance(alone, Pieces) else None
        if pieces is None:
            return []
        return pieces.besides(part.pointer, self._pointers_of(root))

    def why_not(self, part: Part) -> str:
        """Why a part cannot be drawn."""
        if part.schema is None:
            return gettext("The form has no cell at %(pointer)s.", pointer=part.pointer)
        found = self._own.get(part.key, "")
        return found if isinstance(found, str) else gettext("There is nothing to draw here yet.")

    def cell(self, part: Part) -> Cell | None:
        """A cell as it was compiled: its field type and options."""
        pieces = self._whole or self._alone(part)
        found = pieces.cell(part.pointer) if isinstance(pieces, Pieces) else None
        if found is None and self._whole is not None:
            alone = self._alone(part)
            found = alone.cell(part.pointer) if isinstance(alone, Pieces) else None
        return found

    def _pointers_of(self, root: Part) -> set[str]:
        if self._known is None or self._known[0] is not root:
            self._known = root, {named(part) for part in walk(root)}
        return self._known[1]

    def _piece(self, pieces: Pieces, part: Part) -> Markup | None:
        return pieces.table(part.key) if part.kind == "crossTable" else pieces.at(part.pointer)

    def _alone(self, part: Part) -> Pieces | str:
        if part.key not in self._own:
            self._own[part.key] = self._compiled(part)
        return self._own[part.key]

    def _compiled(self, part: Part) -> Pieces | str:
        found = self._pieces(small_form(self._document, part))
        if isinstance(found, str) and _refers_within(part.schema):
            return self._entire if isinstance(self._entire, Pieces) else found
        return found

    @cached_property
    def _entire(self) -> Pieces | str:
        """The whole form: for parts that refer to what stands elsewhere in it."""
        return self._pieces(self._document)

    def _pieces(self, document: Document) -> Pieces | str:
        try:
            library = self._library.with_document(self._address, document)
            return Pieces(compile_form(self._address, library=library))
        except (DefinitionError, NotFound) as error:
            return str(error)


def _refers_within(schema: Any) -> bool:
    """Whether anything in a schema refers to another place of the same document."""
    if isinstance(schema, list):
        return any(map(_refers_within, schema))
    if not isinstance(schema, Mapping):
        return False
    reference = schema.get("$ref", schema.get("$dynamicRef"))
    own = isinstance(reference, str) and reference.startswith("#")
    return own or any(map(_refers_within, schema.values()))


def named(part: Part) -> str:
    """What `Pieces` know a part by."""
    return f"#{part.key}" if part.kind == "crossTable" else part.pointer


def small_form(document: Document, part: Part) -> Document:
    """A form of this part alone, at the same pointer and address."""
    small: Document = {k: document[k] for k in _KEPT if k in document}
    small["layout"] = [dict(part.item)] if part.item is not None else []
    steps = tokens(part.pointer)
    path: list[str | int] = []
    for n, step in enumerate(steps):
        if step == "*":
            path.append("items")
            continue
        path += ["properties", step]
        if n + 1 < len(steps):
            kind = "array" if steps[n + 1] == "*" else "object"
            small = with_at(small, (*path, "type"), kind)
    if path:
        small = with_at(small, tuple(path), _plain(part.schema or {}))
    names = [s for s in (steps[-1:] if part.needed else ()) if s != "*"]
    return with_at(small, (*path[:-2], "required"), names) if names and path else small


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without what it is worked out from, which stands elsewhere in the form."""
    return {k: v for k, v in schema.items() if k not in ("fill", "totalOf")}
