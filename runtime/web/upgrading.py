"""The page on which staff bring an open entry to the newest version of its form. Not for what that does."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from runtime.entry import life
from runtime.errors import Conflict
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.publishing import upgrading as steps
from runtime.storage.engine import reading
from runtime.storage.tables import Entry, FormVersion
from runtime.web.asking import db, let_go, needs, site, user, whole_number, writes
from runtime.web.filling import open_filling, read_filling

upgrading = Blueprint("upgrading", __name__, url_prefix="/entries")


@upgrading.get("/<entry_id>/upgrade")
@needs("entry.fill")
def show(entry_id: str) -> str | Response:
    """What the newer version would change in this entry, cell by cell; or what an upgrade has left over."""
    return _drawn(entry_id) or redirect(url_for("entry.fill", entry_id=entry_id))


def _drawn(entry_id: str, refused: str = "", ticked: Collection[str] = ()) -> str:
    """The page; empty where there is nothing to show."""
    filling = read_filling(entry_id, "entry.fill")
    offer = steps.offer_of(db(), filling.entry, ticked)
    left = steps.left_over(db(), filling.entry) if offer is None else list(offer.left)
    if offer is None and not left:
        return ""
    return render_template(
        "upgrade.html", f=filling, offer=offer, left=left, refused=refused, ticked=ticked
    )


@upgrading.post("/<entry_id>/upgrade")
@needs("entry.fill")
def change(entry_id: str) -> Response | tuple[str, int]:
    """Do it: without the values that were ticked; all others stay."""
    try:
        return _changed(entry_id)
    except Conflict as error:
        return _drawn(entry_id, str(error), request.form.getlist("take_out")), 409
    except steps.Undecided as error:
        return _drawn(entry_id, str(error), request.form.getlist("take_out")), 422


def _changed(entry_id: str) -> Response:
    entry = open_filling(entry_id, "entry.fill").entry
    revision = whole_number(request.form.get("_revision", "")) or 0
    ticked, engine, me = request.form.getlist("take_out"), site().engine, user().id
    waits = steps.offered(db(), entry) is not None
    let_go()
    if waits:
        with reading(engine) as session:
            prepared = steps.prepare(session, life.load(session, entry_id))
        with writes() as session:
            done = steps.upgrade(session, entry_id, prepared, revision, ticked, me)
            number = session.get_one(FormVersion, done.form_version_id).number
        flash(
            _(
                "This entry answers version %(n)s now. All values that it has a place for are kept.",
                n=number,
            )
        )
    else:
        with writes() as session:
            steps.take_out(session, entry_id, revision, ticked, me)
        said = ngettext("%(n)s value was taken out.", "%(n)s values were taken out.", len(ticked))
        flash(said)
    return redirect(url_for("entry.fill", entry_id=entry_id), 303)


def init_app(app: Flask) -> None:
    """Let the filling page ask whether there is a newer version, and what one has left over."""
    app.jinja_env.globals.update(newer_version=_newer, left_over=_left)


def _newer(entry: Entry) -> FormVersion | None:
    return steps.offered(db(), entry)


def _left(entry: Entry) -> int:
    return len(steps.left_over(db(), entry))
