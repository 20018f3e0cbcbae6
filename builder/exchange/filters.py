"""Choices that hang on another answer (`choice_filter`), as rules of which choice fits which answer."""

from __future__ import annotations

import re

from builder.exchange.assembly import Assembly, Guard
from builder.exchange.choices import Lists
from builder.exchange.conditions import schema_of
from builder.exchange.survey import Item, Questions
from builder.exchange.xpath import Binary, NotRead, Ref, Text
from runtime.api import gettext as _

MOST = 60
"""Different answers of the other question for which a rule is written."""
_PAIR = re.compile(
    r"([A-Za-z_][\w.\-]*)\s*=\s*\$\{\s*([\w.\-]+)\s*\}|\$\{\s*([\w.\-]+)\s*\}\s*=\s*([A-Za-z_][\w.\-]*)"
)


def filtered(
    item: Item, lists: Lists, questions: Questions, guards: list[Guard], made: Assembly
) -> None:
    """Add to the definition which choices of the question fit which answers to others."""
    text = item.text("choice_filter")
    if not text:
        return
    try:
        if guards:
            raise NotRead(_("the question itself comes on a condition"))
        pairs = [_pair(part) for part in re.split(r"\s+and\s+", text.strip())]
        for column, name in pairs:
            _rule(item, column, name, lists, questions, guards, made)
    except NotRead as error:
        item.losses.append(_("which choices fit is kept and not checked: %(why)s", why=error))
    else:
        item.losses.append(_("all choices are offered; only those that fit are taken"))


def _pair(text: str) -> tuple[str, str]:
    found = _PAIR.fullmatch(text.strip())
    if not found:
        raise NotRead(_("“%(text)s” is an expression that is not read here", text=text))
    return (found[1], found[2]) if found[1] else (found[4], found[3])


def _rule(
    item: Item,
    column: str,
    name: str,
    lists: Lists,
    questions: Questions,
    guards: list[Guard],
    made: Assembly,
) -> None:
    asked = questions.asked(name, item)
    if asked.level != item.level or item.kind not in ("one", "many"):
        raise NotRead(_("“%(name)s” stands in another repeat", name=name))
    fits: dict[str, list[str]] = {}
    for choice, others in zip(
        lists.choices[item.list_name], lists.columns[item.list_name], strict=True
    ):
        fits.setdefault(others.get(column.lower(), ""), []).append(choice["const"])
    if len(fits) > MOST:
        raise NotRead(_("there are too many different answers"))
    lists.filter(item.list_name, column.lower())
    for value, codes in fits.items():
        if not value:
            continue
        test = Binary("=", Ref(name), Text(value))
        there = schema_of(test, lambda n: questions.asked(n, item))
        fitting = {"enum": [*codes, "other"] if item.other else codes}
        allowed = fitting if item.kind == "one" else {"items": fitting}
        made.put(item.path, allowed, [*guards, Guard(item.scope, there)], required=False)
