"""What is still known under an old key alone: counted after the page has come, and carried over on demand."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request

from builder.dictionary.carrying import left, offer
from builder.dictionary.pages import CHANGE, READ, dictionary, url_of
from builder.dictionary.rights import may_change, require_change
from runtime.api import db, made_here, needs, site
from runtime.api import gettext as _


@dictionary.get("/steps/<int(max=2147483647):number>/left")
@needs(READ)
def left_under_old(number: int) -> str:
    """How many subjects a rename or merge has not reached yet, with the button; a fragment."""
    step = _step(number)
    return render_template(
        "builder/dictionary/left.html",
        step=step,
        left=left(db(), site(), step),
        old=step.details.get("code") or str(step.details.get("from", "")).rpartition("/")[2],
        new=str(step.details.get("to", "")).rpartition("/")[2],
        may_change=may_change(db(), step.department),
        back=request.args.get("back", ""),
    )


@dictionary.post("/steps/<int(max=2147483647):number>/carry")
@needs(CHANGE)
def carry_again(number: int) -> Any:
    """Carry over what has become known under the old key since, by forms that were not published anew yet."""
    step = _step(number)
    require_change(db(), step.department)
    address, details = step.address, dict(step.details)
    offer(number, {**details, "carried": True})
    flash(_("What is known is being carried over in the background."))
    back = request.form.get("_back", "")
    return redirect(back if back.startswith("/builder/") else url_of(address))


def _step(number: int) -> made_here.DefinitionStep:
    step = db().get(made_here.DefinitionStep, number) or abort(404)
    asks = step.kind in ("rename", "merge") and not step.details.get("outright")
    if not asks or number in made_here.undone(db()):
        abort(404)
    return step
