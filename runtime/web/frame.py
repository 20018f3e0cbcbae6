"""The frame around every page: language, navigation, who is signed in. Not for any one page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date, format_time
from flask import Flask, g, request, url_for
from werkzeug.routing import BuildError

from runtime import clock, language
from runtime.accounts.roles import roles_for
from runtime.facts import units
from runtime.fields.measured import unit_after
from runtime.language import LANGUAGES, gettext, ngettext, say
from runtime.web.asking import READING, db, grants, roles, signed_in, site

COOKIE = "language"
_LOCALES = {"en": "en_GB", "zh-CN": "zh_CN"}
ROLES_OF_STAFF = ("staff", "reviewer")
INBOX = "inbox.home"


def init_app(app: Flask) -> None:
    """Put a language in force for each request, and give the templates what the frame needs."""
    app.before_request(choose_language)
    app.jinja_env.globals.update(
        _=gettext,
        ngettext=ngettext,
        say=say,
        languages=LANGUAGES,
        language=language.current,
        signed_in=signed_in,
        roles=roles,
        places=places,
        unit_name=unit_name,
        day=day,
        clock_time=clock_time,
        moment=moment,
        here=here,
        iso_day=date.fromisoformat,
        unit_after=unit_after,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def choose_language() -> None:
    """The user's own language, else the one last chosen in this browser, else the browser's."""
    if request.endpoint and request.endpoint.endswith("static"):
        return
    found = signed_in()
    chosen = (found.language if found else "") or request.cookies.get(COOKIE, "")
    if chosen not in LANGUAGES:
        chosen = _accepted()
    language.use(chosen)


def _accepted() -> str:
    for tag, _quality in request.accept_languages:
        if tag.lower().startswith("zh"):
            return "zh-CN"
        if tag.lower().startswith("en"):
            return "en"
    return language.SOURCE


def places() -> list[tuple[str, str, bool]]:
    """The places of the top bar that this user may go to: title, address, and whether it is here."""
    found = []
    for title, endpoint in _open_places():
        try:
            found.append((title, url_for(endpoint), endpoint))
        except BuildError:
            continue
    now = _place_of(request.endpoint or "", [endpoint for _title, _address, endpoint in found])
    now = now or _place_above(
        request.path, [(address, endpoint) for _t, address, endpoint in found]
    )
    return [(title, address, endpoint == now) for title, address, endpoint in found]


def _open_places() -> Iterator[tuple[str, str]]:
    own = [
        (gettext("Inbox"), INBOX, ROLES_OF_STAFF),
        (gettext("Registers"), "registers.index", ("staff",)),
        (gettext("Import"), "imports.index", roles_for("register.import")),
        (gettext("Visits"), "visits.index", ("staff",)),
        (gettext("Proposals"), "proposing.index", ("steward",)),
        (gettext("What it spares"), "worth.show", ("reviewer", "designer", "administrator")),
        (gettext("Users"), "people.index", ("administrator",)),
    ]
    held = roles()
    yield from ((title, endpoint) for title, endpoint, wanted in own if held & set(wanted))
    for place in site().navigation:
        if not place.roles or held & set(place.roles):
            yield say(place.title), place.endpoint


def _place_of(endpoint: str, places: list[str]) -> str:
    """The place that a page belongs to: the page itself, else the first of its blueprint.

    Entries are the inbox's, and what is corrected of a subject the registers'.
    """
    blueprint = endpoint.rpartition(".")[0]
    if blueprint in ("entry", "several"):
        return INBOX
    if blueprint == "correcting":
        blueprint = "registers"
    near = (one for one in places if blueprint and one.rpartition(".")[0] == blueprint)
    return endpoint if endpoint in places else next(near, "")


def _place_above(path: str, places: list[tuple[str, str]]) -> str:
    """The place under whose address a page stands, the nearest: pages of a plugin come from several blueprints."""
    above = [
        one for one in places if one[0].endswith("/") and path.startswith(one[0]) and one[0] != "/"
    ]
    return max(above, key=lambda one: len(one[0]), default=("", ""))[1]


def unit_name() -> str:
    """The unit that the user's first role is for, to be told in the top bar."""
    if "unit_name" not in g:
        held = grants()
        g.unit_name = say(units.get(db(), held[0].unit_id).title) if held else ""
    return str(g.unit_name)


def here() -> str:
    """This page's own address, to come back to."""
    return request.full_path.rstrip("?") if request.method in READING else request.path


def local(address: str | None) -> str:
    """`address` if it leads to a page of this site, else the inbox."""
    parts = urlsplit(address or "")
    safe = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return (address or "/") if safe and not parts.path.startswith("//") and "\\" not in parts.path else "/"  # fmt: skip


def locale() -> str:
    """Babel's name of the language in force."""
    return _LOCALES[language.current()]


def day(value: Any, form: str = "medium") -> str:
    """A calendar day in words; without its year when it is of this one."""
    if value is None:
        return ""
    if value.year == clock.today().year and form == "short":
        return format_date(value, "d MMM" if language.current() == "en" else "M月d日", locale())
    return format_date(value, "medium" if form == "short" else form, locale())


def clock_time(value: datetime) -> str:
    """The time of day of a moment, where the site is."""
    return format_time(value.astimezone(), "HH:mm", locale=locale())


def moment(value: datetime | None) -> str:
    """Day and time of a moment, where the site is."""
    if value is None:
        return ""
    local_time = value.astimezone()
    return f"{format_date(local_time, 'medium', locale())} {local_time:%H:%M}"
