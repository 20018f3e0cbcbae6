"""What several sub-commands need: the site of the environment, and things looked up by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.definitions import json
from runtime.errors import NotFound, OperatorError
from runtime.facts import units
from runtime.language import gettext as _
from runtime.settings import from_environment
from runtime.site import Site, open_site
from runtime.storage.migrate import require_current
from runtime.storage.tables import Unit


@cache
def this_site() -> Site:
    """The site that the environment describes."""
    return open_site(from_environment())


def close() -> None:
    """Let go of that site, if anything was asked of it."""
    if this_site.cache_info().currsize:
        this_site().close()
        this_site.cache_clear()


def opened() -> Site:
    """The site of the environment with its database, which must be there and up to date."""
    site = this_site()
    require_current(site.engine)
    return site


def unit_named(session: Session, code: str) -> Unit:
    """The unit with this code; raises `NotFound` with the code that looks most like it."""
    try:
        return units.by_code(session, code)
    except NotFound as error:
        raise missing(str(error), code, session.scalars(select(Unit.code))) from error


def read_json(file: Path) -> Any:
    """The JSON document of `file`, numbers exact; raises `OperatorError` with line and column."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except json.NotJson as error:
        text = _(
            "%(file)s, line %(line)s, column %(column)s: %(why)s",
            file=file,
            line=error.line,
            column=error.column,
            why=_not_json(error),
        )
        raise OperatorError(text) from error
    except UnicodeDecodeError as error:
        raise OperatorError(_("%(file)s is not a text file in UTF-8.", file=file)) from error


def _not_json(error: json.NotJson) -> str:
    if error.reason == "repeated":
        return _("the key “%(key)s” stands twice in one object.", key=error.detail)
    if error.reason == "deep":
        return _("it is nested deeper than %(n)s levels.", n=json.DEEPEST)
    return _("this is not JSON (%(why)s).", why=error.detail)


def missing(message: str, name: str, known: Iterable[str]) -> NotFound:
    """A `NotFound` of `message`, with the known name that looks most like `name`."""
    near = difflib.get_close_matches(name, list(known), 1, 0.5)
    hint = " " + _("Did you mean “%(near)s”?", near=near[0]) if near else ""
    return NotFound(message + hint)
