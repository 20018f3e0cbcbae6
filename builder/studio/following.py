"""The name in the data that follows the first label of a new cell. Not for what has been published or named by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from builder.edits.cells import names_in
from builder.edits.naming import cell_name, plain
from builder.edits.renaming import rename
from builder.edits.spots import Document, Refused, at, pointer_of, schema_path, tokens
from builder.edits.texts import text_in
from builder.studio.canvas import Part
from runtime.api import LANGUAGES, FormVersion, NotJson, field_types, loads
from runtime.api import gettext as _


def following(
    before: Document, after: Document, part: Part, versions: Callable[[], Sequence[FormVersion]]
) -> tuple[Document, str]:
    """The document after a cell was labelled, its name after the label, and the key that it has then.

    Only while both label and name are those that it was begun with: what is named by now is spoken of elsewhere.
    """
    label = _first_label(before, after, part)
    if not label or _is_published(part.pointer, versions()):
        return after, part.key
    *above, old = tokens(part.pointer)
    holder = above[:-1] if above[-1:] == ["*"] else above
    name = cell_name(names_in(after, pointer_of(holder)) - {old}, label)
    document = rename(after, part.pointer, name)
    return document, part.key if part.item is not None else "@" + pointer_of((*above, name))


def _first_label(before: Document, after: Document, part: Part) -> str:
    """What a cell is called now that has been called as it was begun; empty where nothing of the kind happened."""
    schema = part.schema
    if schema is None or "$ref" in schema or not part.pointer:
        return ""
    name = tokens(part.pointer)[-1]
    begun = [t for tag in LANGUAGES if (t := text_in(schema, "title", tag)) in _beginnings(schema)]
    shown = field_types.of(schema)
    names = [plain(title, "_") for title in begun] + [shown.name for _n in begun[:1] if shown]
    if re.sub(r"_\d+$", "", name) not in names:
        return ""
    now = at(after, schema_path(after, part.pointer))
    told = [text_in(now, "title", tag) for tag in LANGUAGES]
    fresh = [t for t in told if t and t not in begun and plain(t, "_")]
    return fresh[0] if fresh and before != after else ""


def _beginnings(schema: Mapping[str, object]) -> set[str]:
    """What a cell of this kind is called when it is put on a form."""
    shown = field_types.of(schema)
    own = set(shown.title.values()) if shown is not None else set()
    return {*own, _("New list"), _("New group"), _("New table")}


def _is_published(pointer: str, versions: Sequence[FormVersion]) -> bool:
    for version in versions:
        try:
            schema_path(loads(version.source), pointer)
        except (Refused, NotJson):
            continue
        return True
    return False
