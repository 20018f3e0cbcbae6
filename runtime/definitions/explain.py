"""What a validator found, as problems that name the cell and say what to do. Never decides what is valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.judge import judge
from runtime.definitions.plan import Cell, Choice, Plan, Rows
from runtime.definitions.titles import Titles
from runtime.definitions.wanted import missed
from runtime.definitions.wording import Wrong, wording
from runtime.errors import Problem
from runtime.fields.base import Options
from runtime.language import gettext as _
from runtime.language import say

_UNEXPECTED = frozenset({"additionalProperties", "unevaluatedProperties", "unevaluatedItems"})
_MOST = 1000
"""Problems that are worded; who has more sees the rest when these are gone."""


def explained(plan: Plan, data: Any, choices: Mapping[str, str] | None) -> list[Problem]:
    """The problems of data that are not valid, in the order of the form; at least one.

    Without any memory of choices nobody can be asked to choose: the branch that the data look like is explained.
    """
    try:
        errors = list(judge(plan).whole.iter_errors(data))
    except ValueError as refused:
        text = _("These values cannot be checked: %(why)s", why=str(refused))
        return [Problem("unreadable", text)]
    titles = Titles(plan, data, choices or {})
    explaining = _Explaining(titles, asks=choices is not None)
    found: dict[tuple[str, str], Problem] = {}
    for error in errors:
        for problem in explaining.problems(error):
            found.setdefault((problem.pointer, problem.message), problem)
        if len(found) >= _MOST:
            break
    order = {pointer: n for n, pointer in enumerate(titles.parts)}
    in_order = sorted(found.values(), key=lambda p: order.get(p.pointer, len(order)))
    return in_order or [Problem("invalid", _("The form is not filled in rightly."))]


class _Explaining:
    def __init__(self, titles: Titles, *, asks: bool) -> None:
        self._titles = titles
        self._asks = asks

    def problems(self, error: Any, depth: int = 0) -> Iterator[Problem]:
        """The problems that one error stands for."""
        kind, at = error.kind, pointer_of(*error.instance_path)
        if kind.name == "required":
            for missing in self._missing(f"{at}{pointer_of(kind.property)}"):
                yield self._problem(kind, missing, None)
        elif kind.name in _UNEXPECTED:
            for name in kind.unexpected:
                yield self._problem(kind, f"{at}{pointer_of(name)}", None)
        elif kind.name in ("oneOf", "anyOf"):
            yield from self._alternatives(error, at, depth)
        elif kind.name == "contains" and (missed := self._missed(at, error.instance)):
            for what in missed:
                yield self._said(kind.name, at, what)
        elif kind.name == "propertyNames" and isinstance(name := kind.error.instance, str):
            what = _("the name “%(name)s” is not allowed here", name=name)
            yield self._said(kind.name, f"{at}{pointer_of(name)}", what)
        else:
            yield self._problem(kind, at, error.instance)

    def _missed(self, at: str, rows: Any) -> list[str]:
        part = self._titles.parts.get(at)
        node = part.node if part is not None else None
        return missed(self._titles.plan, node.wanted, rows) if isinstance(node, Rows) else []

    def _missing(self, at: str) -> list[str]:
        """The cells to fill so that `at` is there: itself, or those within where nothing is drawn for it."""
        if at in self._titles.parts:
            return [at]
        inner = [
            part
            for pointer, part in self._titles.parts.items()
            if pointer.startswith(f"{at}/") and isinstance(part.node, Cell)
        ]
        needed = [part.pointer for part in inner if part.required]
        return needed or [part.pointer for part in inner[:1]] or [at]

    def _alternatives(self, error: Any, at: str, depth: int) -> Iterator[Problem]:
        """Only the branch picked is explained; without one, the only branch that comes close."""
        kind = error.kind
        branches = [list(found) for found in getattr(kind, "context", [])]
        choice = self._choice(kind.name, at, len(branches))
        if choice is not None and not choice.branch and not self._asks:
            choice = None if (inner := _likeliest(branches, error)) else choice
        else:
            inner = _closest(branches, error) if choice is None else self._picked(choice, branches)
        if choice is not None and not choice.branch and isinstance(choice.node, Choice):
            labels = _(", ").join(say(branch.words.title) for branch in choice.node.branches)
            text = _("choose one of: %(choices)s", choices=labels)
            yield self._said(kind.name, f"{at}", text)
        elif inner and depth < 20:
            for one in inner:
                yield from self.problems(one, depth + 1)
        elif sum(not found for found in branches) > 1:
            text = _("fits more than one of the alternatives; it may fit only one")
            yield self._said(kind.name, at, text)
        elif self._options(at):
            yield self._problem(kind, at, error.instance)
        else:
            yield self._said(kind.name, at, _("fits none of the alternatives that the form allows"))

    def _choice(self, keyword: str, at: str, count: int) -> Any:
        for part in self._titles.choices.get(at, ()):
            assert isinstance(part.node, Choice)
            own = part.node.keyword.rpartition("/")[2].partition(".")[0]
            if own == keyword and len(part.node.branches) <= count:
                return part
        return None

    def _picked(self, choice: Any, branches: list[list[Any]]) -> list[Any]:
        if not choice.branch or int(choice.branch) >= len(branches):
            return []
        return branches[int(choice.branch)]

    def _options(self, at: str) -> Options:
        part = self._titles.parts.get(at)
        return part.node.options if part is not None and isinstance(part.node, Cell) else {}

    def _problem(self, kind: Any, at: str, value: Any) -> Problem:
        # Nothing in a row, or null where a value must stand, is a cell that is still to be filled.
        if value is None and kind.name in ("type", "enum", "const"):
            return self._said("required", at, _("must be filled in"))
        code = kind.name
        return self._said(code, at, wording(Wrong(kind, value, self._options(at))))

    def _said(self, code: str, at: str, what: str) -> Problem:
        return Problem(code, _("%(title)s: %(what)s", title=self._titles.of(at), what=what), at)


def _likeliest(branches: list[list[Any]], error: Any) -> list[Any]:
    """The errors of the only branch that names no other value, and no other type as a whole, than what is there."""
    here = list(error.instance_path)
    near = [found for found in branches if found and not any(_is_other(e, here) for e in found)]
    return near[0] if len(near) == 1 else []


def _is_other(error: Any, here: list[Any]) -> bool:
    name = error.kind.name
    return name in ("const", "enum") or (name == "type" and list(error.instance_path) == here)


def _closest(branches: list[list[Any]], error: Any) -> list[Any]:
    """The errors of the only branch whose type fits, such as the one beside null."""
    here = list(error.instance_path)
    others = [found for found in branches if not _is_null(found)]
    if len(others) == 1:
        return others[0]
    fitting = [
        found
        for found in branches
        if found and not any(e.kind.name == "type" and list(e.instance_path) == here for e in found)
    ]
    return fitting[0] if len(fitting) == 1 else []


def _is_null(found: list[Any]) -> bool:
    """Whether these are the errors of the branch that allows only null."""
    return len(found) == 1 and found[0].kind.name == "type" and found[0].kind.types == ["null"]
