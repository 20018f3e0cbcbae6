"""One cell of a plan with its value, as a `Value`: the words of its field type, its number format, its unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import simplejson

from runtime.definitions import plan as plans
from runtime.definitions.formulas import names_in
from runtime.fields.base import MISSING, ExcelCell, FieldType
from runtime.fields.catalogue import field_types
from runtime.language import say
from runtime.outputs.clean import clean
from runtime.outputs.tree import Value


def value_of(
    cell: plans.Cell, pointer: str, raw: Any, labels: tuple[str, ...], provenance: Mapping[str, Any]
) -> Value:
    """What is printed for `raw` at `pointer`; a value that its type does not know is printed as JSON."""
    kind = type_of(cell.field)
    excel = _excel(kind, raw, cell.options)
    return Value(
        pointer=pointer,
        text=clean(_text(kind, raw, cell.options)),
        raw=raw,
        excel=excel,
        type=cell.field,
        unit=say(cell.words.unit),
        numeric=bool(kind and kind.numeric),
        digits=int(cell.options.get("digits") or 0),
        sums=_made_of(cell),
        formula=cell.own.text if isinstance(cell.own, plans.Formula) else "",
        labels=labels,
        boxes=listed(cell),
        source=source_of(provenance.get(pointer)),
    )


def _made_of(cell: plans.Cell) -> tuple[str, ...]:
    """What it is worked out from: the cells that it sums, or those of its formula's names in their order."""
    if isinstance(cell.own, plans.Formula):
        return tuple(cell.own.parts[name] for name in names_in(cell.own.text))
    return cell.total_of


def listed(cell: plans.Cell) -> tuple[str, ...]:
    """The words of the choices that a cell offers, in their order."""
    return tuple(say(choice["title"]) for choice in cell.options.get("choices", ()))


def coded(cell: plans.Cell) -> tuple[str, ...]:
    """The choices with their codes (their number, where a code is long), to be written instead of ticked."""
    choices = cell.options.get("choices", ())
    short = all(len(str(choice["key"])) <= 4 for choice in choices)
    return tuple(
        f"{choice['key'] if short else number} {say(choice['title'])}"
        for number, choice in enumerate(choices, start=1)
    )


def locked_value(
    pointer: str, raw: Any, labels: tuple[str, ...], provenance: Mapping[str, Any]
) -> Value:
    """A part that no control can hold: its value as JSON text."""
    text = clean(as_json(raw))
    source = source_of(provenance.get(pointer))
    return Value(pointer, text, raw, ExcelCell(text), labels=labels, source=source, locked=True)


def words_value(pointer: str, text: str, labels: tuple[str, ...], boxes: tuple[str, ...]) -> Value:
    """A value that is only words, such as the branch picked of a choice."""
    return Value(
        pointer, text, text or MISSING, ExcelCell(text), "choice", labels=labels, boxes=boxes
    )


def as_json(raw: Any) -> str:
    """Any value as JSON text, `""` when missing."""
    if raw is MISSING:
        return ""
    if isinstance(raw, str):
        return raw
    return simplejson.dumps(raw, use_decimal=True, ensure_ascii=False, indent=1)


def type_of(name: str) -> FieldType | None:
    """The field type of that name; None when its plugin is gone."""
    try:
        return field_types[name]
    except KeyError:
        return None


def source_of(provenance: Any) -> str:
    """The kind of a cell's provenance, such as `register` or `typed`."""
    if isinstance(provenance, Mapping):
        return str(provenance.get("kind", ""))
    return str(provenance or "")


def _text(kind: FieldType | None, raw: Any, options: Mapping[str, Any]) -> str:
    if raw is MISSING:
        return ""
    if kind is None or not kind.carries(raw, options):
        return "" if raw is None else as_json(raw)
    return kind.display(raw, options)


def _excel(kind: FieldType | None, raw: Any, options: Mapping[str, Any]) -> ExcelCell:
    if kind is None or not (raw is MISSING or kind.carries(raw, options)):
        return ExcelCell("" if raw is None else clean(as_json(raw)))
    return kind.excel(raw, options)
