"""A plan as the rows of an XLSForm, with what became of each of its parts. Not for what a form was made from.

Tables become groups, lists repeats, codes choices, conditions `relevant`, formulas calculations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.exchange.names import Names, Place, key_of, plain_name
from builder.exchange.report import Line, line
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
from runtime.api import Cell, Plan, Texts, say
from runtime.api import gettext as _

Named = tuple[str, str]
"""A column and the language tag of what stands in it (`""`: in none)."""
Cells = dict[Named, str]


@dataclass(slots=True)
class Row:
    """One row to write, and the key by which it is known again."""

    key: str
    cells: Cells


@dataclass(slots=True)
class Written:
    """The rows of the three sheets."""

    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    settings: Cells = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def languages(self) -> list[str]:
        """The language tags of all texts, English first."""
        tags = {tag for row in (*self.survey, *self.choices) for _name, tag in row.cells if tag}
        return sorted(tags, key=lambda tag: (tag != "en", tag))


def written(
    plan: Plan, names: Mapping[str, str] | None = None, lists: Mapping[str, str] | None = None
) -> Written:
    """The rows of a form; `names` and `lists` are what its parts and their lists of choices are called already."""
    return _Writer(plan, names or {}, lists or {}).write()


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


class _Writer:
    """Writes one plan."""

    def __init__(self, plan: Plan, names: Mapping[str, str], lists: Mapping[str, str]) -> None:
        self.plan = plan
        self.names = Names(plan, names)
        self.spoken = Spoken(plan, self.names)
        self.out = Written()
        self._wanted = lists
        self._lists: dict[str, list[tuple[str, Texts]]] = {}

    def write(self) -> Written:
        """All rows."""
        self._node(self.plan.root, (), (), [])
        title = self.plan.words.title
        self.out.settings = {
            ("form_title", ""): title.get("en") or next(iter(title.values()), ""),
            ("form_id", ""): plain_name(self.plan.address.rpartition("/")[2].removesuffix(".json")),
        }
        for name, choices in self._lists.items():
            for value, titles in choices:
                cells = {("list_name", ""): name, ("name", ""): value}
                self._texts(cells, "label", titles or {"en": value})
                self.out.choices.append(Row(f"{name}/{value}", cells))
        return self.out

    # Parts

    def _node(self, node: Any, above: Place, enclosing: Place, relevant: list[str]) -> None:
        """A part and all within it. `enclosing` is the place that its conditions are read from."""
        place = (*above, *node.path)
        losses: list[str] = []
        relevant = [*relevant, *self._when(node.when, enclosing, place, losses)]
        match type(node).__name__:
            case "Cell":
                self._cell(node, place, enclosing, relevant, losses)
            case "Rows":
                self._rows(node, place, relevant, losses)
            case "Group" if not node.path:
                self._within(node.children, place, place, relevant)
            case "Group":
                self._group(key_of("group", place), node, place, relevant, losses)
            case "Section":
                self._group(f"section:{node.id}", node, place, relevant, losses)
            case "Columns":
                self._within(node.children, place, place, relevant)
            case "CrossTable":
                self._table(node, place, relevant, losses)
            case "Choice":
                self._choice(node, place, relevant, losses)
            case "Note":
                self._note(node, place, relevant)
            case "Locked" | "Recursion":
                why = _("it is locked here too, and no question of an XLSForm")
                self._line(place, say(node.words.title), kept=why)

    def _within(
        self, children: Iterable[Any], place: Place, enclosing: Place, relevant: list[str]
    ) -> None:
        for child in children:
            self._node(child, place, enclosing, relevant)

    def _when(
        self, conditions: Iterable[Any], enclosing: Place, by: Place, losses: list[str]
    ) -> list[str]:
        found = []
        for condition in conditions:
            try:
                said = self.spoken.condition(condition, enclosing, by)
            except NotRead as error:
                losses.append(_("it is shown more often: %(why)s", why=error))
                continue
            if said != "true()" and said not in found:
                found.append(said)
        return found

    def _group(
        self, key: str, node: Any, place: Place, relevant: list[str], losses: list[str]
    ) -> None:
        self._begin(key, "group", node.words, relevant if node.when else [], losses)
        self._within(node.children, place, place, [] if node.when else relevant)
        self._end(key, "group")

    def _begin(
        self, key: str, kind: str, words: Any, relevant: list[str], losses: list[str]
    ) -> Cells:
        cells: Cells = {("type", ""): f"begin_{kind}", ("name", ""): self.names.of(key)}
        self._texts(cells, "label", words.title)
        self._texts(cells, "hint", words.help)
        if relevant:
            cells["relevant", ""] = _all(relevant)
        self.out.survey.append(Row(key, cells))
        self._line(key, say(words.title), losses)
        return cells

    def _end(self, key: str, kind: str) -> None:
        self.out.survey.append(Row(f"{key}:end", {("type", ""): f"end_{kind}"}))

    def _rows(self, node: Any, place: Place, relevant: list[str], losses: list[str]) -> None:
        key = key_of("rows", place)
        if node.fill or node.below or node.carry:
            losses.append(_("its rows are filled here, and typed there"))
        cells = self._begin(key, "repeat", node.words, relevant, losses)
        if node.minimum and node.minimum == node.maximum:
            cells["repeat_count", ""] = str(node.minimum)
        elif node.minimum or node.maximum:
            losses.append(_("how many rows there may be is not said"))
            self.out.lines[-1] = line(self.out.lines[-1].place, self.out.lines[-1].what, losses)
        inner = (*place, "*")
        item = node.item
        if type(item).__name__ == "Group" and not item.path:
            self._within(item.children, inner, inner, [])
        else:
            self._node(item, inner, inner, [])
        self._end(key, "repeat")

    def _note(self, node: Any, place: Place, relevant: list[str]) -> None:
        key = f"note:{node.id}"
        cells: Cells = {("type", ""): "note", ("name", ""): self.names.of(key)}
        self._texts(cells, "label", node.words.description or node.words.title)
        if relevant:
            cells["relevant", ""] = _all(relevant)
        self.out.survey.append(Row(key, cells))
        self._line(key, say(node.words.description))

    def _table(self, node: Any, place: Place, relevant: list[str], losses: list[str]) -> None:
        """A group with a group for each line, in which the columns are questions."""
        key = f"table:{node.id}"
        losses.append(_("the table becomes groups, one for each line"))
        self._begin(key, "group", node.words, relevant, losses)
        columns = [_joined(texts) for texts in _leaves(node.columns, ())]
        for n, (titles, cells) in enumerate(zip(_leaves(node.rows, ()), node.cells, strict=True)):
            if not any(cells):
                continue
            name = f"{self.names.of(key)}_line_{n + 1}"
            begin: Cells = {("type", ""): "begin_group", ("name", ""): name}
            self._texts(begin, "label", _joined(titles))
            self.out.survey.append(Row(f"{key}:{n}", begin))
            for cell, column in zip(cells, columns, strict=True):
                if cell is not None:
                    self._placed(cell, place, column)
            self.out.survey.append(Row(f"{key}:{n}:end", {("type", ""): "end_group"}))
        self._end(key, "group")

    def _placed(self, cell: Cell, place: Place, column: Texts) -> None:
        here, losses = (*place, *cell.path), list[str]()
        found = self._when(cell.when, place, here, losses)
        self._cell(cell, here, place, found, losses, column)

    def _choice(self, node: Any, place: Place, relevant: list[str], losses: list[str]) -> None:
        """A question which of the alternatives it is, and a group for each."""
        key = key_of("choice", (*place, node.keyword))
        name = self.names.of(key)
        titles = node.words.title or {"en": "Which", "zh-CN": "哪一种"}
        list_ = self._list(key, name, [(f"b{b.key}", b.words.title) for b in node.branches])
        cells: Cells = {("type", ""): f"select_one {list_}", ("name", ""): name}
        self._texts(cells, "label", titles)
        if relevant:
            cells["relevant", ""] = _all(relevant)
        self.out.survey.append(Row(key, cells))
        self._line(key, say(titles), losses)
        for branch in node.branches:
            self._branch(branch, key_of("branch", (*place, node.keyword, branch.key)), name, place)

    def _branch(self, branch: Any, key: str, name: str, place: Place) -> None:
        if not getattr(branch.node, "children", None) and type(branch.node).__name__ == "Group":
            return
        relevant = [f"${{{name}}} = 'b{branch.key}'"]
        self._begin(key, "group", branch.words, relevant, [])
        self._node(branch.node, place, place, [])
        self._end(key, "group")

    # Questions

    def _cell(
        self,
        cell: Cell,
        place: Place,
        enclosing: Place,
        relevant: list[str],
        losses: list[str],
        titles: Texts | None = None,
    ) -> None:
        key = key_of("cell", place)
        if any(row.key == key for row in self.out.survey[-1:]):
            return
        cells: Cells = {
            ("type", ""): self._type(cell, key, losses),
            ("name", ""): self.names.of(key),
        }
        self._texts(cells, "label", titles or cell.words.title or {"en": place[-1]})
        self._texts(cells, "hint", _with_unit(cell))
        self._texts(cells, "guidance_hint", cell.words.description)
        if relevant:
            cells["relevant", ""] = _all(relevant)
        self._required(cell, enclosing, place, cells, losses)
        self._limits(cell, cells, losses)
        self._worked(cell, place, cells, losses)
        if cell.field in _APPEARANCE:
            cells["appearance", ""] = _APPEARANCE[cell.field]
        if cell.read_only and ("calculation", "") not in cells:
            cells["read_only", ""] = "yes"
        if value := first_value(cell):
            cells["default", ""] = value
        self.out.survey.append(Row(key, cells))
        self._line(key, say(titles or cell.words.title), losses)

    def _type(self, cell: Cell, key: str, losses: list[str]) -> str:
        if is_acknowledgement(cell):
            return "acknowledge"
        if choices := choices_of(cell):
            if any(str(value_of(c)) != spelled(value_of(c)) and not isinstance(value_of(c), bool)
                   for c in cell.options["choices"]):  # fmt: skip
                losses.append(_("codes with spaces are written with underscores"))
            many = "select_multiple" if cell.field == "multiple-choice" else "select_one"
            return f"{many} {self._list(key, self.names.of(key), choices)}"
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

    def _list(self, key: str, name: str, choices: list[tuple[str, Texts]]) -> str:
        """The list of these choices: one that is there already, or a new one under a name that is free."""
        wanted = self._wanted.get(key, "")
        if not wanted:
            same = [n for n, there in self._lists.items() if there == choices]
            if same:
                return same[0]
        own = wanted or name
        found, n = own, 1
        while self._lists.get(found, choices) != choices:
            n += 1
            found = f"{own}_{n}"
        self._lists[found] = choices
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

    # What is told

    def _texts(self, cells: Cells, column: str, texts: Texts) -> None:
        for tag, text in texts.items():
            if text:
                cells[column, tag] = text

    def _line(
        self, place: Place | str, what: str, losses: Iterable[str] = (), kept: str = ""
    ) -> None:
        told = place if isinstance(place, str) else "/" + "/".join(place)
        self.out.lines.append(line(told.partition(":")[2] or told, what, losses, kept))


def _all(relevant: list[str]) -> str:
    if len(relevant) == 1:
        return relevant[0]
    return " and ".join(f"({one})" if " or " in one or " and " in one else one for one in relevant)


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
    from decimal import Decimal, InvalidOperation

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


def _leaves(headers: Iterable[Any], above: tuple[Texts, ...]) -> list[tuple[Texts, ...]]:
    """The titles from the top down to each leaf."""
    found: list[tuple[Texts, ...]] = []
    for header in headers:
        here = (*above, header.title)
        found += _leaves(header.children, here) if header.children else [here]
    return found


def _joined(titles: Iterable[Texts]) -> Texts:
    parts = [one for one in titles if one]
    tags = dict.fromkeys(tag for texts in parts for tag in texts)
    return {tag: " – ".join(t.get(tag) or t.get("en", "") for t in parts) for tag in tags}


def _common(one: Place, other: Place) -> int:
    n = 0
    while n < min(len(one), len(other)) and one[n] == other[n]:
        n += 1
    return n
