"""What can be set of a cross-table: which breakdowns go down and which across, and which show totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from builder.edits.spots import Document, Refused, find
from builder.studio.canvas import Part
from builder.studio.properties import Property, item_reach
from builder.studio.shapes import Shapes
from runtime.api import gettext as _

AXES = ("rows", "columns")


def axes(part: Part, shapes: Shapes) -> list[Property]:
    """For each breakdown of the table's indicator where it goes, and the totals; nothing for headings of one's own."""
    names = _breakdowns(part, shapes)
    if not names or not _is_by(part.item or {}):
        return []
    titles = {"rows": _("Total line"), "columns": _("Total column")}
    return [
        *[_place(name, shapes.breakdown(part.schema or {}, name)) for name in names],
        *[_total(axis, titles[axis], _of_each(part, axis, shapes)) for axis in AXES],
    ]


def _breakdowns(part: Part, shapes: Shapes) -> list[str]:
    by = shapes.whole(part.schema or {}).get("by")
    if not isinstance(by, list):
        return []
    return [str(one.get("field", "")) if isinstance(one, Mapping) else str(one) for one in by]


def _is_by(item: Mapping[str, Any]) -> bool:
    return any("by" in item[axis] for axis in AXES if isinstance(item.get(axis), Mapping))


def _names(item: Mapping[str, Any], axis: str) -> list[str]:
    held = item.get(axis)
    named = held.get("by") if isinstance(held, Mapping) else None
    return [str(one) for one in named] if isinstance(named, list) else []


def _place(name: str, title: str) -> Property:
    """Where a breakdown goes: `rows1` is the first heading of the lines."""

    def get(document: Document, part: Part) -> str:
        item = find(document, part.key).item
        for axis in AXES:
            if name in _names(item, axis):
                return f"{axis}{_names(item, axis).index(name) + 1}"
        return ""

    def put(document: Document, part: Part, value: str) -> Document:
        axis, place = value[:-1], value[-1:]
        if axis not in AXES or not place.isdecimal():
            raise Refused(_("Choose where “%(name)s” goes.", name=title))
        return item_reach(document, part, lambda item: _moved(item, name, axis, int(place) - 1))

    choices = [(f"rows{n}", _("down, heading %(n)s", n=n)) for n in (1, 2, 3)]
    choices += [(f"columns{n}", _("across, heading %(n)s", n=n)) for n in (1, 2, 3)]
    return Property(f"by.{name}", title, get, put, "select", tuple(choices), group=_("Headings"))


def _moved(item: Mapping[str, Any], name: str, axis: str, place: int) -> dict[str, Any]:
    found = dict(item)
    for one in AXES:
        left = [other for other in _names(item, one) if other != name]
        fresh = [*left[:place], name, *left[place:]] if one == axis else left
        old = item.get(one)
        kept = {k: v for k, v in old.items() if k != "items"} if isinstance(old, Mapping) else {}
        if isinstance(kept.get("total"), list):
            kept["total"] = [t for t in kept["total"] if t in fresh] or False
        found[one] = {**kept, "by": fresh}
    if not found["rows"]["by"] or not found["columns"]["by"]:
        raise Refused(_("A cross-table needs a heading down and a heading across."))
    return found


def _of_each(part: Part, axis: str, shapes: Shapes) -> list[tuple[str, str]]:
    """Which breakdowns of an axis may show a total of their own: each alone, and several together."""
    names = _names(part.item or {}, axis)
    some = [c for n in range(1, len(names) + 1) for c in combinations(names, n)]
    titles = {name: shapes.breakdown(part.schema or {}, name) for name in names}
    return [
        (",".join(c), _("for each: %(fields)s", fields=_(", ").join(titles[n] for n in c)))
        for c in some
    ]


def _total(axis: str, label: str, each: Sequence[tuple[str, str]]) -> Property:
    def get(document: Document, part: Part) -> str:
        held = find(document, part.key).item.get(axis)
        total = held.get("total") if isinstance(held, Mapping) else None
        return "1" if total is True else ",".join(total) if isinstance(total, list) else ""

    def put(document: Document, part: Part, value: str) -> Document:
        def change(item: Mapping[str, Any]) -> dict[str, Any]:
            held = dict(item[axis]) if isinstance(item.get(axis), Mapping) else {}
            held.pop("total", None)
            if value == "1":
                held["total"] = True
            elif value:
                held["total"] = [one for one in value.split(",") if one in _names(item, axis)]
            return {**item, axis: held}

        return item_reach(document, part, change)

    choices = (("", _("none")), ("1", _("one for all")), *each)
    return Property(f"total.{axis}", label, get, put, "select", choices, group=_("Headings"))
