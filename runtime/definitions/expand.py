"""An indicator's `by` written out as the properties of an object. Not for filling its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from runtime.definitions.address import pointer

TOTAL = "total"
"""The member that stands for all codes of its breakdown."""

_TOTAL_TEXTS: dict[str, Any] = {"title": "Total", "translations": {"zh-CN": {"title": "合计"}}}
_OF_A_CODE = ("title", "description", "translations", "validFrom", "validTo")
_OF_A_FIGURE = ("unit", "digits", "currency")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One breakdown: the field, and the members of its code list or band list as they stand in the file."""

    field: str
    members: tuple[dict[str, Any], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in the list's order, without the total."""
        return tuple(member["const"] for member in self.members)


def members_of(schema: Any) -> tuple[dict[str, Any], ...]:
    """The members of a closed list of codes: a labelled `oneOf`, or the plain strings of an `enum`."""
    if not isinstance(schema, dict):
        return ()
    labelled = schema.get("oneOf")
    if isinstance(labelled, list):
        if all(isinstance(m, dict) and isinstance(m.get("const"), str) for m in labelled):
            return tuple(labelled)
        return ()
    plain = schema.get("enum")
    if isinstance(plain, list) and all(isinstance(code, str) for code in plain):
        return tuple({"const": code, "title": code} for code in plain)
    return ()


def figure(op: str, field: dict[str, Any], indicator: dict[str, Any]) -> dict[str, Any]:
    """The schema of one cell of the indicator, whose figure is made of this field by `op`."""
    leaf = _kept_type(op, field)
    measured = {} if op in ("count", "distinct") else field
    for key in _OF_A_FIGURE:
        found = indicator.get(key, measured.get(key))
        if found is not None:
            leaf[key] = found
    if units := _units(indicator if "unit" in indicator else measured):
        leaf["translations"] = units
    return leaf


def _kept_type(op: str, field: dict[str, Any]) -> dict[str, Any]:
    """How many are an integer, an average is a number; all else is of its field's own type."""
    if op in ("count", "distinct"):
        return {"type": "integer", "minimum": 0}
    if field.get("format") == "date":
        return {"type": "string", "format": "date"}
    leaf: dict[str, Any] = {
        "type": "number" if op == "average" else field.get("type", "number"),
    }
    low = field.get("minimum", field.get("exclusiveMinimum"))
    if isinstance(low, (int, float, Decimal)) and low >= 0:
        leaf["minimum"] = 0
    return leaf


def _units(schema: dict[str, Any]) -> dict[str, Any]:
    """The translations of a schema's unit alone: a cell under a breakdown takes its title from its code."""
    texts = schema.get("translations")
    return {
        language: {"unit": words["unit"]}
        for language, words in (texts.items() if isinstance(texts, dict) else ())
        if isinstance(words, dict) and "unit" in words
    }


def _with_units(leaf: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """A code's words with the leaf's own unit beside them, in each language."""
    units, texts = leaf.get("translations", {}), words.get("translations", {})
    if not units or not isinstance(texts, dict):
        return words
    both = {tag: _joined(units.get(tag), texts.get(tag)) for tag in {**texts, **units}}
    return {**words, "translations": both}


def _joined(unit: Any, words: Any) -> Any:
    """The words of one language with the unit; what is no object is left for the checks to find."""
    return (
        {**unit, **words} if isinstance(unit, dict) and isinstance(words, dict) else words or unit
    )


def expanded(
    indicator: dict[str, Any],
    address: str,
    breakdowns: Sequence[Breakdown],
    leaf: dict[str, Any],
    *,
    additive: bool = True,
) -> dict[str, Any]:
    """`indicator` with its breakdowns as `properties`, code within code, each level with a `total`.

    Codes that are no longer valid are kept: an entry of an old period still has their cells. Each leaf names
    in `cellFill` the indicator and its codes. A leaf under a `total` is the sum over the innermost breakdown
    that is at its total, so that each total line of a table adds up what stands beside or above it; where figures
    are not `additive` (an average), it is a figure like the others.
    """
    properties = _level((), breakdowns, address, leaf)
    if not additive:
        properties = _without_sums(properties)
    return {**indicator, "type": "object", "properties": properties}


def _without_sums(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {**part, "properties": _without_sums(part["properties"])}
        if "properties" in part
        else {key: value for key, value in part.items() if key not in ("totalOf", "readOnly")}
        for name, part in properties.items()
    }


def _level(
    codes: tuple[str, ...], breakdowns: Sequence[Breakdown], address: str, leaf: dict[str, Any]
) -> dict[str, Any]:
    members = [*breakdowns[len(codes)].members, {"const": TOTAL, **_TOTAL_TEXTS}]
    found: dict[str, Any] = {}
    for member in members:
        words = {key: member[key] for key in _OF_A_CODE if key in member}
        inner = (*codes, member["const"])
        if len(inner) < len(breakdowns):
            properties = _level(inner, breakdowns, address, leaf)
            found[member["const"]] = {"type": "object", **words, "properties": properties}
        else:
            found[member["const"]] = {
                **leaf,
                **_with_units(leaf, words),
                **_annotations(inner, breakdowns, address),
            }
    return found


def _annotations(
    codes: tuple[str, ...], breakdowns: Sequence[Breakdown], address: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if address:
        found["cellFill"] = {"indicator": address, "codes": list(codes)}
    if TOTAL in codes:
        found |= {"readOnly": True, "totalOf": list(_summands(codes, breakdowns))}
    return found


def _summands(codes: tuple[str, ...], breakdowns: Sequence[Breakdown]) -> Iterator[str]:
    dimension = max(n for n, code in enumerate(codes) if code == TOTAL)
    up = len(codes) - dimension
    after = codes[dimension + 1 :]
    for code in breakdowns[dimension].codes:
        yield f"{up}{pointer(code, *after)}"


def combinations(breakdowns: Sequence[Breakdown]) -> Iterator[tuple[str, ...]]:
    """All cells of the indicator by their codes, totals included, in drawing order."""
    yield from product(*([*one.codes, TOTAL] for one in breakdowns))
