"""What every field type answers. Built-in types and plugins' own derive from `FieldType`.

A field type never sees a whole plan or entry: it works on one value and on its `options`, the plain-data
dictionary that it made itself from the schema at compile time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from wtforms import Field

from runtime.language import Texts


class Missing:
    """The value of a cell that is not in the data at all; apart from `None`, `""`, `[]` and `{}`."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing()

Options = Mapping[str, Any]


class WrongInput(ValueError):
    """What was posted is not a value of this type; the text says, in the language in force, what is wanted."""


@dataclass(frozen=True, slots=True)
class ExcelCell:
    """How a value stands in a worksheet: the value itself, its number format, and the list to choose from."""

    value: Any
    number_format: str = "General"
    choices: tuple[str, ...] = ()
    align: str = "start"


class FieldType:
    """One kind of value, in all its aspects: schema, coercion, control, text, Excel cell, import."""

    name: ClassVar[str]
    """Stable word in plans and tests, such as `integer`."""

    title: ClassVar[Texts] = {}
    """What designers call it, per language."""

    beginning: ClassVar[dict[str, Any]] = {}
    """The schema with which a new cell of this type begins; empty: it is not offered to designers."""

    control: ClassVar[str] = "text"
    """Which macro of the screen template draws it."""

    numeric: ClassVar[bool] = False
    """Drawn in tabular digits at the end edge."""

    option_schema: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}}
    """JSON Schema of what a designer may set; the builder draws its panel from it."""

    def claims(self, schema: Mapping[str, Any]) -> int:
        """How well this type fits the merged schema of one cell: 0 not at all, the highest wins."""
        raise NotImplementedError

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Plain data kept in the plan for this cell, JSON-serialisable, made once at compile time."""
        return {}

    def carries(self, value: Any, options: Options) -> bool:
        """Whether the control can hold `value` and give it back unchanged; if not the cell is drawn locked."""
        raise NotImplementedError

    def encode(self, value: Any, options: Options) -> list[str]:
        """The strings that the untouched control posts for `value` (which may be `MISSING`)."""
        raise NotImplementedError

    def decode(self, posted: Sequence[str], options: Options) -> Any:
        """The value of what was posted, or `MISSING` when emptied. Raises `WrongInput`."""
        raise NotImplementedError

    def form_field(self, options: Options) -> Field:
        """The WTForms field (unbound) that coerces and words the messages for `decode`."""
        raise NotImplementedError

    def display(self, value: Any, options: Options) -> str:
        """`value` as a reader sees it in review, PDF and lists, in the language in force; `""` when missing."""
        raise NotImplementedError

    def excel(self, value: Any, options: Options) -> ExcelCell:
        """`value` as it stands in a worksheet."""
        return ExcelCell(self.display(value, options))

    def read(self, raw: Any, options: Options) -> Any:
        """A value from a department's sheet in its usual spellings. Raises `WrongInput`."""
        return self.decode([str(raw)], options)
