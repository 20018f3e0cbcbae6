"""A value that the server computes: shown, never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.fields.base import MISSING, Options
from runtime.fields.numbers import Number


class Computed(Number):
    """The sum of other cells; an input never belongs to it."""

    name = "computed"
    beginning: ClassVar[dict[str, Any]] = {}
    control = "display"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A number that is the total of others."""
        return 30 if schema.get("totalOf") else 0

    def encode(self, value: Any, options: Options) -> list[str]:
        """Nothing: there is no control."""
        return []

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """Nothing can be posted for it."""
        return MISSING
