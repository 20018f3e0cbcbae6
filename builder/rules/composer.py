"""A condition composed on a page, by plain posts and by htmx: what was chosen, what is wrong, what it means.

A page draws a `Composed` with `composer` of `builder/rules/composer.html` inside its own form, and asks `posted` when
it comes back; a button of the composer (add, remove, group) is a post that only redraws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.rules.fields import Field
from builder.rules.reading import read
from builder.rules.rows import LISTED, MODES, TESTS, Group, Path, Row, Where
from builder.rules.sentences import condition
from builder.rules.values import path_of, path_text, spelt, value_of, wrong_with
from builder.rules.writing import written
from runtime.api import gettext as _
from runtime.api import say

_Kept = frozenset[tuple[Path, str]]
"""Comparisons that stand in the definition already, usual or not."""
MOST_ROWS = 60
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Composed:
    """A condition on a page; `group` is None where it cannot be composed and stays as it is (`where`)."""

    where: Where
    group: Group | None
    fields: Mapping[Path, Field]
    prefix: str
    problems: Mapping[str, str] = field(default_factory=dict)
    """What is wrong, by the name of the control."""
    is_step: bool = False
    """A button of the composer was pressed, or a field was chosen: draw it again, keep nothing."""

    @property
    def is_ready(self) -> bool:
        """Whether `where` is all that was composed."""
        return not self.problems

    def field_of(self, row: Row) -> Field | None:
        """The field that a row compares; None while none is chosen, or where it is gone."""
        return self.fields.get(row.path)

    def tests_of(self, row: Row) -> list[tuple[str, str]]:
        """The comparisons that a row may make, each with what it is called."""
        known = self.field_of(row)
        tests = known.tests if known else (row.test,)
        return [(test, says(test)) for test in dict.fromkeys((*tests, row.test))]

    def text_of(self, row: Row) -> str:
        """The value of the control that chooses a row's field."""
        return path_text(row.path)

    def spelt(self, value: Any) -> str:
        """A value as its control has it."""
        return spelt(value)

    def choices(self) -> list[tuple[str, str]]:
        """The fields by their control's value, each with what it is called."""
        return [(path_text(path), say(one.title)) for path, one in self.fields.items()]

    @property
    def sentence(self) -> str:
        """What it says; empty where everybody matches."""
        return condition(self.where, self.fields.values())


class Composer:
    """Composes conditions over `fields`; its controls are named `<prefix>.…`.

    `typed`: what is written begins with `"type": "object"`, as indicators do.
    """

    def __init__(self, fields: Iterable[Field], prefix: str = "rule", typed: bool = True) -> None:
        self.fields = {one.path: one for one in fields}
        self.prefix, self.typed = prefix, typed

    def opened(self, where: Where) -> Composed:
        """The condition as it stands in the definition."""
        return Composed(where, composable(where), self.fields, self.prefix)

    def posted(self, form: MultiDict[str, str], base: Where) -> Composed:
        """The condition as it was posted, after the step that was asked for; `base` is the one that was opened.

        What cannot be composed, was not posted, or was not changed is `base`, letter by letter.
        """
        old = composable(base)
        if old is None or f"{self.prefix}.mode" not in form:
            return self.opened(base)
        step = form.get(f"{self.prefix}.do", "")
        kept = frozenset((row.path, row.test) for row in old.rows())
        group = stepped(self._group(form, self.prefix, kept, 0), step)
        problems = dict(self._problems(group, self.prefix)) if not step else {}
        where = base if group == old else self._written(group)
        return Composed(where, group, self.fields, self.prefix, problems, bool(step))

    def _written(self, group: Group) -> Where:
        found = written(group)
        return found if self.typed else {k: v for k, v in found.items() if k != "type"}

    def _group(self, form: MultiDict[str, str], name: str, kept: _Kept, depth: int) -> Group:
        mode = form.get(f"{name}.mode", "all")
        parts: list[Row | Group] = []
        for n in range(MOST_ROWS):
            here = f"{name}.{n}"
            if f"{here}.mode" in form and depth < DEEPEST:
                parts.append(self._group(form, here, kept, depth + 1))
            elif f"{here}.field" in form:
                parts.append(self._row(form, here, kept))
        return Group(mode if mode in MODES else "all", tuple(parts))

    def _row(self, form: MultiDict[str, str], name: str, kept: _Kept) -> Row:
        path = path_of(form[f"{name}.field"])
        known = self.fields.get(path)
        test = form.get(f"{name}.test", "")
        tests = known.tests if known else tuple(TESTS)
        if test not in tests and (path, test) not in kept:
            test = tests[0]
        said = [*form.getlist(f"{name}.value"), *form.getlist(f"{name}.to")[:1]]
        if test not in LISTED:
            said = said[: len(TESTS[test])]
        values = [value_of(text, known, test) for text in said if text.strip() or test == "between"]
        loose = f"{name}.loose" in form and test not in ("known", "unknown")
        return Row(path, test, tuple(values), loose)

    def _problems(self, group: Group, name: str) -> Iterator[tuple[str, str]]:
        for n, part in enumerate(group.parts):
            here = f"{name}.{n}"
            if isinstance(part, Group):
                if not part.parts:
                    yield (
                        f"{here}.mode",
                        _("This group has no condition yet; add one, or take it away."),
                    )
                yield from self._problems(part, here)
            elif not part.path:
                yield f"{here}.field", _("Choose a field.")
            elif part.path not in self.fields:
                yield f"{here}.field", _("There is no such field any more; choose another.")
            elif said := wrong_with(part, self.fields[part.path]):
                yield f"{here}.value", said


def composable(where: Where) -> Group | None:
    """The group of a condition, unless it says more, or goes deeper, than controls can carry."""
    group = read(where)
    return group if group is not None and _fits(group, 0) else None


def _fits(group: Group, depth: int) -> bool:
    if depth > DEEPEST or len(group.parts) > MOST_ROWS:
        return False
    return all(_fits(part, depth + 1) for part in group.parts if isinstance(part, Group))


def stepped(group: Group, step: str) -> Group:
    """The group after a step: `add:<place>`, `group:<place>` (within the group there), `remove:<place>`.

    A place is the numbers that lead there, `1.0`; empty is the group itself. A step that leads nowhere changes nothing.
    """
    verb, _colon, place = step.partition(":")
    try:
        at = [int(number) for number in place.split(".") if number]
    except ValueError:
        return group
    return _stepped(group, verb, at)


def _stepped(group: Group, verb: str, at: list[int]) -> Group:
    parts = list(group.parts)
    if not at:
        fresh: dict[str, Row | Group] = {
            "add": Row((), "is"),
            "group": Group("any", (Row((), "is"),)),
        }
        return replace(group, parts=(*parts, fresh[verb])) if verb in fresh else group
    here, inner = at[0], at[1:]
    if not 0 <= here < len(parts):
        return group
    part = parts[here]
    if not inner and verb == "remove":
        del parts[here]
    elif isinstance(part, Group):
        parts[here] = _stepped(part, verb, inner)
    return replace(group, parts=tuple(parts))


def says(test: str) -> str:
    """What a comparison is called in its list."""
    return {
        "is": _("is"),
        "one-of": _("is one of"),
        "is-not": _("is not"),
        "none-of": _("is none of"),
        "at-least": _("is at least"),
        "at-most": _("is at most"),
        "between": _("lies between"),
        "more": _("is more than"),
        "less": _("is less than"),
        "longer": _("has at least so many characters"),
        "shorter": _("has at most so many characters"),
        "known": _("is known"),
        "unknown": _("is not known"),
    }[test]
