"""What a view asks of the request: the site, a session of the database, who is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, session, url_for
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, defer
from werkzeug.wrappers import Response

from runtime.accounts import access, users
from runtime.accounts.roles import roles_for
from runtime.errors import NotAllowed, NotFound
from runtime.language import gettext as _
from runtime.site import Site
from runtime.storage.engine import once, reading, writing
from runtime.storage.tables import Entry, FormVersion, Grant, User

View = TypeVar("View", bound=Callable[..., Any])
READING = ("GET", "HEAD")
"""The methods that only look: a HEAD is answered as its GET would be, without the body."""

_NUMBER = re.compile("[0-9]{1,9}")


def site() -> Site:
    """The site that answers this request."""
    return cast("Site", current_app.extensions["yibiao"])


def db() -> Session:
    """This request's session to read with; it sees one moment of the database."""
    if "reading" not in g:
        g.reading_context = reading(site().engine)
        g.reading = g.reading_context.__enter__()
    return cast("Session", g.reading)


@contextmanager
def writes() -> Iterator[Session]:
    """A session to write with; what was read before it is read anew afterwards."""
    let_go()
    with writing(site().engine) as session_:
        yield session_


def let_go(_error: BaseException | None = None) -> None:
    """End this request's reading session, if it has one."""
    context = g.pop("reading_context", None)
    g.pop("reading", None)
    if context is not None:
        context.__exit__(None, None, None)


def signed_in() -> User | None:
    """Who is signed in; None when nobody is."""
    if "user" not in g:
        told = session.get("user")
        g.user = users.of_session(db(), *told) if told else None
    return cast("User | None", g.user)


def user() -> User:
    """Who is signed in, in a view that needs somebody."""
    found = signed_in()
    if found is None:
        raise NotFound(_("Nobody is signed in."))
    return found


def grants() -> list[Grant]:
    """The roles of who is signed in."""
    if "grants" not in g:
        found = signed_in()
        g.grants = list(users.grants_of(db(), found.id)) if found else []
    return cast("list[Grant]", g.grants)


def roles() -> frozenset[str]:
    """The names of those roles."""
    return frozenset(grant.role for grant in grants())


def whole_number(text: str) -> int | None:
    """The number that a request names; None where it names none, or one that no row can have."""
    return int(text) if _NUMBER.fullmatch(text) else None


def needs_user(view: View) -> View:
    """A view for who is signed in: others are sent to sign in, and come back."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if signed_in() else to_sign_in()

    guarded.guard = "user"  # type: ignore[attr-defined]
    return cast("View", guarded)


def needs(action: str) -> Callable[[View], View]:
    """A view for who may do `action` anywhere; the view itself asks again for the row concerned."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if signed_in() is None:
                return to_sign_in()
            if not roles() & set(roles_for(action)):
                raise NotAllowed(_("You have no right to do this here."), action)
            return view(*args, **kwargs)

        guarded.guard = action  # type: ignore[attr-defined]
        return cast("View", guarded)

    return guard


def open_entry(entry_id: str, action: str = "entry.read") -> Entry:
    """The entry, if whoever is signed in may do `action` with it. Raises `NotFound` or `NotAllowed`."""
    found = db().execute(_ENTRY, {"entry": entry_id}).first()
    if found is None:
        raise NotFound(_("There is no such entry."))
    entry: Entry = found[0]
    department = once(db(), _key(entry), lambda: found[1]).department
    fillers = set(roles_for(action)) <= set(roles_for("entry.read"))
    if not (fillers and access.may(db(), user(), action, entry.unit_id, department)):
        access.require_entry(db(), user(), entry, action)
    return entry


def version_of(entry: Entry) -> FormVersion:
    """The form version that an entry answers, without its long texts."""
    found = once(
        db(), _key(entry), lambda: db().get(FormVersion, entry.form_version_id, options=_WITHOUT)
    )
    if found is None:
        raise NotFound(_("There is no such entry."))
    return found


def _key(entry: Entry) -> tuple[str, int]:
    return "version", entry.form_version_id


_WITHOUT = (defer(FormVersion.plan), defer(FormVersion.source))
_ENTRY = (
    select(Entry, FormVersion)
    .join(FormVersion, FormVersion.id == Entry.form_version_id)
    .where(Entry.id == bindparam("entry"))
    .options(*_WITHOUT)
)
"""An entry and its version at once, put together once for all that is asked of entries."""


def to_sign_in() -> Response:
    """The way to the sign-in page and, from there, back."""
    if request.headers.get("HX-Request"):
        return Response(_("You are signed out."), 401, mimetype="text/plain")
    back = request.full_path.rstrip("?") if request.method in READING else "/"
    return redirect(url_for("door.sign_in", next=None if back == "/" else back))


def notice() -> None:
    """Let the request see the dictionary as it is now; who asks for a file of the site's own needs none."""
    if request.endpoint and not request.endpoint.endswith("static"):
        site().notice(db())


def init_app(app: Flask) -> None:
    """Let the request begin with the dictionary of now, and its reading session end with it."""
    app.before_request(notice)
    app.teardown_appcontext(let_go)
