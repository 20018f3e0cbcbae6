"""The web application put together: the one place where site, pages and plugins' pages meet."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from runtime.settings import Settings, from_environment, secret_key
from runtime.site import Site, open_site
from runtime.web import (
    asking,
    behind,
    correct_one,
    correcting,
    faults,
    frame,
    moving,
    posting,
    present,
    proposing,
    sessions,
    visit,
    wire,
)
from runtime.web import jobs as job_pages
from runtime.web import upgrading as upgrade_pages
from runtime.web.account import account
from runtime.web.door import door
from runtime.web.imports import imports
from runtime.web.inbox import inbox
from runtime.web.jobs import jobs
from runtime.web.people import people
from runtime.web.recording import recording
from runtime.web.registers import registers
from runtime.web.several import several
from runtime.web.upgrading import upgrading
from runtime.web.visits import visits
from runtime.web.worth import worth

SESSION_LIFE = timedelta(hours=12)
LARGEST_POST = 20 * 1024 * 1024
"""Bytes; an attachment may be up to 10 MB."""
PAGES = (
    door,
    inbox,
    behind.with_behind,
    registers,
    correct_one.with_correction,
    recording,
    moving.moving,
    proposing.proposing,
    present.present,
    visit.visit,
    visits,
    several,
    account,
    people,
    jobs,
    imports,
    worth,
    upgrading,
)


def create_app(settings: Settings | None = None, *, site: Site | None = None) -> Flask:
    """The application for these settings (default: the environment's), or for a site that is open already."""
    site = site or open_site(settings or from_environment())
    app = Flask("runtime.web", static_folder="static", static_url_path="/static")
    _configure(app, site)
    app.extensions["yibiao"] = site
    posting.init_app(app)
    CSRFProtect(app)
    Htmx(app)
    for part in (
        sessions,
        asking,
        wire,
        frame,
        faults,
        job_pages,
        correcting,
        proposing,
        present,
        visit,
        moving,
        upgrade_pages,
    ):
        part.init_app(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    _add_plugins_pages(app, site)
    return app


def _configure(app: Flask, site: Site) -> None:
    secure = site.settings.secure_cookies
    app.config.update(
        SECRET_KEY=secret_key(site.settings),
        SESSION_COOKIE_NAME="__Host-yibiao" if secure else "yibiao",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        WTF_CSRF_FIELD_NAME="_csrf_token",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    if site.settings.proxies:
        n = site.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


def _add_plugins_pages(app: Flask, site: Site) -> None:
    """Pages of plugins; one that cannot be added is left out with the reason in its report."""
    for name, blueprint in list(site.plugins.ask("yibiao_blueprints")):
        try:
            app.register_blueprint(blueprint)
        except (ValueError, AssertionError) as error:
            site.plugins.leave_out(name, str(error))
