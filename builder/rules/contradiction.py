"""Whether a condition can ever hold: comparisons that exclude each other, codes and fields that are gone."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from builder.rules.fields import Field
from builder.rules.rows import Group, Path, Row
from builder.rules.sentences import title, value
from runtime.api import gettext as _

_LOW, _HIGH = ("at-least", "more", "between"), ("at-most", "less", "between")
_LISTING = ("is", "one-of")


def why_never(group: Group, fields: Iterable[Field]) -> str:
    """Why no entry can meet it, in a sentence; empty where one may, or where that is not seen."""
    known = {one.path: one for one in fields}
    return _why(group, known)


def _why(group: Group, known: dict[Path, Field]) -> str:
    if group.mode == "none":
        return ""
    said = [_of_part(part, known) for part in group.parts]
    if group.mode == "any":
        return said[0] if said and all(said) else ""
    return next((one for one in said if one), "") or _together(group, known)


def _of_part(part: Row | Group, known: dict[Path, Field]) -> str:
    if isinstance(part, Group):
        return _why(part, known)
    if part.loose or part.test == "unknown":
        return ""
    field = known.get(part.path)
    if field is None:
        return _("It reads %(field)s, which is not on this form.", field="/".join(part.path))
    codes = [code for code, _texts in field.codes]
    if codes and part.test in _LISTING and not any(v in codes for v in part.values):
        text = value(part.values[0], field)
        return _(
            "It never holds: %(field)s has no code %(code)s.",
            field=title(field, part.path),
            code=text,
        )
    return ""


def _together(group: Group, known: dict[Path, Field]) -> str:
    rows = [part for part in group.parts if isinstance(part, Row)]
    for path in dict.fromkeys(row.path for row in rows):
        if _exclude([row for row in rows if row.path == path]):
            name = title(known.get(path), path)
            return _("It never holds: what it asks of %(field)s cannot all be.", field=name)
    return ""


def _exclude(rows: list[Row]) -> bool:
    """Whether no value meets all comparisons of one field."""
    tests = {row.test for row in rows if not row.loose}
    if "unknown" in tests:
        return bool(tests - {"unknown"})
    strict = [row for row in rows if row.is_complete]
    listed = [set(map(_key, row.values)) for row in strict if row.test in _LISTING]
    barred = {_key(v) for row in strict if row.test in ("is-not", "none-of") for v in row.values}
    left = set.intersection(*listed) - barred if listed else None
    if left is not None and not left and not all(row.loose for row in rows):
        return True
    return not all(row.loose for row in rows) and _empty(strict)


def _empty(rows: list[Row]) -> bool:
    lows = [(row.values[0], row.test == "more") for row in rows if row.test in _LOW]
    highs = [(row.values[-1], row.test == "less") for row in rows if row.test in _HIGH]
    exact = [row.values[0] for row in rows if row.test == "is"]
    numbers = [v for v, _open in (*lows, *highs)] + exact
    if not all(isinstance(v, int | Decimal | float) for v in numbers):
        return False
    lows += [(v, False) for v in exact]
    highs += [(v, False) for v in exact]
    return any(
        low > high or (low == high and (above or below))
        for low, above in lows
        for high, below in highs
    )


def _key(one: Any) -> str:
    return repr(one)
