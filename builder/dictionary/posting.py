"""What the pages that change the dictionary have in common: what was posted, and the rule of a figure drawn anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, request, url_for

from builder.dictionary import control_values, derived, figures, registers
from builder.dictionary.codes import posted_rows
from builder.dictionary.pages import (
    stewards,
)
from builder.dictionary.places import Spot
from builder.rules import Field
from runtime.api import gettext as _
from runtime.api import (
    say,
    site,
    texts_of,
    whole_number,
)


def posted(
    kind: str, where: Spot, base: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str], figures.Figure | None]:
    """The definition as posted over `base`, what is wrong by the name of its control, and a figure's rule."""
    schema, wrong = control_values.posted(site().library, kind, request.form, base, stewards())
    if kind == "codes":
        members, rows = posted_rows(request.form, base)
        schema["oneOf"] = members
        wrong |= {f"code.{n}": row.problem for n, row in enumerate(rows) if row.problem}
        if not members:
            wrong["code.0"] = _("A code list has at least one code.")
    if kind == "register":
        _words, more, schema = registers.posted(site().library, where.home, request.form, schema)
        return schema, wrong | more, None
    if kind == "derived":
        _found, more, schema = derived.posted(site().library, where.home, request.form, schema)
        return schema, wrong | more, None
    if kind != "indicator":
        return schema, wrong, None
    figure, schema = figures.posted(site().library, where, request.form, schema)
    wrong |= figure.problems or {}
    if figure.composed is not None:
        wrong |= figure.composed.problems
    return schema, wrong, figure


def figure_of(
    kind: str, where: Spot, schema: dict[str, Any], figure: figures.Figure | None
) -> figures.Figure | None:
    """The rule that a page shows: the one posted, else as the definition has it; None for what is no figure."""
    if kind != "indicator":
        return None
    return figure if figure is not None else figures.opened(site().library, where, schema)


def own_of(kind: str, where: Spot, schema: dict[str, Any]) -> dict[str, Any]:
    """What the template needs of a derived field or register: its rule or words as posted, else as they stand."""
    if kind == "register":
        words = registers.opened(site().library, where.home, schema)
        if request.method == "POST":
            words, *_rest = registers.posted(site().library, where.home, request.form, schema)
        return {"derived": None, "words": words, "titled": _titled}
    if kind != "derived":
        return {"derived": None, "words": None}
    rule = derived.opened(site().library, where.home, schema)
    if request.method == "POST":
        rule, _wrong, _schema = derived.posted(site().library, where.home, request.form, schema)
    return {
        "derived": rule,
        "words": None,
        "way_titles": derived.way_titles,
        "end_titles": derived.end_titles,
        "sign_titles": derived.sign_titles,
        "titled": _titled,
    }


def _titled(fields: Iterable[Field]) -> list[tuple[str, str]]:
    return [(one.path[0], say(one.title)) for one in fields]


def figure_alone(where: Spot, figure: figures.Figure, is_new: bool = False) -> str:
    """The rule alone, drawn anew."""
    endpoint = ".make" if is_new else ".change"
    name = None if is_new else where.name or None
    return render_template(
        "builder/dictionary/figure.html",
        figure=figure,
        wrong={},
        url=url_for(endpoint, folder=where.folder, home=where.home, name=name),
        operations=figures.OPERATIONS,
        of_figures=figures.OF_FIGURES,
        operation_title=figures.operation_title,
        breakdowns=figures.breakdowns,
        library=site().library,
        register_title=register_title,
    )


def register_title(name: str) -> dict[str, str]:
    """What a register is called."""
    return texts_of(site().library.register(name)) or {"en": name}


def seen() -> int:
    """The newest step in the dictionary that the page had shown."""
    return whole_number(request.form.get("_seen", "")) or 0


def is_htmx() -> bool:
    """Whether a part of the page is asked for."""
    return bool(request.headers.get("HX-Request"))
