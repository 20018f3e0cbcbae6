"""What the questions of an XLSForm are worked out from, as formulas and sums of ours. Not for the grammar of either."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from builder.exchange.formulas import Reckoned, Summed, reckoned
from builder.exchange.survey import Item, Questions
from builder.exchange.xpath import NotRead
from runtime.api import gettext as _

_DIGITS = 6


class Reckoning:
    """Works out the calculations of one form."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def over(self, items: Iterable[Item]) -> None:
        """Say what is worked out; a calculation may speak of another, so they are tried until none comes anew."""
        waiting = [i for i in items if i.text("calculation") or i.type == "calculate"]
        waiting = [i for i in waiting if not i.kept and not i.type.startswith(("begin_", "end_"))]
        while waiting:
            left = [item for item in waiting if not self._reckon(item)]
            if len(left) == len(waiting):
                break
            waiting = left
        for item in waiting:
            self._unreckoned(item)

    def _reckon(self, item: Item) -> bool:
        try:
            if item.type not in ("calculate", "integer", "decimal"):
                raise NotRead(_("only numbers are worked out here"))
            found = reckoned(item.text("calculation"), lambda n: self._questions.asked(n, item))
            schema = (
                self._sum(item, found) if isinstance(found, Summed) else self._formula(item, found)
            )
        except NotRead:
            return False
        item.schema = {**(item.schema or {}), **schema}
        item.kind = "integer" if item.schema.get("type") == "integer" else "decimal"
        if item.type == "calculate":
            item.losses.append(_("it is shown, where an XLSForm hides what it calculates"))
        return True

    def _formula(self, item: Item, found: Reckoned) -> dict[str, Any]:
        cells = {name: self._relative(item, called) for name, called in found.cells.items()}
        if item.type == "integer" or found.digits == 0:
            kind: dict[str, Any] = {"type": "integer"}
        else:
            kind = {"type": "number", "digits": found.digits}
        if not found.exact or (item.type == "integer" and found.digits):
            item.losses.append(_("it is rounded to %(n)s digits", n=kind.get("digits", 0)))
        return {**kind, "fill": {"formula": found.formula, "cells": cells}}

    def _relative(self, item: Item, name: str) -> str:
        """The Relative JSON Pointer from a question to another one, in the same row or around it."""
        other = self._questions.named(name)
        if other is None or other is item:
            raise NotRead(_("it is worked out from itself"))
        if other.scope != item.path[: len(other.scope)]:
            raise NotRead(_("“%(name)s” stands in another repeat", name=name))
        common = 0
        while (
            common < min(len(item.path), len(other.path)) - 1
            and item.path[common] == other.path[common]
        ):
            common += 1
        return f"{len(item.path) - common}/{'/'.join(_escaped(s) for s in other.path[common:])}"

    def _sum(self, item: Item, found: Summed) -> dict[str, Any]:
        other = self._questions.named(found.name)
        if other is None or other.schema is None or other.kind not in ("integer", "decimal"):
            raise NotRead(_("“%(name)s” is not a number", name=found.name))
        if other.scope[: len(item.scope)] != item.scope or other.level != item.level + 1:
            raise NotRead(_("“%(name)s” stands in another repeat", name=found.name))
        steps = other.path[len(item.scope) :]
        up = len(item.path) - len(item.scope)
        pointer = f"{up}/{'/'.join(_escaped(step) for step in steps)}"
        kind = (
            {"type": "integer"}
            if other.kind == "integer"
            else {"type": "number", "digits": _DIGITS}
        )
        return {**kind, "totalOf": [pointer]}

    def _unreckoned(self, item: Item) -> None:
        try:
            found = reckoned(item.text("calculation"), lambda n: self._questions.asked(n, item))
            if isinstance(found, Summed):
                self._sum(item, found)
            else:
                self._formula(item, found)
            why: object = _("only numbers are worked out here")
        except NotRead as error:
            why = error
        if item.type == "calculate":
            item.kept = str(why)
        else:
            item.losses.append(_("what works it out is kept, and it is typed: %(why)s", why=why))


def _escaped(step: str) -> str:
    return step if step == "*" else step.replace("~", "~0").replace("/", "~1")
