"""An indicator worked out from others, chosen on a page: what is done with which figures; and back into its `fill`.

What is unchanged stays letter by letter. The sentence is `builder.rules.figures`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.dictionary.choosable import Choices, choices, is_whole, leaning, node, places, steps
from builder.dictionary.references import item_of
from builder.edits.spots import pointer_of
from builder.rules.figures import Figures, figure_title, figures_in
from builder.rules.formulas import TWO, is_name, spelled
from runtime.api import BASE, Library, WrongFormula, names_in
from runtime.api import gettext as _

MARK = "of-figures."
"""Before what is done with figures, in the list of what is done with subjects."""
WAYS = ("percent", "ratio", "sum", "difference", "product", "average", "formula")
MOST_PARTS = 20
_FIRST_DIGITS = {"percent": 1}


@dataclass(frozen=True, slots=True)
class Worked:
    """What is done with which figures: whole addresses, empty where none is chosen yet."""

    way: str
    parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Of a formula: what it calls each."""
    formula: str = ""
    choices: Choices = field(default_factory=list)
    """Group -> figures that may be chosen: address and title."""

    @property
    def is_two(self) -> bool:
        """Whether it has exactly two figures."""
        return self.way in TWO


def opened(library: Library, home: str, own: str, fill: Mapping[str, Any]) -> Worked | None:
    """The figures of an indicator as its definition has them; None where it is not worked out from others."""
    found = figures_in(fill, home)
    if found is None:
        return None
    return _shown(library, home, own, found)


def posted(
    library: Library, home: str, own: str, form: MultiDict[str, str], base: Mapping[str, Any]
) -> tuple[Worked, dict[str, str], dict[str, Any]]:
    """What was chosen, what is wrong by the name of its control, and the `fill` that comes of it.

    `own` is the address of the indicator itself, empty for a new one; `base` its `fill` as it stands.
    """
    way = form.get("operation", "").removeprefix(MARK)
    parts, names = _rows(way, form)
    found = Figures(way, parts, names, form.get("formula", "").strip()[:2_000])
    worked = _shown(library, home, own, found)
    kept = figures_in(base, home)
    if kept is not None and _same(kept, worked):
        return worked, {}, dict(base)
    wrong = _problems(library, own, worked)
    return worked, wrong, {} if wrong else _written(worked, home, _digits(form.get("digits", "")))


def typed_as(library: Library, schema: Mapping[str, Any], worked: Worked) -> dict[str, Any]:
    """The definition with the type of what is worked out; whole where all its figures are, else with its places."""
    found = {k: v for k, v in schema.items() if k not in ("fill", "by", "properties")}
    kinds = [node(library, one) for one in worked.parts]
    digits = found.get("digits", max([_FIRST_DIGITS.get(worked.way, 0), *map(places, kinds)]))
    whole = worked.way in ("sum", "difference", "product") and not digits
    if worked.way == "formula" and found.get("type") == "integer":
        whole = True
    found["type"] = "integer" if whole and all(is_whole(one) for one in kinds) else "number"
    if found["type"] == "number":
        found["digits"] = digits if "digits" in found or digits else 2
    if worked.way in ("difference", "formula") and found.get("minimum") == 0:
        del found["minimum"]  # it may be less than nothing
    return found


def way_title(way: str) -> str:
    """What is done, as its list tells it."""
    return {
        "percent": _("the share of one in the other, in percent"),
        "ratio": _("one divided by the other"),
        "sum": _("the sum of figures"),
        "difference": _("one less the others"),
        "product": _("figures multiplied"),
        "average": _("the average of figures"),
        "formula": _("a formula of figures"),
    }[way]


def _rows(way: str, form: MultiDict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rows as posted after what was asked (`figure.do`: one more, one less), as many as the way needs at least."""
    parts = [one.strip() for one in form.getlist("part")][:MOST_PARTS]
    names = [one.strip()[:60] for one in form.getlist("part.name")][:MOST_PARTS]
    names += [""] * (len(parts) - len(names))
    step, _colon, at = form.get("figure.do", "").partition(":")
    if step == "remove" and at.isdecimal() and int(at) < len(parts):
        del parts[int(at)], names[int(at)]
    least = 1 if way == "formula" else 2
    if step == "add" and len(parts) < MOST_PARTS:
        parts, names = [*parts, ""], [*names, ""]
    parts, names = [*parts, *[""] * (least - len(parts))], [*names, *[""] * (least - len(names))]
    return tuple(parts[:2] if way in TWO else parts), tuple(names[:2] if way in TWO else names)


def _shown(library: Library, home: str, own: str, found: Figures) -> Worked:
    names = found.names if found.operation == "formula" else ()
    if names:
        names = tuple(_with_names(found.parts, names))
    offered = choices(library, home, own, found.parts)
    return Worked(found.operation, found.parts, names, found.formula, offered)


def _with_names(parts: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Each figure with the name that it was given, else one of its own."""
    taken = {one for one in names if one}
    for part, name in zip(parts, names, strict=True):
        own = name or (_free(part, taken) if part else "")
        taken.add(own)
        yield own


def _free(part: str, taken: set[str]) -> str:
    wish = re.sub(r"\W", "_", "_".join(s for s in steps(part) if s != "properties")) or "a"
    wish = wish if is_name(wish) else f"figure_{wish}"
    name, n = wish, 2
    while name in taken:
        name, n = f"{wish}_{n}", n + 1
    return name


def _same(kept: Figures, worked: Worked) -> bool:
    if (kept.operation, kept.parts) != (worked.way, worked.parts):
        return False
    return worked.way != "formula" or (kept.formula, kept.names) == (worked.formula, worked.names)


def _problems(library: Library, own: str, worked: Worked) -> dict[str, str]:
    known = {address for _group, some in worked.choices for address, _title in some}
    if worked.way not in WAYS:
        return {"operation": _("Choose one of the list.")}
    above = leaning(library, own)
    back = [one for one in worked.parts if one and item_of(one) in above]
    if back:
        title = figure_title(library, item_of(back[0]))
        text = _("“%(title)s” is itself worked out from this figure; choose another.", title=title)
        return {"part": text}
    if any(one and one not in known for one in worked.parts):
        return {"part": _("Choose figures of the list; others cannot be worked with.")}
    if "" in worked.parts and worked.way != "formula":
        return {"part": _("Choose all the figures.")}
    if worked.way in ("ratio", "percent", "difference") and worked.parts[0] in worked.parts[1:]:
        return {"part": _("Choose different figures; one and the same tells nothing.")}
    return _formula_problems(worked) if worked.way == "formula" else {}


def _formula_problems(worked: Worked) -> dict[str, str]:
    try:
        said = names_in(worked.formula)
    except WrongFormula as error:
        return {"formula": str(error)}
    if not said:
        return {"formula": _("The formula names no figure.")}
    given = [name for name, part in zip(worked.names, worked.parts, strict=True) if part]
    unknown = [name for name in said if name not in given]
    if unknown:
        text = _("Choose below which figure is meant by: %(names)s.", names=", ".join(unknown))
        return {"formula": text}
    double = [name for name in given if given.count(name) > 1]
    if double:
        return {"formula": _("Two figures are called “%(name)s”; rename one.", name=double[0])}
    return {}


def _written(worked: Worked, home: str, digits: int) -> dict[str, Any]:
    if worked.way in TWO:
        ratio = {"ratio": [_relative(home, one) for one in worked.parts]}
        return {**ratio, "percent": True} if worked.way == "percent" else ratio
    if worked.way == "formula":
        said = dict(zip(worked.names, worked.parts, strict=True))
        return _with_cells(worked.formula, {n: said[n] for n in names_in(worked.formula)}, home)
    names = list(_with_names(worked.parts, [""] * len(worked.parts)))
    first = dict(zip(reversed(worked.parts), reversed(names), strict=True))
    text = spelled(worked.way, [first[one] for one in worked.parts], digits)
    return _with_cells(text, {first[one]: one for one in worked.parts}, home)


def _with_cells(text: str, names: Mapping[str, str], home: str) -> dict[str, Any]:
    """What each name means, where that is not the indicator of the group that is called so."""
    cells = {
        name: _relative(home, one)
        for name, one in names.items()
        if one != f"{home}#{pointer_of(('properties', name))}"
    }
    return {"formula": text, **({"cells": cells} if cells else {})}


def _relative(home: str, whole: str) -> str:
    document, _hash, pointer = whole.partition("#")
    if document == home:
        return f"#{pointer}"
    here = posixpath.dirname(home.removeprefix(BASE))
    return f"{posixpath.relpath(document.removeprefix(BASE), here)}#{pointer}"


def _digits(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 2
