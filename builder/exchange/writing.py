"""A plan as the rows of an XLSForm, with what became of each of its parts. Not for what a form was made from.

Tables become groups, lists repeats, codes choices, conditions `relevant`, formulas calculations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.exchange.asking import Asking, Cells, put_texts
from builder.exchange.names import Names, Place, key_of, plain_name
from builder.exchange.report import Line, line
from builder.exchange.spoken import Spoken
from builder.exchange.xpath import NotRead
from runtime.api import Cell, Plan, Texts, say
from runtime.api import gettext as _


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


class _Writer:
    """Writes one plan."""

    def __init__(self, plan: Plan, names: Mapping[str, str], lists: Mapping[str, str]) -> None:
        self.plan = plan
        self.names = Names(plan, names)
        self.spoken = Spoken(plan, self.names)
        self.out = Written()
        self.asking = Asking(self.names, self.spoken, lists)

    def write(self) -> Written:
        """All rows."""
        self._node(self.plan.root, (), (), [])
        title = self.plan.words.title
        self.out.settings = {
            ("form_title", ""): title.get("en") or next(iter(title.values()), ""),
            ("form_id", ""): plain_name(self.plan.address.rpartition("/")[2].removesuffix(".json")),
        }
        for name, choices in self.asking.lists.items():
            for value, titles in choices:
                cells = {("list_name", ""): name, ("name", ""): value}
                put_texts(cells, "label", titles or {"en": value})
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
        put_texts(cells, "label", words.title)
        put_texts(cells, "hint", words.help)
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
        put_texts(cells, "label", node.words.description or node.words.title)
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
            put_texts(begin, "label", _joined(titles))
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
        list_ = self.asking.list_of(
            key, name, [(f"b{b.key}", b.words.title) for b in node.branches]
        )
        cells: Cells = {("type", ""): f"select_one {list_}", ("name", ""): name}
        put_texts(cells, "label", titles)
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
        cells = self.asking.row(cell, place, enclosing, losses, titles)
        if relevant:
            cells["relevant", ""] = _all(relevant)
        self.out.survey.append(Row(key, cells))
        self._line(key, say(titles or cell.words.title), losses)

    # What is told

    def _line(
        self, place: Place | str, what: str, losses: Iterable[str] = (), kept: str = ""
    ) -> None:
        told = place if isinstance(place, str) else "/" + "/".join(place)
        self.out.lines.append(line(told.partition(":")[2] or told, what, losses, kept))


def _all(relevant: list[str]) -> str:
    if len(relevant) == 1:
        return relevant[0]
    return " and ".join(f"({one})" if " or " in one or " and " in one else one for one in relevant)


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
