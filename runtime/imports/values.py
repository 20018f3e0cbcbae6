"""A cell of a department's sheet as a value of its field, in its usual spellings. Not for matching columns.

What a field type reads by itself is its own (`FieldType.read`); here stands what is the same for all: numbers that
Excel made of codes, signs that mean nothing, units behind figures, and a memory of what was read before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from runtime.fields.base import MISSING, WrongInput
from runtime.fields.coercion import plain, require_storable
from runtime.imports.fields import Field
from runtime.imports.spelling import key
from runtime.language import gettext as _

EMPTY = frozenset({"", "-", "--", "—", "——", "/", "／", "无数据", "n/a", "null", "none", "空"})
"""What stands in a cell where nothing is known."""

_DATES = frozenset({"date", "month"})
_NUMBERS = frozenset({"integer", "decimal", "money"})
_SERIAL = re.compile(r"[2-6][0-9]{4}(?:\.0+)?")
_SHORT_DAY = re.compile(
    r"([0-9]{4}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}\s*日?)"
    r"(?:[\sT]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)
"""A day, and the time with which some programs write it."""
_REMEMBERED = 5_000


class Reader:
    """Reads the cells of one field; the same again is not read twice."""

    def __init__(self, field: Field, fits: Any) -> None:
        self.field = field
        self._fits = fits
        self._known: dict[Any, Any] = {}
        self._units = _units(field.schema)

    def read(self, raw: Any) -> Any:
        """The value, or `MISSING` for nothing; raises `WrongInput` with what is wanted."""
        if raw is None or raw == "":
            return MISSING
        mark = (type(raw), raw)
        if mark not in self._known:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            self._known[mark] = self._judged(raw)
        found = self._known[mark]
        if isinstance(found, WrongInput):
            raise found
        return found

    def _judged(self, raw: Any) -> Any:
        try:
            value = self._value(raw)
        except WrongInput as error:
            return error
        except (ValueError, OverflowError, TypeError):
            return WrongInput(_("“%(typed)s” is not a value that the field can have.", typed=raw))
        if value is not MISSING and (wrong := self._fits(self.field.name, value)):
            return WrongInput(wrong)
        return value

    def _value(self, raw: Any) -> Any:
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        kind, options = self.field.type, self.field.options
        if isinstance(raw, str):
            require_storable(raw)
            raw = raw.strip()
            if raw.casefold() in EMPTY and key(raw) not in self.field.spellings:
                return MISSING
            raw = self._tidied(raw)
        if self.field.spellings:
            return self._code(raw)
        if isinstance(raw, datetime) and kind.name not in _DATES:
            raw = raw.date().isoformat() if raw.time() == time.min else raw.isoformat(" ")
        return kind.read(raw, options)

    def _code(self, raw: Any) -> Any:
        found = self.field.spellings.get(key(str(raw)), MISSING)
        return self.field.type.read(raw, self.field.options) if found is MISSING else found

    def _tidied(self, text: str) -> Any:
        name = self.field.type.name
        if name in _DATES:
            narrow = plain(text)
            if name == "date" and _SERIAL.fullmatch(narrow):
                return int(float(narrow))
            found = _SHORT_DAY.fullmatch(narrow)
            # without its time, and as it is written: what is wrong with a day is told in the sheet's own words
            return found[1] if found and name == "date" else narrow
        if name in _NUMBERS:
            return self._without_unit(plain(text))
        if name in ("identifier", "phone"):
            return plain(text).strip("'‘’`")
        return text

    def _without_unit(self, text: str) -> str:
        text = text.lstrip("¥￥$").strip()
        for unit in self._units:
            if text.endswith(unit):
                return text.removesuffix(unit).strip()
        return text


def _units(schema: Mapping[str, Any]) -> list[str]:
    """The words for its unit that may stand behind a figure, the longest first."""
    words = [schema.get("unit")]
    words += [part.get("unit") for part in schema.get("translations", {}).values()]
    found = {re.sub(r"[（）()]", "", word) for word in words if isinstance(word, str)}
    return sorted(
        {*found, *(word for word in words if isinstance(word, str))}, key=len, reverse=True
    )
