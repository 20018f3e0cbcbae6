"""The headings of a cross-table of one's own in the panel: lines, columns, what is merged over them, totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from builder.edits import headings as edit
from builder.edits.headings import AXES, TOTAL, headings_of, keys, walked
from builder.edits.naming import cell_name
from builder.edits.spots import Document, Refused, find, pointer_of
from builder.edits.tables import cell_of, is_own, kind_of, with_table
from builder.edits.texts import text_in, with_text
from builder.studio.canvas import Part
from builder.studio.opened import Opened
from runtime.api import LANGUAGES, current_language, dumps, field_types, say, texts_of
from runtime.api import gettext as _


@dataclass(frozen=True, slots=True)
class Line:
    """One heading in the list: `code` is its place (`rows:1.0`); `kind` a column's kind of cell, None where none."""

    code: str
    depth: int
    titles: Mapping[str, str]
    is_merged: bool
    is_total: bool
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells behind the table, each by the key of its part and its kind; an empty key where there is none."""

    columns: list[str]
    lines: list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings as they stand; every button keeps at once, so nothing is ever half done."""

    axes: Mapping[str, list[Line]]
    totals: Mapping[str, bool]
    is_own: bool
    was: str
    kinds: list[tuple[str, str]]
    cells: Grid | None = None
    is_step: bool = False
    is_ready: bool = True

    @property
    def languages(self) -> Mapping[str, str]:
        """The languages in which a heading has a title."""
        return LANGUAGES


def suits(part: Part) -> bool:
    """Whether the part is a cross-table with headings of its own."""
    return part.kind == "crossTable" and any(headings_of(part.item or {}, axis) for axis in AXES)


def says(part: Part) -> str:
    """How many lines and columns it has."""
    item = part.item or {}
    lines, columns = (len(keys(item, axis)) for axis in AXES)
    return _("%(lines)s lines, %(columns)s columns", lines=lines, columns=columns)


def view(one: Opened, part: Part, _posted: Mapping[str, str] | None) -> Headings:
    """The headings of a part."""
    document, item = one.document or {}, part.item or {}
    own = is_own(document, item)
    axes = {axis: _lines(document, item, axis, own=own) for axis in AXES}
    totals = {axis: TOTAL in keys(item, axis) for axis in AXES}
    kinds = [(t.name, say(t.title)) for t in field_types if t.beginning and t.name != "attachment"]
    cells = _grid(one, document, item) if own else None
    return Headings(axes, totals, own, _shape_of(item), kinds, cells)


def _grid(one: Opened, document: Document, item: Mapping[str, Any]) -> Grid:
    leaves = {
        axis: [
            (str(h.get("key", "")), say(texts_of(dict(h))))
            for _p, h in walked(headings_of(item, axis))
            if "items" not in h
        ]
        for axis in AXES
    }
    base, lines = str(item["at"]), []
    for row, title in leaves["rows"]:
        cells = []
        for column, _title in leaves["columns"]:
            schema = cell_of(document, item, row, column)
            found = isinstance(schema, Mapping)
            kind = field_types.of(dict(one.shapes.whole(schema))) if found else None
            words = say(kind.title) if kind is not None else _("cell")
            words = _("total") if found and "totalOf" in schema else words
            cells.append((f"@{base}{pointer_of([row, column])}" if found else "", words))
        lines.append((title, cells))
    return Grid([title for _key, title in leaves["columns"]], lines)


def _lines(document: Document, item: Mapping[str, Any], axis: str, *, own: bool) -> list[Line]:
    found = []
    for place, heading in walked(headings_of(item, axis)):
        titles = {tag: text_in(heading, "title", tag) for tag in LANGUAGES}
        merged, total = "items" in heading, heading.get("key") == TOTAL
        has_kind = own and axis == "columns" and not merged and not total
        kind = _kind_name(kind_of(document, item, str(heading["key"]))) if has_kind else None
        code = f"{axis}:{'.'.join(map(str, place))}"
        found.append(Line(code, len(place) - 1, titles, merged, total, kind))
    return found


def _kind_name(kind: Mapping[str, Any] | None) -> str:
    found = field_types.of(dict(kind)) if kind else None
    return found.name if found is not None else ""


def _shape_of(item: Mapping[str, Any]) -> str:
    """What stands where, without titles: what the buttons of the page were drawn for."""
    shape = {a: [[list(p), h.get("key")] for p, h in walked(headings_of(item, a))] for a in AXES}
    return dumps(shape)


def carried(one: Opened, document: Document, part: Part, posted: Mapping[str, str]) -> Document:
    """The document with the titles and kinds as they were posted, and after the button that was pressed.

    Raises `Refused`.
    """
    old = find(document, part.key).item
    if posted.get("was", "") not in ("", _shape_of(old)):
        raise Refused(
            _("Somebody else has changed these headings meanwhile; look at them again first.")
        )
    fresh = _titled(old, posted)
    kinds = _kinds(document, old, posted)
    document = with_table(document, part.key, fresh, kinds, one.shapes.whole)
    fresh = _done(document, find(document, part.key).item, posted)
    return with_table(document, part.key, fresh, {}, one.shapes.whole)


def _titled(item: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, Any]:
    found = dict(item)
    for axis in AXES:
        headings = headings_of(item, axis)
        for place, _heading in walked(headings_of(item, axis)):
            code = f"{axis}:{'.'.join(map(str, place))}"
            for tag in LANGUAGES:
                text = posted.get(f"{code}.title.{tag}")
                if text is not None:
                    called = partial(_with_title, tag=tag, text=text.strip())
                    headings = edit.at_place(headings, place, called)
        if headings:
            found[axis] = {"items": headings}
    return found


def _with_title(heading: Mapping[str, Any], tag: str, text: str) -> list[Any]:
    found = with_text(heading, "title", tag, text)
    if not found.get("title"):
        raise Refused(_("Each heading needs a title."))
    return [found]


def _kinds(
    document: Document, item: Mapping[str, Any], posted: Mapping[str, str]
) -> dict[str, Any]:
    """The columns for which another kind of cell was chosen."""
    found = {}
    for place, heading in walked(headings_of(item, "columns")):
        name = posted.get(f"columns:{'.'.join(map(str, place))}.kind", "")
        if name not in field_types or not field_types[name].beginning or "items" in heading:
            continue
        key = str(heading.get("key", ""))
        if name != _kind_name(kind_of(document, item, key)):
            found[key] = dict(field_types[name].beginning)
    return found


def _done(document: Document, item: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, Any]:
    """The table after its button: `add:<axis>`, `total:<axis>`, or a verb with a heading's code."""
    verb, _colon, rest = posted.get("op", "").partition(":")
    axis, _colon, where = rest.partition(":")
    if not verb:
        return dict(item)
    if axis not in AXES:
        raise Refused(_("This heading is no longer there."))
    headings = headings_of(item, axis)
    if verb == "add":
        _needs_own(document, item)
        return edit.with_headings(item, axis, edit.added(headings, _new(item, axis, posted)))
    if verb == "total":
        _needs_own(document, item)
        return edit.with_headings(item, axis, _with_total(headings))
    place = tuple(int(n) for n in where.split(".") if n.isdecimal())
    if not place:
        raise Refused(_("This heading is no longer there."))
    if verb == "remove":
        return edit.with_headings(item, axis, edit.taken(headings, place)[1])
    if verb == "merge":
        over = with_text({}, "title", current_language(), _("Heading"))
        return edit.with_headings(item, axis, edit.merged(headings, place, over))
    if verb in ("up", "down", "in", "out"):
        return edit.with_headings(item, axis, edit.stepped(headings, place, verb))
    raise Refused(_("Nothing is known to do by that name."))


def _needs_own(document: Document, item: Mapping[str, Any]) -> None:
    if not is_own(document, item):
        raise Refused(_("The dictionary says which lines and columns this table has."))


def _new(item: Mapping[str, Any], axis: str, posted: Mapping[str, str]) -> dict[str, Any]:
    """A new line or column, called as was typed."""
    usual = _("New line") if axis == "rows" else _("New column")
    title = posted.get(f"new.{axis}", "").strip() or usual
    key = cell_name({*keys(item, axis), TOTAL}, title)
    return {"key": key, **with_text({}, "title", current_language(), title)}


def _with_total(headings: list[Any]) -> list[Any]:
    """With a total at the end, or without the one that is there."""
    for place, heading in walked(headings):
        if heading.get("key") == TOTAL:
            return edit.taken(headings, place)[1]
    return [*headings, {"key": TOTAL, **with_text({}, "title", current_language(), _("Total"))}]
