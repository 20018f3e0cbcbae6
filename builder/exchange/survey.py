"""The survey sheet as a tree: each row with its type, its name, and what is around it. Not for what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.exchange.columns import Column, Sheet
from builder.exchange.conditions import Asked
from builder.exchange.xpath import NotRead
from runtime.api import OperatorError
from runtime.api import gettext as _

_BEGIN = re.compile(r"(begin|end)[ _]?(group|repeat|lgroup|looped group|loop)\b.*", re.IGNORECASE)
_SELECT = re.compile(
    r"(?:add )?(select[ _]?one|select1|select[ _]?multiple|select[ _]all[ _]that[ _]apply|rank)"
    r"(?: prompt using)?([ _]from[ _]file|[ _]external)?(?: from)?\s+(\S+)(\s+or[ _](?:specify[ _])?other)?",
    re.IGNORECASE,
)
_SAME = {
    "int": "integer", "string": "text", "photo": "image", "trigger": "acknowledge", "gps": "geopoint",
    "location": "geopoint", "datetime": "dateTime", "phone_number": "phonenumber", "imei": "deviceid",
    "add_image_prompt": "image", "add_photo_prompt": "image", "add_audio_prompt": "audio",
    "add_video_prompt": "video", "add_file_prompt": "file", "add_note_prompt": "note",
    "add_text_prompt": "text", "add_integer_prompt": "integer", "add_decimal_prompt": "decimal",
    "add_date_prompt": "date",
}  # fmt: skip
_DEEPEST = 12


@dataclass(slots=True, eq=False)
class Item:
    """A row of the survey that is more than empty.

    `path` is the place of its answers in an entry, with `*` for each row of a repeat; a group's or repeat's is its own.
    """

    row: int
    cells: Mapping[Column, str]
    type: str
    """`text`, `select_one`, `begin_group`, `end_group` …, small as XLSForm writes it."""
    list_name: str
    name: str
    path: tuple[str, ...]
    inside: tuple[Item, ...]
    """The groups and repeats around it, the outermost first."""
    other: bool = False
    """A choice may be something else, which is then said in words."""
    kind: str = "other"
    schema: dict[str, Any] | None = None
    losses: list[str] = field(default_factory=list)
    kept: str = ""
    """Why it is only kept; empty: it is said."""
    key: str = ""
    """What it is called by what writes sheets; empty where nothing of it is in the definition."""

    def text(self, column: str) -> str:
        """What stands in a column that is in no language."""
        return self.cells.get(Column(column), "")

    @property
    def level(self) -> int:
        """How many repeats are around it."""
        return self.path.count("*")

    @property
    def scope(self) -> tuple[str, ...]:
        """The path of the row or form that its answer stands in."""
        stars = [n for n, step in enumerate(self.path) if step == "*"]
        return self.path[: stars[-1] + 1] if stars else ()


def items(sheet: Sheet) -> list[Item]:
    """The rows of the survey in order. Raises `OperatorError` where groups and repeats do not close as they began."""
    found: list[Item] = []
    around: list[Item] = []
    for row, cells in sheet.rows:
        if not cells.get(Column("type")):
            continue
        type_, list_, other = _type(cells[Column("type")])
        if type_.startswith("end_"):
            found.append(_end(row, cells, type_, around))
            continue
        name = cells.get(Column("name"), "") or f"{type_}_{row}"
        item = Item(row, cells, type_, list_, name, (*_path(around), name), tuple(around), other)
        found.append(item)
        if type_.startswith("begin_"):
            around.append(item)
        if len(around) > _DEEPEST:
            raise OperatorError(_("Row %(row)s: groups are nested too deep.", row=row))
    if around:
        raise OperatorError(
            _("Row %(row)s: “%(name)s” has no end.", row=around[-1].row, name=around[-1].name)
        )
    return found


def _end(row: int, cells: Mapping[Column, str], type_: str, around: list[Item]) -> Item:
    if not around or around[-1].type.removeprefix("begin_") != type_.removeprefix("end_"):
        raise OperatorError(_("Row %(row)s ends what has not begun.", row=row))
    begun = around.pop()
    return Item(row, cells, type_, "", begun.name, begun.path, (*tuple(around), begun))


def _path(around: list[Item]) -> Iterator[str]:
    for item in around:
        yield item.name
        if item.type == "begin_repeat":
            yield "*"


def _type(text: str) -> tuple[str, str, bool]:
    """The type of a row, the list it names, and whether something else may be said."""
    plain = " ".join(text.split())
    if found := _BEGIN.fullmatch(plain):
        what = found[2].lower().replace("lgroup", "repeat").replace("looped group", "repeat")
        return f"{found[1].lower()}_{what}", "", False
    if found := _SELECT.fullmatch(plain):
        many = found[1].lower().replace(" ", "_").replace("selectone", "select_one")
        kind = {"rank": "rank", "select_one": "select_one", "select1": "select_one"}.get(
            many, "select_multiple"
        )
        elsewhere = (found[2] or "").strip(" _").lower().replace(" ", "_")
        return f"{kind}_{elsewhere}" if elsewhere else kind, found[3], bool(found[4])
    small = plain.lower().replace(" ", "_")
    return _SAME.get(small, small if small != "datetime" else "dateTime"), "", False


class Questions:
    """The questions by name, as an expression of one of them may speak of them."""

    def __init__(self, found: list[Item]) -> None:
        self._by_name: dict[str, list[Item]] = {}
        for item in found:
            if not item.type.startswith("end_"):
                self._by_name.setdefault(item.name, []).append(item)

    def named(self, name: str) -> Item | None:
        """The one question of that name."""
        found = self._by_name.get(name, [])
        return found[0] if len(found) == 1 else None

    def asked(self, name: str, by: Item) -> Asked:
        """What an expression in the row `by` may know of a question. Raises `NotRead`."""
        item = by if not name else self.named(name)
        if item is None:
            raise NotRead(_("there is no one question “%(name)s”", name=name))
        if item.schema is None or item.kept:
            raise NotRead(_("“%(name)s” is kept but locked", name=name))
        if item.scope != by.path[: len(item.scope)]:
            raise NotRead(_("“%(name)s” stands in another repeat", name=name))
        return Asked(item.path[len(item.scope) :], item.kind, item.level)
