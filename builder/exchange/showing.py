"""When a question of an XLSForm is shown, as guards of its place in a definition. Not for what a condition says."""

from __future__ import annotations

from collections.abc import Iterator

from builder.exchange.assembly import Guard
from builder.exchange.conditions import ALWAYS, schema_of
from builder.exchange.survey import Item, Questions
from builder.exchange.xpath import Node, NotRead, conjuncts, names, read
from runtime.api import gettext as _


class Showing:
    """Says the conditions of one form."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def guards(self, item: Item) -> list[Guard]:
        """Under which conditions the item is shown, its own and those around it; what cannot be said is told once."""
        found: list[Guard] = []
        for one in (*item.inside, item):
            for guard in self._own(one, one is item):
                if guard not in found:
                    found.append(guard)
        return found

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
