"""What can be put on a form, and putting it there beside what is picked. Pure.

What is put is named by a word: `field:<address with pointer>`, `type:<field type>`, or `part:<kind of layout>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os.path import relpath
from typing import Any

from builder.edits.cells import add_cell, names_in
from builder.edits.layout import put
from builder.edits.naming import cell_name, item_id
from builder.edits.spots import HOLDERS, Document, Refused, find, layout_of, pointer_of, tokens
from builder.edits.tables import with_table
from builder.edits.texts import with_text
from builder.studio.canvas import Part, picked
from builder.studio.shapes import Shapes
from runtime.api import BASE, field_types, say
from runtime.api import gettext as _

LONG = ("long-text", "attachment")
"""Field types whose cells want the form's whole width."""


Added = tuple[Document, str]
"""The document with something new, and the key of it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Where something new comes: beside the part `near` of the form `root`, spoken of in `language`."""

    near: Part
    root: Part
    shapes: Shapes
    address: str
    language: str
    title: str = ""
    """What a new cell of the form's own is called; empty: after its type."""


def add(document: Document, what: str, beside: Beside) -> Added:
    """The document with something new behind what is picked. Raises `Refused`."""
    kind, _colon, name = what.partition(":")
    if kind == "field":
        return _field(document, name, beside)
    if kind == "type" and name in field_types and field_types[name].beginning:
        title = beside.title or say(field_types[name].title)
        return _cell(document, _begun(name, beside, title), beside, title)
    if kind == "part" and name in ("section", "columns", "note"):
        return _layout(document, name, beside)
    if kind == "part" and name in ("rows", "part"):
        return _group(document, name, beside)
    if kind == "part" and name == "crossTable":
        return _own_table(document, beside)
    raise Refused(_("Nothing of this kind can be put on a form."))


def _own_table(document: Document, beside: Beside) -> Added:
    """A cross-table with headings of one's own: two lines and two columns to begin with."""
    title = _("New table")
    name = cell_name(names_in(document, ""), title)
    axes = {}
    for axis in ("rows", "columns"):
        heads = []
        for n in (1, 2):
            label = _("Line %(n)s", n=n) if axis == "rows" else _("Column %(n)s", n=n)
            key = f"{'line' if axis == 'rows' else 'column'}_{n}"
            heads.append(with_text({"key": key}, "title", beside.language, label))
        axes[axis] = {"items": heads}
    group = with_text({"type": "object", "properties": {}}, "title", beside.language, title)
    document = add_cell(document, "", name, group)
    item = {
        "id": item_id(document, f"{name} table", "table"),
        "kind": "crossTable",
        "at": pointer_of([name]),
        **axes,
    }
    document, key = _put(document, item, beside.near)
    return with_table(document, key, item, {}, beside.shapes.whole), key


def _begun(name: str, beside: Beside, title: str) -> dict[str, Any]:
    return with_text(dict(field_types[name].beginning), "title", beside.language, title)


def _field(document: Document, place: str, beside: Beside) -> Added:
    """A field or indicator of the dictionary, under its own name."""
    reference = reference_from(beside.address, place)
    found = beside.shapes.of_reference(reference)
    if not found:
        raise Refused(_("The dictionary has nothing at %(place)s.", place=place))
    name = place.rpartition("/")[2]
    schema = {"$ref": reference}
    by = found.get("by")
    if isinstance(by, list) and by:
        return _table(document, schema, name, by, beside)
    return _cell(document, schema, beside, beside.shapes.title(found), name)


def reference_from(address: str, place: str) -> str:
    """How a form refers to a place of the dictionary: by the way from its own address. Raises `Refused` for none."""
    target, _hash, fragment = place.partition("#")
    target, here = target.removeprefix(BASE), address.removeprefix(BASE).rpartition("/")[0]
    if not target:
        raise Refused(_("The dictionary has nothing at %(place)s.", place=place or "–"))
    return f"{relpath(target, here)}#{fragment}"


def _cell(
    document: Document, schema: Mapping[str, Any], beside: Beside, title: str, wanted: str = ""
) -> Added:
    home = home_of(beside.near, beside.root)
    name = cell_name(names_in(document, home.pointer), wanted.replace("_", " ") or title)
    document = add_cell(document, home.pointer, name, schema)
    inside = (*tokens(home.pointer), *(["*"] if home.kind == "rows" else []), name)
    pointer = pointer_of(inside)
    if home.key:
        return document, f"@{pointer}"
    shown = field_types.of(schema) if "$ref" not in schema else None
    wide = {"width": "full"} if shown is not None and shown.name in LONG else {}
    item = {"id": item_id(document, name, "cell"), "kind": "cell", "at": pointer, **wide}
    return _put(document, item, beside.near)


def _table(
    document: Document, schema: Mapping[str, Any], wanted: str, by: list[Any], beside: Beside
) -> Added:
    """A broken-down indicator is a cross-table: lines for the first breakdown, columns for the others."""
    name = cell_name(names_in(document, ""), wanted.replace("_", " "))
    document = add_cell(document, "", name, schema)
    names = [one.get("field", "") if isinstance(one, Mapping) else str(one) for one in by]
    item: dict[str, Any] = {
        "id": item_id(document, f"{name} table", "table"),
        "kind": "crossTable",
        "at": pointer_of([name]),
        "rows": {"by": names[:1], "total": True},
    }
    title = beside.shapes.title(schema)
    item["columns"] = (
        {"by": names[1:], "total": True} if names[1:] else {"items": [{"title": title, "key": ""}]}
    )
    return _put(document, item, beside.near)


def _layout(document: Document, kind: str, beside: Beside) -> Added:
    near, language = beside.near, beside.language
    title = {"section": _("New section"), "columns": "", "note": ""}[kind]
    item: dict[str, Any] = {"id": item_id(document, title, kind), "kind": kind}
    if kind == "section":
        item = {**with_text(item, "title", language, title), "items": []}
    elif kind == "columns":
        item = {**item, "count": 2, "items": []}
    else:
        item = with_text({**item, "text": _("Note")}, "text", language, _("Note"))
    if kind == "section" and near.item is not None:
        return behind(document, item, _outermost(document, near.key))
    if kind == "columns" and near.kind == "columns":
        return behind(document, item, near.key)
    return _put(document, item, near)


def _group(document: Document, kind: str, beside: Beside) -> Added:
    """A list with one column to begin with, or a group of cells."""
    title = _("New list") if kind == "rows" else _("New group")
    first = _begun("text", beside, say(field_types["text"].title))
    inner: dict[str, Any] = {"type": "object", "properties": {"text": first}}
    schema = inner if kind == "part" else {"type": "array", "items": inner}
    name = cell_name(names_in(document, ""), title)
    document = add_cell(document, "", name, with_text(schema, "title", beside.language, title))
    item = {"id": item_id(document, name, kind), "kind": kind, "at": pointer_of([name])}
    return _put(document, item, beside.near)


def home_of(near: Part, root: Part) -> Part:
    """The group or list into which a new cell goes: that which is picked, or in which it stands; else the form."""
    while near.key and near.kind not in ("rows", "part"):
        near = picked(root, near.holder) if not near.is_placed else root
    return near


def _put(document: Document, item: Mapping[str, Any], near: Part) -> Added:
    """Into a section or columns that is picked, else behind what is picked, else at the end of the last section."""
    if near.kind in HOLDERS and near.item is not None and item["kind"] != "section":
        return put(document, item, near.key), str(item["id"])
    if near.item is not None:
        return behind(document, item, near.key)
    last = layout_of(document)[-1:]
    holder = last[0] if last and isinstance(last[0], Mapping) else {}
    fits = holder.get("kind") == "section" and item["kind"] != "section"
    into = str(holder.get("id", "")) if fits else ""
    return put(document, item, into), str(item["id"])


def behind(document: Document, item: Mapping[str, Any], key: str) -> Added:
    """The document with an item right behind another. Raises `Refused` where that one is gone."""
    found = find(document, key)
    rest = found.siblings[found.index + 1 :]
    before = str(rest[0].get("id", "")) if rest and isinstance(rest[0], Mapping) else ""
    return put(document, item, found.holder, before), str(item["id"])


def _outermost(document: Document, key: str) -> str:
    while holder := find(document, key).holder:
        key = holder
    return key
