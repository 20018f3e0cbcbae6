"""The lists of choices of an XLSForm, and what became of each of their rows. Not for who chooses from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from builder.exchange.columns import MEDIA, Column, Sheet
from builder.exchange.report import Line, line
from builder.exchange.wording import Wording, put
from runtime.api import gettext as _

_KNOWN = frozenset({"list_name", "name", "label"})


class Lists:
    """The lists by name."""

    def __init__(self, sheet: Sheet, wording: Wording) -> None:
        self.choices: dict[str, list[dict[str, Any]]] = {}
        self.columns: dict[str, list[dict[str, str]]] = {}
        """What else the sheet says of each choice, in the same order: columns that filters compare."""
        self._used: set[str] = set()
        self._filters: set[tuple[str, str]] = set()
        self._rows = [self._take(row, cells, wording) for row, cells in sheet.rows if cells]

    def use(self, name: str) -> None:
        """Somebody chooses from this list."""
        self._used.add(name)

    def filter(self, name: str, column: str) -> None:
        """Somebody compares this column of the list, so that it has an effect."""
        self._filters.add((name, column))

    def _take(self, row: int, cells: Any, wording: Wording) -> tuple[int, str, str, list[str], Any]:
        list_, value = cells.get(Column("list_name"), ""), cells.get(Column("name"), "")
        losses: list[str] = []
        known = self.choices.setdefault(list_, [])
        if any(choice["const"] == value for choice in known):
            losses.append(_("it stands in its list already"))
        elif list_ and value:
            choice: dict[str, Any] = {"const": value}
            put(choice, "title", wording.texts(cells, "label", losses) or {"en": value})
            known.append(choice)
            others = {c.name: text for c, text in cells.items() if c.name not in _KNOWN}
            self.columns.setdefault(list_, []).append(others)
        return row, list_, value, losses, cells

    def lines(self) -> Iterator[Line]:
        """What became of each row."""
        for row, list_, value, losses, cells in self._rows:
            place, what = _("choices, row %(n)s", n=row), f"{list_} {value}".strip()
            if list_ not in self._used:
                yield line(
                    place, what, kept=_("no question that is said here chooses from its list")
                )
                continue
            yield line(place, what, [*losses, *self._lost(list_, cells)])

    def _lost(self, list_: str, cells: Any) -> Iterator[str]:
        for column in cells:
            if column.name in MEDIA:
                yield _("pictures, sounds and films are kept and not shown")
            elif column.name not in _KNOWN and (list_, column.name) not in self._filters:
                yield _("the column “%(name)s” is kept and has no effect", name=column.name)
