"""When a question of an XLSForm is shown, as guards of its place in a definition. Not for what a condition says."""

from __future__ import annotations

from collections.abc import Iterator

from builder.exchange.assembly import Guard
from builder.exchange.conditions import ALWAYS, schema_of
from builder.exchange.survey import Item, Questions
from builder.exchange.xpath import Node, NotRead, conjuncts, names, read
from runtime.api import gettext as _


def out_of_reach() -> str:
    """Why a condition cannot be put on a part of a list."""
    return _("the condition is asked outside of a list that itself comes on a condition")


class Showing:
    """Says the conditions of one form."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def guards(self, item: Item) -> list[Guard]:
        """Under which conditions the item is shown, its own and those around it; what cannot be said is told once."""
        found: list[Guard] = []
        for one in (*item.inside, item):
            for guard in self._own(one, one is item):
                if guard in found:
                    continue
                if self.fits(item, guard):
                    found.append(guard)
                elif one is item:
                    item.losses.append(_("it is shown more often: %(why)s", why=out_of_reach()))
        return found

    def fits(self, item: Item, guard: Guard) -> bool:
        """Whether a condition can be put on an item: not from outside a repeat that itself comes on conditions.

        All that is drawn of a list stands under the conditions of the list, else it would be drawn as another one.
        """
        repeats = (one for one in item.inside if one.type == "begin_repeat")
        for repeat in repeats:
            outside = guard.scope == repeat.path[: len(guard.scope)]
            if outside and (own := self.guards(repeat)) and guard not in own:
                return False
        return True

    def _own(self, item: Item, tells: bool) -> Iterator[Guard]:
        text = item.text("relevant")
        if not text:
            return
        try:
            parts = conjuncts(read(text))
        except NotRead as error:
            if tells:
                item.losses.append(_("it is shown more often: %(why)s", why=error))
            return
        for part in parts:
            try:
                yield self.guard(item, part)
            except NotRead as error:
                if tells:
                    item.losses.append(_("it is shown more often: %(why)s", why=error))

    def guard(self, item: Item, part: Node) -> Guard:
        """One condition of an item, at the form or row on which all that it asks stands. Raises `NotRead`."""
        asked = [self._questions.asked(name, item) for name in names(part)]
        levels = {one.level for one in asked}
        if any(not name for name in names(part)):
            raise NotRead(_("the condition speaks of the question itself"))
        if len(levels) > 1:
            raise NotRead(_("the condition speaks of answers within a row and outside of it"))
        schema = schema_of(part, lambda name: self._questions.asked(name, item))
        level = levels.pop() if levels else 0
        stars = [n for n, step in enumerate(item.path) if step == "*"]
        return Guard(item.path[: stars[level - 1] + 1] if level else (), schema or ALWAYS)
