"""Pages over the whole dictionary: what may mean the same, what is new, what forms still use, who changed what."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from builder.dictionary.effects import outdated
from builder.dictionary.history import title_of, told
from builder.dictionary.keeping import Step, carry_out
from builder.dictionary.pages import CHANGE, READ, department, dictionary, form_url, url_of
from builder.dictionary.places import at, spot_of, steward_of
from builder.dictionary.rights import require_change
from builder.edits.merge import merged
from builder.radar import index_of, pairs
from runtime.api import (
    Conflict,
    DefinitionError,
    Library,
    NotFound,
    access,
    db,
    made_here,
    moved,
    needs,
    short_name,
    site,
    user,
    whole_number,
    writes,
)
from runtime.api import gettext as _

MOST_PAIRS = 200


@dictionary.get("/alike")
@needs(READ)
def alike() -> str:
    """Pairs of the whole dictionary that may mean the same, without those that stewards have told apart."""
    apart = _told_apart()
    found = [pair for pair in pairs(index_of(site().library)) if pair.key not in apart]
    return render_template(
        "builder/dictionary/alike.html",
        pairs=found[:MOST_PAIRS],
        count=len(found),
        apart=len(apart),
        seen=made_here.revision(db()),
        **_shared(),
    )


@dictionary.post("/alike/apart")
@needs(CHANGE)
def tell_apart() -> Response:
    """Say why two of the dictionary are not the same: the pair is shown no more."""
    library = site().library
    one, other = (spot_of(request.form.get(name, "")) for name in ("one", "other"))
    if one is None or other is None or not (one.name and other.name):
        raise NotFound(_("There is no such definition in the dictionary."))
    at(library, one), at(library, other)
    require_change(db(), steward_of(library, one))
    reason = request.form.get("reason", "").strip()
    if not reason:
        flash(_("Say in what they differ, for whoever asks next."), "check")
        return redirect(url_for(".alike"))
    step = Step(
        "apart", one.address, steward_of(library, one), {},
        details={"apart": [one.address, other.address]}, reason=reason,
    )  # fmt: skip
    try:
        carry_out(
            site(),
            lambda _library: step,
            whole_number(request.form.get("_seen", "")) or 0,
            user().id,
        )
        flash(_("Noted: they are told apart."))
    except Conflict as error:
        flash(str(error), "check")
    return redirect(url_for(".alike"))


@dictionary.get("/changes")
@needs(READ)
def overview() -> str:
    """What was done in the dictionary, forms to be published anew, near-duplicates made, and files that moved on."""
    library = site().library
    steps = told(db(), library, made_here.steps(db(), most=60))
    return render_template(
        "builder/dictionary/changes.html",
        steps=steps,
        near=[step for step in steps if step.like and not step.is_undone],
        late=outdated(db(), library),
        behind=sorted(made_here.behind(db(), site().files)),
        may_design=lambda short: access.may(
            db(), user(), "form.design", department=short.partition("/")[0]
        ),
        short=short_name,
        **_shared(),
    )


@dictionary.post("/take-in")
@needs(CHANGE)
def take_in() -> Response:
    """Bring together what was changed here and what the file says now; where both changed the same, ours stays."""
    address = request.form.get("address", "")
    where = spot_of(address)
    if where is None or where.document not in site().library:
        raise NotFound(_("There is no such definition in the dictionary."))
    require_change(db(), steward_of(site().library, where))
    clashes: list[Any] = []

    def step(library: Library) -> Step:
        base, now = made_here.behind(db(), site().files)[where.document]
        known = {one: library.source(one) for one in library.addresses()}
        moves = made_here.moves_since(db())
        old, new = (moved(one or {}, where.document, moves, known) for one in (base, now))
        both = merged(old, new, library.source(where.document))
        clashes[:] = both.clashes
        return Step(
            "take-in", where.document, steward_of(library, where), {where.document: both.document}
        )

    try:
        carry_out(site(), step, made_here.revision(db()), user().id)
        with writes() as session:
            made_here.took_in(session, site().files, where.document)
        flash(_("It holds both now; take it back from the history if it was a mistake."))
        if clashes:
            flash(
                _("In %(n)s places both had changed the same: there ours stays.", n=len(clashes)),
                "check",
            )
    except (Conflict, DefinitionError) as error:
        flash(str(error), "check")
    except KeyError:
        flash(_("They are the same already."), "check")
    return redirect(url_for(".overview"))


def _told_apart() -> set[frozenset[str]]:
    gone = made_here.undone(db())
    return {
        frozenset(step.details.get("apart", ()))
        for step in made_here.steps(db(), kind="apart", most=5_000)
        if step.id not in gone
    }


def _shared() -> dict[str, Any]:
    return {
        "says": department,
        "url_of": url_of,
        "form_url": form_url,
        "title_of": lambda address: title_of(site().library, address),
        "may_look_after": access.may(db(), user(), CHANGE),
    }
