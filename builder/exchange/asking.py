"""One question of an XLSForm from one cell of a plan: its type, limits, first value, what works it out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from builder.exchange.names import Names, Place, key_of
from builder.exchange.spoken import Spoken, figure, pattern_out, quoted
from builder.exchange.values import (
    choices_of,
    first_value,
    is_acknowledgement,
    limits,
    spelled,
    value_of,
)
from builder.exchange.worked import calculation
from builder.exchange.xpath import NotRead
from runtime.api import Cell, Texts
from runtime.api import gettext as _

Named = tuple[str, str]
"""A column and the language tag of what stands in it (`""`: in none)."""
Cells = dict[Named, str]


_SIGNS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_SIZES = {
    "minLength": "string-length(.) >= ", "maxLength": "string-length(.) <= ",
    "minItems": "count-selected(.) >= ", "maxItems": "count-selected(.) <= ",
}  # fmt: skip
_TYPES = {
    "text": "text", "long-text": "text", "identifier": "text", "phone": "text", "integer": "integer",
    "decimal": "decimal", "money": "decimal", "computed": "decimal", "date": "date", "month": "date",
    "time": "time", "date-time": "dateTime",
}  # fmt: skip
_MEDIA = {"image/*": "image", "audio/*": "audio", "video/*": "video"}
_APPEARANCE = {"long-text": "multiline", "month": "month-year", "phone": "numbers"}


def put_texts(cells: Cells, column: str, texts: Texts) -> None:
    """Say a text in all its languages."""
    for tag, text in texts.items():
        if text:
            cells[column, tag] = text


class Asking:
    """Writes the questions of one plan; `lists` holds the choices that they are asked from, by name."""

    def __init__(self, names: Names, spoken: Spoken, wanted: Mapping[str, str]) -> None:
        self.names = names
        self.spoken = spoken
        self._wanted = wanted
        self.lists: dict[str, list[tuple[str, Texts]]] = {}

    def row(
        self,
        cell: Cell,
        place: Place,
        enclosing: Place,
        losses: list[str],
        titles: Texts | None = None,
    ) -> Cells:
        """The row of a cell, but for when it is shown; `losses` is told what the row does not say."""
        key = key_of("cell", place)
        cells: Cells = {
            ("type", ""): self._type(cell, key, losses),
            ("name", ""): self.names.of(key),
        }
        put_texts(cells, "label", titles or cell.words.title or {"en": place[-1]})
        put_texts(cells, "hint", _with_unit(cell))
        put_texts(cells, "guidance_hint", cell.words.description)
        self._required(cell, enclosing, place, cells, losses)
        self._limits(cell, cells, losses)
        self._worked(cell, place, cells, losses)
        if cell.field in _APPEARANCE:
            cells["appearance", ""] = _APPEARANCE[cell.field]
        if cell.read_only and ("calculation", "") not in cells:
            cells["read_only", ""] = "yes"
        if value := first_value(cell):
            cells["default", ""] = value
        return cells

    def _type(self, cell: Cell, key: str, losses: list[str]) -> str:
        if is_acknowledgement(cell):
            return "acknowledge"
        if choices := choices_of(cell):
            if any(str(value_of(c)) != spelled(value_of(c)) and not isinstance(value_of(c), bool)
                   for c in cell.options["choices"]):  # fmt: skip
                losses.append(_("codes with spaces are written with underscores"))
            many = "select_multiple" if cell.field == "multiple-choice" else "select_one"
            return f"{many} {self.list_of(key, self.names.of(key), choices)}"
        if cell.field == "attachment":
            kinds = cell.options.get("mediaTypes") or []
            return _MEDIA.get(kinds[0], "file") if len(kinds) == 1 else "file"
        if cell.field == "computed" and not _has_fraction(cell):
            return "integer"
        if cell.field not in _TYPES:
            losses.append(_("“%(type)s” becomes a text", type=cell.field))
        if cell.field in ("identifier", "phone"):
            losses.append(_("its form is not checked"))
        if cell.field == "money":
            losses.append(_("the currency is not said"))
        return _TYPES.get(cell.field, "text")

    def list_of(self, key: str, name: str, choices: list[tuple[str, Texts]]) -> str:
        """The list of these choices: one that is there already, or a new one under a name that is free."""
        wanted = self._wanted.get(key, "")
        if not wanted:
            same = [n for n, there in self.lists.items() if there == choices]
            if same:
                return same[0]
        own = wanted or name
        found, n = own, 1
        while self.lists.get(found, choices) != choices:
            n += 1
            found = f"{own}_{n}"
        self.lists[found] = choices
        return found

    def _required(
        self, cell: Cell, enclosing: Place, place: Place, cells: Cells, losses: list[str]
    ) -> None:
        if cell.required:
            cells["required", ""] = "yes"
            return
        found = []
        for condition in cell.required_when:
            try:
                found.append(self.spoken.condition(condition, enclosing, place))
            except NotRead as error:
                losses.append(_("when it must be answered is not said: %(why)s", why=error))
        if found:
            cells["required", ""] = (
                " or ".join(f"({one})" for one in found) if found[1:] else found[0]
            )

    def _limits(self, cell: Cell, cells: Cells, losses: list[str]) -> None:
        found = []
        for keyword, value in limits(cell):
            try:
                found.append(_limit(keyword, value))
            except NotRead as error:
                losses.append(str(error))
        if found:
            cells["constraint", ""] = " and ".join(found)

    def _worked(self, cell: Cell, place: Place, cells: Cells, losses: list[str]) -> None:
        try:
            if cell.total_of:
                cells["calculation", ""] = self._sum(cell, place)
            elif type(cell.own).__name__ == "Formula":
                own: Any = cell.own
                cells["calculation", ""] = calculation(
                    own.text, lambda name: self._relative(own.parts.get(name, ""), place)
                )
        except NotRead as error:
            losses.append(_("what works it out is not said, and it is typed: %(why)s", why=error))
            return
        if ("calculation", "") not in cells and (cell.fill or cell.own or cell.source or cell.fact):
            losses.append(_("it is filled here, and typed there"))

    def _sum(self, cell: Cell, place: Place) -> str:
        parts = []
        for relative in cell.total_of:
            target = self._target(relative, place)
            name = self.names.at(target)
            if not name:
                raise NotRead(_("a part of the sum is no question"))
            inner = target.count("*") > place.count("*")
            parts.append(f"sum(${{{name}}})" if inner else f"coalesce(${{{name}}}, 0)")
        return " + ".join(parts)

    def _relative(self, relative: str, place: Place) -> str:
        target = self._target(relative, place)
        name = self.names.at(target)
        if not name or "*" in target[_common(target, place) :]:
            raise NotRead(_("a part of the formula is no single question"))
        return "${" + name + "}"

    def _target(self, relative: str, place: Place) -> Place:
        up, _slash, rest = relative.partition("/")
        if not up.isdigit() or int(up) > len(place):
            raise NotRead(_("a part of the formula is no single question"))
        steps = (
            tuple(s.replace("~1", "/").replace("~0", "~") for s in rest.split("/")) if rest else ()
        )
        return (*place[: len(place) - int(up)], *steps)


def _limit(keyword: str, value: Any) -> str:
    if keyword in _SIGNS:
        return f". {_SIGNS[keyword]} {figure(_number(value))}"
    if keyword in _SIZES:
        return _SIZES[keyword] + figure(value)
    if keyword == "pattern":
        return f"regex(., {quoted(pattern_out(value))})"
    if keyword == "latest":
        return ". <= today()"
    if keyword == "multipleOf":
        return f". mod {figure(_number(value))} = 0"
    raise NotRead(keyword)


def _number(value: Any) -> Any:
    """Options keep decimals as texts."""
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        raise NotRead(_("its limit is no number")) from None


def _with_unit(cell: Cell) -> Texts:
    """The help of a cell, with what is counted."""
    tags = dict.fromkeys([*cell.words.help, *cell.words.unit])
    found = {}
    for tag in tags:
        unit = cell.words.unit.get(tag, "")
        help_ = cell.words.help.get(tag, "")
        found[tag] = f"{help_} ({unit})" if help_ and unit else help_ or unit
    return found


def _has_fraction(cell: Cell) -> bool:
    return bool(cell.options.get("digits"))


def _common(one: Place, other: Place) -> int:
    n = 0
    while n < min(len(one), len(other)) and one[n] == other[n]:
        n += 1
    return n
