"""A small sample city behind the whole application, for tests that go in by the front door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.testing import FlaskClient

from runtime import clock
from runtime.accounts import users
from runtime.demo.accounts import ACCOUNTS
from runtime.demo.city import build_city
from runtime.facts import units
from runtime.settings import Settings
from runtime.site import Site, initialise, open_site
from runtime.storage.engine import writing

if TYPE_CHECKING:
    from playwright.sync_api import Page

RESIDENTS = 240
PASSWORD = "open-the-door-1"
NOW = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


def settings(address: str, home: str | Path) -> Settings:
    """Settings of a site over the database at `address`."""
    return Settings(
        home=Path(home), database_url=address, secret_key="for tests only, not a secret"
    )


def prepare(address: str) -> None:
    """A site with every form published, a city of a few people, and one user for each role."""
    with clock.fixed(NOW):
        site = open_site(settings(address, "."))
        initialise(site)
        places = build_city(site.engine, site.library, RESIDENTS)
        with writing(site.engine) as session:
            for account in ACCOUNTS:
                user = users.create(session, account.name, account.full_name, PASSWORD)
                unit = units.by_code(session, account.unit(places).code)
                users.grant(session, user, account.role, unit.id, account.department)
        site.close()


@dataclass(frozen=True, slots=True)
class City:
    """The application over its own copy of the city; everybody's password is `PASSWORD`."""

    app: Flask
    site: Site

    def client(self, name: str = "", language: str = "en") -> FlaskClient:
        """A client without CSRF, signed in as `name` (empty: nobody), speaking `language`."""
        self.app.config["WTF_CSRF_ENABLED"] = False
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        if name:
            answer = client.post("/sign-in", data={"name": name, "password": PASSWORD})
            assert answer.status_code == 302, answer.text
        return client


def sit_down(
    new_page: Callable[..., Page], address: str, name: str = "sunli", **options: Any
) -> Page:
    """A page of a real browser on which that user of the city has signed in; `options` as those of `new_page`."""
    page = new_page(base_url=address, **options)
    page.goto("/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.first").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page
