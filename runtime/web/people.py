"""Users of the site, for administrators: create, give and take roles, switch off and on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import PasswordField, StringField

from runtime.accounts import access, users
from runtime.accounts import roles as role_names
from runtime.accounts.roles import ROLES
from runtime.errors import EntryError, NotAllowed, NotFound
from runtime.language import gettext as _
from runtime.language import say
from runtime.storage.tables import Grant, Unit, User
from runtime.web.account import department_title
from runtime.web.asking import db, needs, site, user, writes

people = Blueprint("people", __name__, url_prefix="/users")
MOST_UNITS = 400
"""Units that a list offers; others are named by their code."""


class NewUserForm(FlaskForm):
    """Who is to sign in."""

    name = StringField()
    full_name = StringField()
    password = PasswordField()
    language = StringField()


@people.get("/")
@needs("user.manage")
def index() -> str:
    """Everybody whom this administrator looks after."""
    mine = [p for p in users.listed(db()) if access.may_manage(db(), user(), p)]
    told = [(person, _held(db(), person)) for person in mine]
    return render_template("people.html", people=told, form=NewUserForm())


@people.post("/")
@needs("user.manage")
def create() -> Any:
    """A new user, without any role as yet."""
    form = NewUserForm()
    form.validate()
    try:
        with writes() as session:
            made = users.create(
                session,
                form.name.data or "",
                form.full_name.data or "",
                form.password.data or "",
                actor=user().id,
                language=form.language.data or "",
            )
    except EntryError as error:
        told = [
            (p, _held(db(), p)) for p in users.listed(db()) if access.may_manage(db(), user(), p)
        ]
        return render_template("people.html", people=told, form=form, wrong=str(error)), 400
    flash(_("%(name)s can sign in now; give a role next.", name=made.full_name))
    return redirect(url_for(".show", user_id=made.id))


@people.get("/<int(max=2147483647):user_id>")
@needs("user.manage")
def show(user_id: int) -> str:
    """One user."""
    return _page(_managed(db(), user_id))


@people.post("/<int(max=2147483647):user_id>/roles")
@needs("user.manage")
def grant(user_id: int) -> Any:
    """Give a role for one of this administrator's units."""
    form = request.form
    try:
        with writes() as session:
            person = _managed(session, user_id)
            unit = _own_unit(session, form.get("unit", ""))
            department = form.get("department", "")
            if department and department not in site().library.departments():
                raise EntryError(_("There is no such department."))
            users.grant(session, person, form.get("role", ""), unit, department, actor=user().id)
    except EntryError as error:
        return _page(_managed(db(), user_id), wrong=str(error)), 400
    flash(_("The role is given."))
    return redirect(url_for(".show", user_id=user_id))


@people.post("/<int(max=2147483647):user_id>/roles/<int(max=2147483647):grant_id>/revoke")
@needs("user.manage")
def revoke(user_id: int, grant_id: int) -> Any:
    """Take a role back."""
    with writes() as session:
        _managed(session, user_id)
        held = session.get(Grant, grant_id)
        if held is None or held.user_id != user_id:
            raise NotFound(_("There is no such role of a user."))
        users.revoke(session, grant_id, actor=user().id)
    flash(_("The role is taken back."))
    return redirect(url_for(".show", user_id=user_id))


@people.post("/<int(max=2147483647):user_id>/state")
@needs("user.manage")
def state(user_id: int) -> Any:
    """Switch a user off, or on again; nobody switches himself off."""
    with writes() as session:
        person = _managed(session, user_id)
        if request.form.get("active") == "yes":
            users.enable(session, person, actor=user().id)
        elif person.id == user().id:
            raise EntryError(_("You cannot switch yourself off."))
        else:
            users.disable(session, person, actor=user().id)
    return redirect(url_for(".show", user_id=user_id))


@people.post("/<int(max=2147483647):user_id>/password")
@needs("user.manage")
def password(user_id: int) -> Any:
    """A new password for somebody who has lost the old one."""
    try:
        with writes() as session:
            person = _managed(session, user_id)
            users.set_password(session, person, request.form.get("password", ""), actor=user().id)
    except EntryError as error:
        return _page(_managed(db(), user_id), wrong=str(error)), 400
    flash(_("The password is set; all sessions of this user have ended."))
    return redirect(url_for(".show", user_id=user_id))


def _page(person: User, wrong: str = "") -> str:
    return render_template(
        "person.html",
        person=person,
        held=_held(db(), person),
        units=_units(db()),
        roles=[(role, role_names.title(role)) for role in ROLES],
        departments=sorted(
            (code, say(t) or code) for code, t in site().library.departments().items()
        ),
        wrong=wrong,
    )


def _managed(session: Session, user_id: int) -> User:
    person = users.get(session, user_id)
    if not access.may_manage(session, user(), person):
        raise NotFound(_("There is no such user."))
    return person


def _own_unit(session: Session, code: str) -> int:
    unit = session.scalar(select(Unit).where(Unit.code == code.strip()))
    if unit is None:
        raise EntryError(_("There is no unit with the code “%(code)s”.", code=code))
    if not access.may(session, user(), "user.manage", unit.id):
        raise NotAllowed(_("You have no right to do this here."), "user.manage")
    return unit.id


def _units(session: Session) -> Sequence[Unit]:
    mine = access.visible_units(session, user(), "administrator")
    query = select(Unit).where(Unit.id.in_(mine[:30000])).order_by(Unit.code).limit(MOST_UNITS)
    return session.scalars(query).all()


def _held(session: Session, person: User) -> list[tuple[Grant, str, str, str]]:
    found = []
    for held in users.grants_of(session, person.id):
        unit = session.get(Unit, held.unit_id)
        found.append(
            (
                held,
                role_names.title(held.role),
                say(unit.title) if unit else "",
                department_title(held.department),
            )
        )
    return found
