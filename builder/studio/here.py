"""Who else has a form open, and the form anew once another has changed it; asked again and again by open pages."""

from __future__ import annotations

import json
from typing import Any

from flask import make_response, render_template, request

from builder.studio.pages import READ, opened, studio
from builder.studio.stepping import whole
from runtime.api import db, drafts, form_address, name_of, needs, user
from runtime.api import gettext as _


@studio.get("/here")
@needs(READ)
def here(department: str, name: str) -> Any:
    """Who else is here; and an event for the page where the form is no longer as it shows it."""
    known, address = request.args.get("known", ""), form_address(f"{department}/{name}")
    stand = drafts.stand(db(), address)
    html = render_template(
        "builder/studio/here.html", department=department, name=name, address=address, known=known
    )
    answer = make_response(html)
    if known != stand.mark:
        told = json.dumps({"studio:changed": {"said": _changed(stand)}})  # a header has ASCII only
        answer.headers["HX-Trigger"] = told
    return answer


@studio.get("/fresh")
@needs(READ)
def fresh(department: str, name: str) -> Any:
    """All of the Build tab that another designer may have changed."""
    one = opened(department, name, request.args.get("at", ""))
    return whole(one, _changed(drafts.stand(db(), one.address)))


def _changed(stand: drafts.Stand) -> str:
    if stand.by == user().id:
        return _("You have changed this form in another window; it is shown as it is now.")
    who = name_of(stand.by) or _("Somebody else")
    return _("%(who)s has changed this form; it is shown as it is now.", who=who)
