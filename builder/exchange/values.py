"""Values as an XLSForm has them: the names of choices, first values, limits. Not for conditions between questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runtime.api import Cell, Texts, loads

_SPACES = re.compile(r"\s+")


def choices_of(cell: Cell) -> list[tuple[str, Texts]]:
    """The choices of a cell as an XLSForm names them, each with its titles; empty where it has none."""
    found: dict[str, Texts] = {}
    for choice in cell.options.get("choices", ()):
        found.setdefault(spelled(value_of(choice)), choice["title"])
    return list(found.items())


def value_of(choice: dict[str, Any]) -> Any:
    """The value that a choice stands for."""
    return choice["value"] if "value" in choice else loads(choice["json"])


def spelled(value: Any) -> str:
    """The name of a choice: a text without spaces, since several are told one behind the other."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _SPACES.sub("_", str(value).strip()) or "empty"


def choice_name(cell: Cell, value: Any) -> str:
    """What an answer is compared with: the name of the choice, `OK` of an acknowledgement, else the value itself."""
    if is_acknowledgement(cell):
        return "OK"
    if cell.options.get("choices"):
        return spelled(value)
    return "true" if value is True else "false" if value is False else str(value)


def is_acknowledgement(cell: Cell) -> bool:
    """Whether there is nothing to say but yes."""
    choices = cell.options.get("choices", ())
    return len(choices) == 1 and choices[0].get("value") is True


def limits(cell: Cell) -> Iterator[tuple[str, Any]]:
    """What the options of a cell say of how large or long an answer is."""
    for keyword in (
        "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minLength", "maxLength",
        "minItems", "maxItems", "pattern", "latest", "multipleOf",
    ):  # fmt: skip
        if keyword in cell.options:
            yield keyword, cell.options[keyword]


def first_value(cell: Cell) -> str:
    """What stands in a cell at first; empty where nothing does."""
    if "default" not in cell.options:
        return ""
    value = loads(cell.options["default"])
    if isinstance(value, list):
        return " ".join(spelled(one) for one in value)
    if isinstance(value, dict) or value is None:
        return ""
    return choice_name(cell, value)
