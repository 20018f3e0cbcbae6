"""What an indicator is worked out from: ratios and formulas over figures, in a sentence. Not for composing them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin

from builder.edits.spots import tokens
from builder.rules.formulas import shape_of
from builder.rules.joined import names
from runtime.api import Library, NotFound, WrongFormula, names_in, say, texts_of
from runtime.api import gettext as _


@dataclass(frozen=True, slots=True)
class Figures:
    """`operation` is one of those of formulas, or `formula`; `parts` the whole addresses of the figures."""

    operation: str
    parts: tuple[str, ...]
    names: tuple[str, ...] = ()
    """What the formula calls each of them; none where it is a ratio."""
    formula: str = ""


def figures_in(fill: Mapping[str, Any], home: str) -> Figures | None:
    """The ratio or formula of an indicator's `fill`; None where it is neither. `home` is its group's address."""
    ratio, text = fill.get("ratio"), fill.get("formula")
    if isinstance(ratio, list) and len(ratio) == 2 and all(isinstance(one, str) for one in ratio):
        way = "percent" if fill.get("percent") is True else "ratio"
        return Figures(way, tuple(_whole(home, one) for one in ratio))
    if not isinstance(text, str):
        return None
    shape = shape_of(text)
    operation, said = shape if shape is not None else ("formula", _named(text))
    cells = fill.get("cells")
    known = cells if isinstance(cells, Mapping) else {}
    parts = tuple(_whole(home, str(known.get(n, f"#/properties/{n}"))) for n in said)
    return Figures(operation, parts, said, text)


def figures_said(figures: Figures, library: Library) -> str:
    """The sentence: “the share of “Paid” in “Households”, in percent”."""
    said = [_("“%(title)s”", title=figure_title(library, one)) for one in figures.parts]
    match figures.operation:
        case "percent":
            return _("the share of %(one)s in %(other)s, in percent", one=said[0], other=said[-1])
        case "ratio":
            return _("%(one)s divided by %(other)s", one=said[0], other=said[-1])
        case "difference":
            return _("%(one)s less %(others)s", one=said[0], others=names(said[1:]))
        case "product":
            return _("%(one)s times %(others)s", one=said[0], others=names(said[1:]))
        case "average":
            return _("the average of %(cells)s", cells=names(said))
        case "sum":
            return _("the sum of %(cells)s", cells=names(said))
    known = dict(zip(figures.names, said, strict=True))
    text = figures.formula.removeprefix("=")
    text = re.sub(r"[^\W\d]\w*", lambda match: known.get(match[0], match[0]), text)
    return _("worked out as %(formula)s", formula=text)


def figure_title(library: Library, whole: str) -> str:
    """What a figure is called, with the cell of a breakdown: “Holders · Grade 1”; its key where there is none."""
    home, _hash, pointer = whole.partition("#")
    steps = tokens(unquote(pointer))
    try:
        node: Any = library.document(home)
    except NotFound:
        return steps[-1] if steps else whole
    said: list[str] = []
    for step in steps:
        node = node.get(step) if isinstance(node, Mapping) else None
        if step == "properties":
            continue
        own = say(texts_of(node)) if isinstance(node, Mapping) else ""
        said.append(_("total") if step == "total" and said else own or step)
    return " · ".join(said) or whole


def _named(text: str) -> tuple[str, ...]:
    try:
        return names_in(text)
    except WrongFormula:
        return ()


def _whole(home: str, reference: str) -> str:
    try:
        return urljoin(home, reference) if home else reference
    except ValueError:
        return reference
