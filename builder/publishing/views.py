"""The page on which a form is published: checks, burden, impact, and who admits it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from builder.plainly import plainly
from builder.publishing.page import Page, admitters, page_of, rights, titles
from runtime.api import (
    Conflict,
    DefinitionError,
    EntryError,
    Library,
    access,
    admission,
    burdens,
    db,
    form_address,
    name_of,
    needs,
    offer_job,
    papers,
    render,
    sample,
    say,
    short_name,
    site,
    texts_of,
    user,
    whole_number,
    writes,
)
from runtime.api import gettext as _

publishing = Blueprint("publishing", __name__, url_prefix="/builder")
READ = "form.read"
SHOWN = 40
"""Cells and items that are listed before the rest is only counted."""


@publishing.get("/forms/<department>/<name>/publish")
@needs(READ)
def show(department: str, name: str) -> str:
    """The whole way of one form to a version, on one page."""
    return _drawn(_page(department, name))


@publishing.post("/forms/<department>/<name>/publish")
@needs(READ)
def change(department: str, name: str) -> Any:
    """Ask for admission, withdraw it, admit, return with a reason; each asks for its own right."""
    step = _STEPS.get(request.form.get("_do", ""))
    if step is None:
        abort(400)
    try:
        flash(step(form_address(f"{department}/{name}")))
        if (job := g.pop("job", None)) is not None:
            offer_job(site(), job)
    except Conflict as error:
        return _drawn(_page(department, name), refused=str(error)), 409
    except (DefinitionError, EntryError) as error:
        return _drawn(_page(department, name), refused=str(error)), 422
    return redirect(url_for(".show", department=department, name=name), 303)


@publishing.get("/forms/<department>/<name>/publish/papers")
@needs(READ)
def paper(department: str, name: str) -> Any:
    """The part that tells how far the papers are: the page asks for it while they are made."""
    if not request.headers.get("HX-Request"):
        return redirect(url_for(".show", department=department, name=name, _anchor="papers"))
    page = _page(department, name)
    is_made = page.job is None or page.job.finished_at is not None
    return render_template(
        "builder/publishing/papers.html",
        page=page,
        oob=is_made,
        plainly=plainly,
        may_admit=rights(db(), department)["admit"],
        typed={},
    )


@publishing.post("/forms/<department>/<name>/publish/papers")
@needs(READ)
def make_papers(department: str, name: str) -> Response:
    """Have PDF and Excel made with sample and worst-case data, in the background."""
    if not any(rights(db(), department).values()):
        access.require(db(), user(), "form.design", department=department)
    page = _page(department, name)
    if page.plan is None:
        flash(_("This draft has errors; mend them first."), "check")
    else:
        plan, text, me = page.plan, page.text, user().id
        with writes() as session:
            job_id = papers.started(session, plan, text, me, _here(department, name))
        offer_job(site(), job_id)
    return redirect(url_for(".show", department=department, name=name, _anchor="papers"), 303)


@publishing.get("/forms/<department>/<name>/publish/preview")
@needs(READ)
def preview(department: str, name: str) -> str:
    """The form as staff get it, filled with sample data, to be looked at by axe."""
    page = _page(department, name)
    drawn = None
    if page.plan is not None:
        made = sample(page.plan)
        drawn = render(page.plan, made.data, choices=made.choices)
    return render_template("builder/publishing/preview.html", page=page, drawn=drawn, axe=has_axe())


def has_axe() -> bool:
    """Whether set-up has brought axe, which looks at the preview in the browser."""
    folder = current_app.static_folder
    return folder is not None and (Path(folder) / "vendor" / "axe.min.js").is_file()


def _here(department: str, name: str) -> str:
    return url_for("publishing.show", department=department, name=name)


def _page(department: str, name: str) -> Page:
    return page_of(db(), site().library, department, name) or abort(404)


def form_title(library: Library, short: str) -> str:
    """What a form is called, as it shipped; `<department>/<form>` where it did not ship."""
    address = form_address(short)
    return (say(texts_of(library.source(address))) if address in library else "") or short


def _drawn(page: Page, refused: str = "") -> str:
    library = site().library
    impact = page.impact
    return render_template(
        "builder/publishing/publish.html",
        page=page,
        plainly=plainly,
        form_title=lambda short: form_title(library, short),
        refused=refused,
        typed=request.form,
        may=rights(db(), page.department),
        expires=_day(page.plan.form.expires) if page.plan else None,
        admission_needed=site().settings.admission,
        admitters=admitters(db(), page.department),
        burdens=burdens,
        name_of=name_of,
        line=burdens.line(page.burden) if page.burden else "",
        taken_up=titles(library, impact.differing.taken_up) if impact else [],
        let_go=titles(library, impact.differing.let_go) if impact else [],
        says=lambda code: say(library.departments().get(code, {})) or code,
        axe=has_axe(),
        shown=SHOWN,
    )


def _day(text: str) -> date | None:
    """The day that a draft says; None for what is none, since a draft may say anything."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ask(address: str) -> str:
    revision, note = _revision(), request.form.get("note", "")
    page = _page(*short_name(address).split("/"))
    if page.draft is not None and page.draft.revision == revision and page.errors:
        raise DefinitionError(_("This draft has errors; mend them first."), tuple(page.problems))
    minutes = page.burden.minutes_a_year if page.burden else None
    with writes() as session:
        if site().settings.admission:
            asked = admission.ask(session, site().library, address, revision, user(), note, minutes)
            if page.plan is not None and page.text == asked.source:
                here = _here(page.department, page.name)
                g.job = papers.started(session, page.plan, asked.source, user().id, here)
            return _("Asked: a steward will admit it or return it with a reason.")
        version = admission.publish_at_once(session, site().library, address, revision, user())
        return _("Published as version %(number)s.", number=version.number)


def _withdraw(address: str) -> str:
    with writes() as session:
        admission.withdraw(session, _asked(session, address), user())
    return _("It is withdrawn; the draft is as it was.")


def _admit(address: str) -> str:
    department, name = short_name(address).split("/")
    access.require(db(), user(), "form.admit", department=department)
    page = _page(department, name)
    if page.errors:
        raise EntryError(_("Errors stand against it by now; return it, so that they are mended."))
    if page.is_asked and not (page.papers_made or request.form.get("unseen")):
        raise EntryError(
            _("PDF and Excel have not been made yet: wait for them, or say that you admit without.")
        )
    with writes() as session:
        asked = _asked(session, address)
        version = admission.admit(
            session, site().library, asked, user(), request.form.get("reason", "")
        )
        return _("Admitted: it is version %(number)s now.", number=version.number)


def _return(address: str) -> str:
    with writes() as session:
        asked = _asked(session, address)
        admission.send_back(session, asked, user(), request.form.get("reason", ""))
    return _("Returned to its designers with your reason.")


def _asked(session: Any, address: str) -> Any:
    return admission.require(session, whole_number(request.form.get("_asked", "")) or 0, address)


def _revision() -> int:
    return whole_number(request.form.get("_revision", "")) or 0


_STEPS = {"ask": _ask, "withdraw": _withdraw, "admit": _admit, "return": _return}
