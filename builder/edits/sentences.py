"""What a patch does, in sentences for people: for undo, for history, for the difference of two versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from builder.edits.lifted import lifted
from builder.edits.patch import Patch, difference
from builder.edits.told import TitleOf, Told, at_path, cell_path
from runtime.api import MISSING
from runtime.api import gettext as _

Rules = Mapping[tuple[str, str], tuple[str, str]]
"""By the pointer of a cell and `shown`, `needed` or `filled`: the rule as a sentence, and how it is written."""
RulesOf = Callable[[Any], Rules]


def sentences(
    before: Any, after: Any, patch: Patch, title_of: TitleOf, rules_of: RulesOf | None = None
) -> list[str]:
    """One sentence for each change that makes `after` of `before`, in the order of the document.

    With `rules_of` the patch is all that differs, and conditions and fills are said as rules, not as JSON.
    """
    if rules_of is None:
        return list(dict.fromkeys(Told(before, after, patch, title_of).all()))
    rules = _Ruled(before, after, patch, title_of, rules_of)
    said = list(dict.fromkeys([*rules.others(), *rules.all()]))
    return said or sentences(before, after, patch, title_of)


class _Ruled:
    """What differs, with rules said of their cells."""

    def __init__(
        self, before: Any, after: Any, patch: Patch, title_of: TitleOf, rules_of: RulesOf
    ) -> None:
        self.plain = (lifted(before), lifted(after))
        self.layout = [c for c in patch if c.path[:1] == ("layout",)]
        self.title_of = title_of
        self.old, self.new = rules_of(before), rules_of(after)
        self.changed = [
            key
            for key in dict.fromkeys((*self.old, *self.new))
            if all(a != b for a, b in zip(self._pair(key, self.old), self._pair(key, self.new), strict=True))
        ]  # fmt: skip

    def _pair(self, key: tuple[str, str], rules: Rules) -> tuple[str, str]:
        return rules.get(key, ("", ""))

    def others(self) -> Iterator[str]:
        """All but the rules. A cell that hangs on something else now has not been moved."""
        old, new = self.plain
        moved = {cell_path(p)[:-1] for p, kind in self.changed if kind == "shown"}
        cells = [
            c
            for c in difference(old, new)
            if c.path[:1] != ("layout",)
            and not (c.move and (c.path[:-1] in moved or c.path[-2:-1] == ("required",)))
        ]
        patch = (*cells, *self.layout)
        yield from Told(old, new, patch, self.title_of).all()

    def all(self) -> Iterator[str]:
        """The rules that came, went or are others now."""
        old, new = self.plain
        told = Told(old, new, (), self.title_of)
        for pointer, kind in self.changed:
            path = cell_path(pointer)
            if at_path(new, path) is not MISSING:
                thing = told.thing(path, new)
                yield _rule(kind, thing, self.new.get((pointer, kind), ("", ""))[0])


def _rule(kind: str, thing: str, sentence: str) -> str:
    if kind == "shown":
        if not sentence:
            return _("%(thing)s is always shown", thing=thing)
        return _("%(thing)s is shown when %(condition)s", thing=thing, condition=sentence)
    if kind == "needed":
        if not sentence:
            return _("%(thing)s is no longer needed under a condition", thing=thing)
        return _("%(thing)s is needed only when %(condition)s", thing=thing, condition=sentence)
    if not sentence:
        return _("%(thing)s is typed by staff", thing=thing)
    return _("%(thing)s is filled: %(rule)s", thing=thing, rule=sentence)
