"""An XLSForm as a definition of ours, with what became of each of its rows. Not for reading or writing files.

The definition keeps the sheets as they were, in `x-xlsform`: whatever cannot be said here goes out again from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from builder.exchange.assembly import Assembly, Guard
from builder.exchange.choices import Lists
from builder.exchange.columns import MEDIA, TEXTS, Column, Sheet, sheet_of
from builder.exchange.conditions import Asked, number
from builder.exchange.constraints import constrain
from builder.exchange.filters import filtered
from builder.exchange.layout import Layout
from builder.exchange.questions import answer
from builder.exchange.reckoning import Reckoning
from builder.exchange.report import Line, line
from builder.exchange.sheets import Grid, Sheets
from builder.exchange.showing import Showing, out_of_reach
from builder.exchange.survey import Item, Questions, items
from builder.exchange.wording import Wording, put
from builder.exchange.xpath import NotRead, conjuncts, read
from runtime.api import OperatorError, drafts, loads
from runtime.api import gettext as _

KEPT = "x-xlsform"
"""The member of a definition that holds the sheets that it was made from."""
_YES = frozenset({"yes", "true", "true()", "1"})
_NO = frozenset({"", "no", "false", "false()", "0"})
_SAID = frozenset(
    {
        "type", "name", "relevant", "required", "constraint", "calculation", "default", "read_only",
        "choice_filter", "repeat_count", "appearance", "parameters", "disabled",
    }
)  # fmt: skip
_DYNAMIC = re.compile(r"\$\{|\w\(|^\s*\.\.")


@dataclass(frozen=True, slots=True)
class Read:
    """The definition, what became of each row, and which rows of the survey are which parts (key by row number)."""

    document: dict[str, Any]
    lines: tuple[Line, ...]
    keys: dict[int, str]
    items: tuple[Item, ...]


def is_xlsform(sheets: Sheets) -> bool:
    """Whether there is a survey with types in it."""
    grid = _found(sheets, "survey")
    return bool(grid) and any(text.strip().lower() in ("type", "command") for text in grid[0])


def read_xlsform(sheets: Sheets, department: str, name: str) -> Read:
    """The definition that the sheets describe. Raises `OperatorError` for sheets that are no XLSForm."""
    if not is_xlsform(sheets):
        raise OperatorError(
            _("There is no sheet “survey” with a column “type”: this is no XLSForm.")
        )
    return _Reader(sheets, department, name).read()


def _found(sheets: Sheets, name: str) -> Grid:
    return next((grid for sheet, grid in sheets.items() if sheet.strip().lower() == name), [])


class _Reader:
    """Reads one XLSForm."""

    def __init__(self, sheets: Sheets, department: str, name: str) -> None:
        self.sheets = sheets
        self.department = department
        self.name = name
        self.survey = sheet_of(_found(sheets, "survey"), "survey")
        self.choices = sheet_of(_found(sheets, "choices"), "choices")
        self.settings = sheet_of(_found(sheets, "settings"), "settings")
        self.items = items(self.survey)
        self.questions = Questions(self.items)
        self.showing = Showing(self.questions)
        self.is_calling = False
        self.wording = Wording(self._setting("default_language"), self._called)
        self.lists = Lists(self.choices, self.wording)

    def read(self) -> Read:
        """The definition and its report."""
        for item in self.items:
            self._answer(item)
        Reckoning(self.questions).over(self.items)
        document = self._document()
        lines = [*self._of_items(), *self.lists.lines(), *self._of_settings(), *self._of_others()]
        keys = {item.row: item.key for item in self.items if item.key}
        return Read(document, tuple(lines), keys, tuple(self.items))

    def _setting(self, column: str) -> str:
        row = self.settings.rows[0][1] if self.settings.rows else {}
        return row.get(Column(column), "")

    def _called(self, name: str) -> str:
        """What a question is called in the text of another; its name where its own text speaks of questions."""
        if self.is_calling:  # labels may name each other, and themselves
            return name
        self.is_calling = True
        item = self.questions.named(name)
        titles = self.wording.texts(item.cells, "label", []) if item else {}
        self.is_calling = False
        plain = titles.get("en") or next(iter(titles.values()), "")
        return plain if plain and len(plain) <= 40 and "[" not in plain else name

    # What each row is

    def _answer(self, item: Item) -> None:
        if item.type.startswith("end_") or item.type in ("begin_group", "begin_repeat", "note"):
            if item.type == "note" and item.level:
                item.kept = _("a note within the rows of a repeat is drawn on no page here")
        elif any(around.type == "begin_loop" for around in item.inside):
            item.kept = _("it stands in a loop")
        elif item.type != "calculate":
            answer(item, self.lists.choices)
        if item.text("disabled").lower() in _YES:
            item.schema, item.kept = None, _("it is switched off")
        if item.schema is not None:
            self.lists.use(item.list_name)
            if item.kind == "text" and "multiline" in item.text("appearance"):
                item.schema["format"] = "long-text"

    # The definition

    def _document(self) -> dict[str, Any]:
        document: dict[str, Any] = loads(drafts.blank(self.department, self.name))
        document.pop("translations", None)
        put(document, "title", {"en": self._setting("form_title") or self.name})
        made, layout = Assembly(document), Layout()
        for item in self.items:
            self._place(item, made, layout)
        document["layout"] = layout.items
        document[KEPT] = {"sheets": self.sheets}
        return document

    def _place(self, item: Item, made: Assembly, layout: Layout) -> None:
        if item.kept:
            return
        if item.type.startswith("end_"):
            item.key = layout.end(item)
            return
        titles = self.wording.texts(item.cells, "label", item.losses)
        if item.type == "note":
            item.key = layout.note(item, titles)
            if not titles:
                item.kept, item.key = _("it has no text"), ""
            elif self.showing.guards(item):
                item.losses.append(_("it is always shown, because a note has no condition here"))
        elif item.type == "begin_group":
            self._group(item, titles, made, layout)
        else:
            self._question(item, titles, made, layout)

    def _group(self, item: Item, titles: Any, made: Assembly, layout: Layout) -> None:
        schema: dict[str, Any] = {"type": "object"}
        put(schema, "title", titles or {"en": item.name})
        schema["properties"] = {}
        made.put(item.path, schema, self._around(item), required=False)
        item.key = layout.group(item, titles)
        self.showing.guards(item)
        self._lost(item)

    def _around(self, item: Item) -> list[Guard]:
        """Under what a group stands: only a repeat around it that comes on a condition takes it along."""
        repeats = [one for one in item.inside if one.type == "begin_repeat"]
        return self.showing.guards(repeats[-1]) if repeats else []

    def _question(self, item: Item, titles: Any, made: Assembly, layout: Layout) -> None:
        repeat = item.type == "begin_repeat"
        schema = self._repeat(item) if repeat else dict(item.schema or {})
        named: dict[str, Any] = {}
        put(named, "title", titles or {"en": item.name})
        self._help(item, named)
        schema = {**named, **schema}
        if not repeat:
            self._limits(item, schema)
        guards = self.showing.guards(item)
        required = item.text("required").lower()
        made.put(item.path, schema, guards, required=required in _YES and not repeat)
        if required not in _YES | _NO:
            self._required(item, guards, made)
        filtered(item, self.lists, self.questions, guards, made)
        self._somebody_elses(item, guards, made, layout)
        self._lost(item)

    def _repeat(self, item: Item) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array", "items": {"type": "object", "properties": {}}}
        count = item.text("repeat_count")
        if count.isdigit() and len(count) < 4:
            schema |= {"minItems": int(count), "maxItems": int(count)}
        elif count:
            item.losses.append(_("how many rows there are is kept and not checked"))
        return schema

    def _help(self, item: Item, named: dict[str, Any]) -> None:
        hints = self.wording.texts(item.cells, "hint", item.losses)
        messages = self.wording.texts(item.cells, "constraint_message", item.losses)
        put(named, "help", hints or messages)
        put(named, "description", self.wording.texts(item.cells, "guidance_hint", item.losses))
        if hints and messages:
            item.losses.append(_("the limit is told in the site's own words"))
        if any(column.name == "required_message" for column in item.cells):
            item.losses.append(_("that an answer is missing is told in the site's own words"))

    def _limits(self, item: Item, schema: dict[str, Any]) -> None:
        if text := item.text("constraint"):
            item.losses += constrain(schema, text, item.kind)
        if item.text("read_only").lower() in _YES and "fill" not in schema:
            schema["readOnly"] = True
        elif item.text("read_only").lower() not in _YES | _NO:
            item.losses.append(_("when it can be changed is kept and not kept to"))
        if default := item.text("default"):
            self._default(item, schema, default)

    def _default(self, item: Item, schema: dict[str, Any], text: str) -> None:
        if _DYNAMIC.search(text) or item.kind in ("other", "yes"):
            item.losses.append(_("what stands there at first is kept and not filled in"))
            return
        try:
            if item.kind in ("integer", "decimal"):
                schema["default"] = number(text)
            elif item.kind == "many":
                schema["default"] = text.split()
            else:
                schema["default"] = text
        except NotRead:
            item.losses.append(_("what stands there at first is kept and not filled in"))

    def _required(self, item: Item, guards: list[Guard], made: Assembly) -> None:
        try:
            extra = [
                self.showing.guard(item, part) for part in conjuncts(read(item.text("required")))
            ]
            if not all(self.showing.fits(item, guard) for guard in extra):
                raise NotRead(out_of_reach())
        except NotRead as error:
            item.losses.append(
                _("when it must be answered is kept and not checked: %(why)s", why=error)
            )
            return
        made.require(item.path, [*guards, *extra])

    def _somebody_elses(
        self, item: Item, guards: list[Guard], made: Assembly, layout: Layout
    ) -> None:
        """The question's place on the page, and behind it the one that takes what is none of the choices."""
        item.key = layout.question(item)
        if not item.other:
            return
        path = (*item.path[:-1], f"{item.name}_other")
        asked = Asked(item.path[len(item.scope) :], item.kind, item.level)
        chosen = {"contains": {"const": "other"}} if item.kind == "many" else {"const": "other"}
        schema: dict[str, Any] = chosen
        for name in reversed(asked.path):
            schema = {"properties": {name: schema}, "required": [name]}
        words = {"type": "string", "title": "Other", "translations": {"zh-CN": {"title": "其他"}}}
        made.put(path, words, [*guards, Guard(item.scope, schema)], required=False)
        layout.other(item, path)

    def _lost(self, item: Item) -> None:
        """What stands in columns that mean nothing here."""
        appearance = item.text("appearance")
        if appearance and not (item.kind == "text" and appearance == "multiline"):
            item.losses.append(
                _("the appearance “%(name)s” is kept and has no effect", name=appearance)
            )
        for column in item.cells:
            if column.name in MEDIA:
                item.losses.append(_("pictures, sounds and films are kept and not shown"))
            elif column.name not in _SAID | TEXTS:
                item.losses.append(
                    _("the column “%(name)s” is kept and has no effect", name=column.name)
                )

    # The report

    def _of_items(self) -> Iterator[Line]:
        for item in self.items:
            place = _("survey, row %(n)s", n=item.row)
            what = f"{item.text('type')} {item.text('name')}".strip()
            yield line(place, what, item.losses, item.kept)

    def _of_settings(self) -> Iterator[Line]:
        for row, cells in self.settings.rows:
            known = {"form_title", "form_id", "default_language"}
            lost = [c.name for c in cells if c.name not in known]
            why = [_("the setting “%(name)s” is kept and has no effect", name=n) for n in lost]
            yield line(_("settings, row %(n)s", n=row), self._setting("form_title"), why)

    def _of_others(self) -> Iterator[Line]:
        known = {"survey", "choices", "settings"}
        for name, grid in self.sheets.items():
            if name.strip().lower() not in known and grid:
                yield line(name, "", kept=_("this sheet says nothing that a form here could say"))


__all__ = ["KEPT", "Read", "Sheet", "is_xlsform", "read_xlsform"]
