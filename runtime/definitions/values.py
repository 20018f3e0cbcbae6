"""Values within JSON data by their pointers, read and replaced without changing what was given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from runtime.definitions.address import tokens
from runtime.fields.base import MISSING

__all__ = ["MISSING", "value_at", "with_value", "with_values"]


def value_at(data: Any, pointer: str) -> Any:
    """What stands at a JSON pointer, `MISSING` when nothing does."""
    for step in tokens(pointer):
        if isinstance(data, dict):
            data = data.get(step, MISSING)
        elif isinstance(data, list) and is_index(step) and int(step) < len(data):
            data = data[int(step)]
        else:
            return MISSING
    return data


def with_value(data: Any, pointer: str, value: Any) -> Any:
    """A copy of `data` with `value` at a pointer; `MISSING` takes away what stands there.

    Objects on the way are made where nothing or null stands. Raises `LookupError` where something else does,
    or a row is not there; the index one past the last row adds one.
    """
    return _with(data, tokens(pointer), value)


def with_values(data: Any, told: Iterable[tuple[str, Any]]) -> Any:
    """The same for several pointers and values, one after the other; what many share is copied once."""
    own: dict[int, Any] = {}
    for pointer, value in told:
        data = _put(data, tokens(pointer), value, own)
    return data


def _put(data: Any, steps: tuple[str, ...], value: Any, own: dict[int, Any]) -> Any:
    """As `_with`, but what is in `own`, the copies made so far by their ids, is changed in its place."""
    if not steps:
        return value
    if value is MISSING:
        return _with(data, steps, value)
    step, rest = steps[0], steps[1:]
    if id(data) not in own:
        data = {} if data is MISSING or data is None else data
        if not isinstance(data, dict | list):
            raise LookupError(step)
        data = data.copy()
        own[id(data)] = data
    if isinstance(data, dict):
        data[step] = _put(data.get(step, MISSING), rest, value, own)
        return data
    if not is_index(step) or int(step) > len(data):
        raise LookupError(step)
    index = int(step)
    before = data[index] if index < len(data) else MISSING
    data[index : index + 1] = [_put(before, rest, value, own)]
    return data


def _with(data: Any, steps: tuple[str, ...], value: Any) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(data, list):
        return _with_element(data, step, rest, value)
    if data is MISSING or data is None:
        if value is MISSING:
            return data
        data = {}
    if not isinstance(data, dict):
        raise LookupError(step)
    changed = _with(data.get(step, MISSING), rest, value)
    if changed is MISSING:
        return {key: part for key, part in data.items() if key != step}
    return {**data, step: changed}


def _with_element(data: list[Any], step: str, rest: tuple[str, ...], value: Any) -> list[Any]:
    if not is_index(step) or int(step) > len(data):
        raise LookupError(step)
    index = int(step)
    changed = _with(data[index] if index < len(data) else MISSING, rest, value)
    if changed is MISSING:
        return data[:index] + data[index + 1 :]
    return [*data[:index], changed, *data[index + 1 :]]


_CLASSES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "integer": (int,),
    "number": (int, float, Decimal),
}


def is_of_type(value: Any, types: Collection[str]) -> bool:
    """Whether a value is of one of these types, as JSON Schema means them; null is of none."""
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, float | Decimal) and "integer" in types and _is_whole(value):
        return True
    return any(isinstance(value, _CLASSES.get(kind, ())) for kind in types if kind != "boolean")


def _is_whole(value: float | Decimal) -> bool:
    """Told without writing it out: `1e999999999` has a thousand million digits."""
    if isinstance(value, float):
        return value.is_integer()
    return value.is_finite() and value == value.to_integral_value()


def is_index(step: str) -> bool:
    """Whether a step of a pointer names an element of a list."""
    return step.isascii() and step.isdigit() and (step == "0" or step[0] != "0") and len(step) < 10
