"""Pages for what goes wrong: each says what happened, that nothing is lost, and what to do next."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, make_response, render_template, request
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from runtime.accounts.roles import roles_for, title, words
from runtime.errors import (
    DefinitionError,
    EntryError,
    NotAllowed,
    NotFound,
    OperatorError,
    PluginError,
    YibiaoError,
)
from runtime.language import gettext as _
from runtime.web.asking import let_go, roles

log = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[YibiaoError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (EntryError, 400),
    (OperatorError, 503),
    (DefinitionError, 500),
    (PluginError, 500),
    (YibiaoError, 500),
)


def init_app(app: Flask) -> None:
    """Answer errors with pages of our own."""
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(YibiaoError, ours)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(DataError, no_text)
    app.register_error_handler(Exception, unexpected)
    app.jinja_env.globals["token"] = token


def token() -> Markup:
    """The hidden input that proves that a form is of this site."""
    return Markup('<input type="hidden" name="_csrf_token" value="{}">').format(generate_csrf())


def expired(_error: CSRFError) -> Response:
    """The session is over, or the token is of another: all that was typed is kept, to be sent again."""
    sent = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name != "_csrf_token" and "password" not in name
    ]
    return _page("expired.html", 400, sent=sent, address=request.full_path.rstrip("?"))


def ours(error: YibiaoError) -> Response:
    """An error with a sentence of its own."""
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    if status >= 500:
        log.error("%s", error, exc_info=error)
    refused = _refused(error.action) if isinstance(error, NotAllowed) else None
    return _page("fault.html", status, words=str(error), refused=refused)


def _refused(action: str) -> dict[str, Any]:
    """What was refused to whom, so that the right can be asked for by its name; and where they came from."""
    allowed = [title(role) for role in roles_for(action)] if action else []
    return {
        "address": request.path,
        "right": words(action) if action else "",
        "allowed": allowed,
        "own": sorted(title(role) for role in roles()),
        "back": _back(),
    }


def _back() -> str:
    """The page of ours from which somebody came, "" where that is not known or is this one."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or came.path == request.path:
        return ""
    return came.path + (f"?{came.query}" if came.query else "")


def http(error: HTTPException) -> Any:
    """An error of HTTP, in words."""
    if error.code is None or error.code < 400:
        return error
    return _page("fault.html", error.code, words=_words(error.code))


def no_text(error: DataError) -> Response:
    """A text that the database takes none of: PostgreSQL keeps no U+0000, and looks for none."""
    log.warning("refused by the database: %s %s: %s", request.method, request.path, error.orig)
    let_go()
    words = _(
        "What was sent is too long, or holds a sign that stands for no letter (U+0000). Nothing was changed;"
        " go back and take it out."
    )
    return _page("fault.html", 400, words=words)


def unexpected(error: Exception) -> Response:
    """A mistake of ours: logged, and told without details."""
    log.error("unexpected: %s %s", request.method, request.path, exc_info=error)
    return _page("fault.html", InternalServerError.code or 500, words=_words(500))


def _words(code: int) -> str:
    return {
        400: _("The browser sent something that cannot be understood."),
        404: _("There is no such page. It may have moved, or the address was cut short."),
        405: _("This page cannot be asked for in this way."),
        413: _("What was sent is too large. An attachment may have up to 10 MB."),
        500: _("Something went wrong on our side; it has been noted. What was saved is safe."),
    }.get(code, _("This did not work."))


def _page(template: str, status: int, **given: Any) -> Response:
    headers = {"HX-Reswap": "none"} if request.headers.get("HX-Request") else {}
    return make_response(render_template(template, status=status, **given), status, headers)
