"""What a control of a condition has typed, as the field's value and back; and what is wrong with it. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from builder.rules.fields import Field
from builder.rules.rows import Path, Row
from runtime.api import gettext as _


def path_text(path: Path) -> str:
    """A path as a control's value: a JSON pointer without its first slash."""
    return "/".join(name.replace("~", "~0").replace("/", "~1") for name in path)


def path_of(text: str) -> Path:
    """The path that `path_text` gave."""
    if not text:
        return ()
    return tuple(name.replace("~1", "/").replace("~0", "~") for name in text.split("/"))


def value_of(text: str, known: Field | None, test: str) -> Any:
    """What was typed as the field's value; the text itself where it is none, for the message."""
    text = text.strip()
    for code, _texts in known.codes if known else ():
        if spelt(code) == text:
            return code
    if known and known.kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    counts = test in ("longer", "shorter") or (known is not None and known.kind == "number")
    return _number(text) if counts else text


def spelt(value: Any) -> str:
    """A value as its control has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _number(text: str) -> Any:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return text
    return int(number) if number == number.to_integral_value() else number


def wrong_with(row: Row, known: Field) -> str:
    """What is wrong with the values of a row; empty: nothing."""
    if not row.is_complete:
        return (
            _("Choose a value.") if known.codes or known.kind == "boolean" else _("Type a value.")
        )
    codes = [code for code, _texts in known.codes]
    if codes and any(value not in codes for value in row.values):
        return _("This is no code of the list any more; choose another.")
    if known.kind == "boolean" and not all(isinstance(value, bool) for value in row.values):
        return _("Choose a value.")
    if row.test in ("longer", "shorter") and not _is_count(row.values[0]):
        return _("This is not a whole number.")
    if known.kind == "number" and any(isinstance(value, str) for value in row.values):
        return _("This is not a number.")
    if known.kind == "date" and not _is_day(row.values[0]):
        return _("This is not a day.")
    if row.test == "between" and row.values[0] > row.values[1]:
        return _("The first number is greater than the second.")
    return ""


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return not value
    return True
