"""Pages on which a definition is changed or retired; whom it reaches is told before it is kept."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from builder.dictionary import controls, figures
from builder.dictionary.codes import empty_rows, posted_rows, rows_of
from builder.dictionary.effects import Effects, effects, outdated
from builder.dictionary.history import title_of
from builder.dictionary.keeping import carry_out
from builder.dictionary.making import (
    with_changed,
    with_retired,
)
from builder.dictionary.pages import (
    CHANGE,
    common,
    dictionary,
    here,
    stewards,
    url_of,
)
from builder.dictionary.places import Spot, at, steward_of
from builder.dictionary.posting import (
    figure_alone,
    figure_of,
    is_htmx,
    own_of,
    posted,
    register_title,
    seen,
)
from builder.dictionary.rights import require_change
from runtime.api import (
    Conflict,
    DefinitionError,
    db,
    dumps,
    needs,
    ngettext,
    reading,
    site,
    user,
)
from runtime.api import gettext as _


@dictionary.get("/<any(registers, indicators, codes):folder>/<home>/-edit")
@dictionary.get("/<any(registers, indicators, codes):folder>/<home>/<name>/edit")
@needs(CHANGE)
def edit(folder: str, home: str, name: str = "") -> Any:
    """A definition to be changed."""
    where = here(folder, home, name)
    require_change(db(), steward_of(site().library, where))
    return _drawn(where, at(site().library, where), {}, None)


@dictionary.post("/<any(registers, indicators, codes):folder>/<home>/-edit")
@dictionary.post("/<any(registers, indicators, codes):folder>/<home>/<name>/edit")
@needs(CHANGE)
def change(folder: str, home: str, name: str = "") -> Any:
    """What was changed: its effects are shown where it reaches others, then it is kept."""
    where = here(folder, home, name)
    library = site().library
    require_change(db(), steward_of(library, where))
    base = at(library, where)
    schema, wrong, figure = posted(where.kind, where, base)
    if figure is not None and (figure.is_step or request.form.get("_do") == "look"):
        return (
            figure_alone(where, figure)
            if is_htmx()
            else _drawn(where, schema, {}, figure, typed=True)
        )
    if wrong:
        return _drawn(where, schema, wrong, figure, typed=True), 422
    if dumps(schema) == dumps(base):
        flash(_("Nothing was changed."), "check")
        return redirect(url_of(where.address))
    return _change(where, schema, figure)


def _change(where: Spot, schema: dict[str, Any], figure: figures.Figure | None) -> Any:
    try:
        told = effects(db(), site().library, where, schema, site().outputs)
    except LookupError:
        return _drawn(where, schema, {"codes": _("Choose the code list.")}, figure, typed=True), 422
    harmful = [one.why for one in told.findings if one.keyword == "identity"]
    if harmful and not told.is_compatible:
        text = _("Not kept: %(why)s. Choose other fields.", why=harmful[0])
        return _drawn(where, schema, {"identity": text}, figure, typed=True, told=told), 422
    mark = _mark(schema, told)
    if told.reaches_others and request.form.get("_seen_effects") != mark:
        return _drawn(where, schema, {}, figure, typed=True, told=told, mark=mark)
    try:
        carry_out(
            site(),
            lambda library: with_changed(library, where, schema, request.form.get("reason", "")),
            seen(),
            user().id,
        )
    except Conflict as error:
        return _drawn(where, schema, {"": str(error)}, figure, typed=True), 409
    except DefinitionError as error:
        return _drawn(where, schema, {}, figure, typed=True, refused=error), 422
    flash(_("The change is kept."))
    _tell_late(where)
    return redirect(url_of(where.address))


@dictionary.post("/<any(registers, indicators, codes):folder>/<home>/-retire")
@dictionary.post("/<any(registers, indicators, codes):folder>/<home>/<name>/retire")
@needs(CHANGE)
def retire(folder: str, home: str, name: str = "") -> Response:
    """Offer it to nobody any more, or again; what uses it goes on."""
    where = here(folder, home, name)
    require_change(db(), steward_of(site().library, where))
    back = request.form.get("_do") == "back"
    try:
        carry_out(
            site(),
            lambda library: with_retired(library, where, not back, request.form.get("reason", "")),
            seen(),
            user().id,
        )
        flash(_("It is offered again.") if back else _("It is retired: nobody is offered it anew."))
    except (Conflict, DefinitionError) as error:
        flash(str(error), "check")
    return redirect(url_of(where.address))


def _drawn(
    where: Spot,
    schema: dict[str, Any],
    wrong: dict[str, str],
    figure: figures.Figure | None,
    typed: bool = False,
    told: Effects | None = None,
    mark: str = "",
    refused: DefinitionError | None = None,
) -> str:
    parts = controls.parts_of(site().library, where.kind, schema, stewards())
    if typed:
        parts = controls.as_typed(parts, request.form)
    rows = (
        posted_rows(request.form, schema)[1] if typed and where.kind == "codes" else rows_of(schema)
    )
    shared = common(where)
    if typed:
        shared["seen"] = seen()
    return render_template(
        "builder/dictionary/edit.html",
        schema=schema,
        parts=parts,
        rows=[*rows, *empty_rows()] if where.kind == "codes" else [],
        figure=figure_of(where.kind, where, schema, figure),
        wrong=wrong,
        told=told,
        mark=mark,
        refused=refused.problems if refused else (),
        url=url_for(".change", folder=where.folder, home=where.home, name=where.name or None),
        operations=figures.OPERATIONS,
        of_figures=figures.OF_FIGURES,
        operation_title=figures.operation_title,
        breakdowns=figures.breakdowns,
        library=site().library,
        register_title=register_title,
        heading=title_of(site().library, where.address),
        home_title=title_of(site().library, where.document),
        is_new=False,
        reason=request.form.get("reason", ""),
        **own_of(where.kind, where, schema),
        **shared,
    )


def _tell_late(where: Spot) -> None:
    with reading(site().engine) as session:
        late = outdated(session, site().library, where.address)
    if late:
        flash(
            ngettext(
                "%(n)s form still uses the old one; publish it anew.",
                "%(n)s forms still use the old one; publish them anew.",
                len(late),
            ),
            "check",
        )


def _mark(schema: dict[str, Any], told: Effects) -> str:
    """By which the page that comes back tells that exactly these effects were seen."""
    said = [
        dumps(schema),
        *(form.short for form in told.forms),
        *(use.address for use in told.uses),
    ]
    return sha256("\n".join(said).encode()).hexdigest()
