"""One's own account: who I am here, language, password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField

from runtime.accounts import roles as role_names
from runtime.accounts import users
from runtime.errors import EntryError
from runtime.facts import units
from runtime.language import gettext as _
from runtime.language import say
from runtime.storage.tables import Grant
from runtime.web.asking import db, grants, needs_user, site, user, writes

account = Blueprint("account", __name__, url_prefix="/account")


class PasswordForm(FlaskForm):
    """The present password and the new one, twice."""

    present = PasswordField()
    new = PasswordField()
    again = PasswordField()


@account.get("/")
@needs_user
def show() -> str:
    """My account."""
    return _page(PasswordForm())


@account.post("/password")
@needs_user
def password() -> Any:
    """Change my password; every other session of mine ends."""
    form = PasswordForm()
    form.validate()
    if form.new.data != form.again.data:
        return _page(form, wrong=_("The two new passwords are not the same.")), 400
    try:
        with writes() as db_:
            me = users.get(db_, user().id)
            users.change_password(db_, me, form.present.data or "", form.new.data or "")
            session["user"] = [me.id, me.session_key]
    except EntryError as error:
        return _page(form, wrong=str(error)), 400
    flash(_("Your password is changed."))
    return redirect(url_for(".show"))


def _page(form: PasswordForm, wrong: str = "") -> str:
    held = [_words(grant) for grant in grants()]
    return render_template("account.html", me=user(), held=held, form=form, wrong=wrong)


def _words(grant: Grant) -> tuple[str, str, str]:
    return (
        role_names.title(grant.role),
        say(units.get(db(), grant.unit_id).title),
        department_title(grant.department),
    )


def department_title(code: str) -> str:
    """What a department is called; all departments where the code is empty."""
    if not code:
        return _("all departments")
    return say(site().library.departments().get(code, {})) or code
