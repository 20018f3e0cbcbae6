"""My jobs: how far they are, what became of them; cancelling, and starting again. Not for what they do."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from runtime.accounts.jobs import at_work, others, require_job
from runtime.imports.work import follow
from runtime.jobs import store
from runtime.jobs.worker import offer
from runtime.language import gettext as _
from runtime.storage.job_tables import Job
from runtime.web.asking import db, needs_user, signed_in, site, user, writes
from runtime.web.frame import local

jobs = Blueprint("jobs", __name__, url_prefix="/jobs")
_TONES = {"done": "known", "failed": "ask", "dead": "check", "stopping": "check"}


@jobs.get("/")
@needs_user
def index() -> str:
    """My jobs, the newest first, and for administrators those of their units."""
    own = store.mine(db(), user().id)
    return _drawn("jobs", own=own, others=others(db(), user()))


@jobs.get("/<job_id>")
@needs_user
def show(job_id: str) -> str:
    """One job."""
    return _drawn("job", job=require_job(db(), user(), job_id))


@jobs.post("/<job_id>/cancel")
@needs_user
def cancel(job_id: str) -> Response:
    """Stop the job: at once, or as soon as whoever runs it looks."""
    with writes() as session:
        require_job(session, user(), job_id)
        store.cancel(session, job_id)
    return _back(job_id)


@jobs.post("/<job_id>/again")
@needs_user
def again(job_id: str) -> Response:
    """The same work once more, for whoever asked for it first."""
    with writes() as session:
        require_job(session, user(), job_id)
        next_id = store.again(session, job_id)
        follow(session, job_id, next_id)
    offer(site(), next_id)
    return _back(next_id)


def init_app(app: Flask) -> None:
    """Let the frame of every page tell how many of one's jobs are at work."""
    app.jinja_env.globals.update(
        at_work=_at_work, job_state=state_of, job_word=word_of, job_tone=_tone, job_url=_url
    )


def state_of(job: Job) -> str:
    """The state as a person sees it: one that runs may also be stopping, or have nobody left who runs it."""
    if job.state == "running" and store.is_dead(job):
        return "dead"
    return "stopping" if job.state == "running" and job.cancel else job.state


def word_of(job: Job) -> str:
    """That state in words."""
    return {
        "waiting": _("waiting"),
        "running": _("at work"),
        "stopping": _("being cancelled"),
        "dead": _("interrupted"),
        "done": _("done"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
    }[state_of(job)]


def _drawn(name: str, **given: Any) -> str:
    """The page, or only its part that changes, where the page itself asks for it."""
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render_template(f"{name}_part.html" if part else f"{name}.html", **given)


def _back(job_id: str) -> Response:
    wanted = request.form.get("next")
    return redirect(local(wanted) if wanted else url_for(".show", job_id=job_id), 303)


def _at_work() -> int:
    found = signed_in()
    return at_work(db(), found) if found else 0


def _tone(job: Job) -> str:
    return _TONES.get(state_of(job), "")


def _url(job: Job) -> str:
    """Where the result is to be seen, if it is a page of this site."""
    told = job.result.get("url")
    return told if isinstance(told, str) and local(told) == told else ""
