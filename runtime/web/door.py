"""Signing in and out, and the language that a page speaks."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField

from runtime.accounts import users
from runtime.accounts.sign_in import SignInRefused, Throttled
from runtime.accounts.sign_in import sign_in as check
from runtime.entry import audit
from runtime.language import LANGUAGES
from runtime.language import gettext as _
from runtime.web.asking import READING, needs_user, signed_in, site, user, writes
from runtime.web.frame import COOKIE, local

door = Blueprint("door", __name__)


class SignInForm(FlaskForm):
    """Name and password."""

    name = StringField()
    password = PasswordField()
    next = HiddenField()


@door.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """The sign-in page; afterwards back to where one wanted to go."""
    form = SignInForm()
    if request.method in READING:
        form.next.data = request.args.get("next", "")
        if signed_in():
            return redirect(local(form.next.data))
        return render_template("sign_in.html", form=form)
    form.validate()
    try:
        found = check(site().engine, form.name.data or "", form.password.data or "", client())
    except SignInRefused as refused:
        status = 429 if isinstance(refused, Throttled) else 401
        answer = make_response(render_template("sign_in.html", form=form, refused=refused), status)
        if isinstance(refused, Throttled):
            answer.headers["Retry-After"] = str(refused.seconds)
        return answer
    session.clear()
    session.permanent = True
    session["user"] = [found.id, found.session_key]
    return redirect(local(form.next.data))


@door.post("/sign-out")
@needs_user
def sign_out() -> Response:
    """End this browser's session."""
    with writes() as db:
        audit.log(db, "user.sign-out", "user", user().id, actor=user().id)
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for(".sign_in"))


@door.post("/language")
def language() -> Response:
    """Speak another language from now on, remembered in the browser and with the user."""
    chosen = request.form.get("language", "")
    answer = redirect(local(request.form.get("next")))
    if chosen not in LANGUAGES:
        return answer
    found = signed_in()
    if found:
        with writes() as db:
            users.set_language(db, users.get(db, found.id), chosen)
    answer.set_cookie(
        COOKIE,
        chosen,
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=site().settings.secure_cookies,
    )
    return answer


def client() -> str:
    """The network address of the browser (as the proxies that may be believed tell it)."""
    return request.remote_addr or ""
