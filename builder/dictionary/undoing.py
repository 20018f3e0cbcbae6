"""Steps in the dictionary taken back, and drafts begun of the forms that a step has left behind."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from builder.dictionary.carrying import offer_back
from builder.dictionary.keeping import take_back
from builder.dictionary.pages import (
    CHANGE,
    dictionary,
    url_of,
)
from builder.dictionary.places import spot_of, steward_of
from builder.dictionary.rights import require_change
from runtime.api import (
    Conflict,
    DefinitionError,
    access,
    db,
    drafts,
    form_address,
    made_here,
    needs,
    ngettext,
    site,
    user,
    writes,
)
from runtime.api import gettext as _


@dictionary.post("/steps/<int(max=2147483647):number>/undo")
@needs(CHANGE)
def undo(number: int) -> Response:
    """Take a step back."""
    step = db().get(made_here.DefinitionStep, number) or abort(404)
    address = step.address
    require_change(db(), step.department, *_stewards_of(step))
    back = request.form.get("_back", "")
    try:
        left = take_back(site(), number, user().id)
    except (Conflict, DefinitionError) as error:
        flash(str(error), "check")
    else:
        offer_back(step)
        flash(_("It was taken back."))
        if left:
            flash(
                _(
                    "These drafts have changed since and stay as they are: %(names)s.",
                    names=", ".join(left),
                ),
                "check",
            )
    return redirect(back if back.startswith("/builder/") else url_of(address) or url_for(".index"))


@dictionary.post("/late")
@needs("form.design")
def begin_drafts() -> Response:
    """Begin drafts of the forms that were chosen, to be looked at and published anew; only of own departments."""
    chosen = [short for short in request.form.getlist("form") if "/" in short]
    made, passed = 0, 0
    with writes() as session:
        for short in chosen:
            address = form_address(short)
            if not access.may(session, user(), "form.design", department=short.partition("/")[0]):
                passed += 1
                continue
            if drafts.find(session, address) is None:
                text = drafts.text_of(session, site().library, address)
                if text:
                    drafts.keep(session, address, text, 0, user().id)
                    made += 1
    flash(
        ngettext(
            "%(n)s draft was begun; look at it, then publish it.",
            "%(n)s drafts were begun; look at them, then publish them.",
            made,
        )
    )
    if passed:
        flash(
            ngettext(
                "%(n)s form belongs to a department that is not yours.",
                "%(n)s forms belong to departments that are not yours.",
                passed,
            ),
            "check",
        )
    return redirect(url_for("dictionary.overview"))


def _stewards_of(step: made_here.DefinitionStep) -> list[str]:
    """Whoever else answers for what a merge has changed."""
    target = str(step.details.get("to", ""))
    where = spot_of(target) if "#" in target else None
    return [steward_of(site().library, where)] if where is not None else []
