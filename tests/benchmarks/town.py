"""A site in a temporary folder with a form made to be measured, filled, and somebody signed in."""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from runtime.accounts import users
from runtime.app import create_app
from runtime.cli.site import settle
from runtime.definitions.address import BASE, SCHEMAS
from runtime.definitions.compile import compile_form
from runtime.definitions.json import dumps
from runtime.definitions.plan import Plan
from runtime.entry import apart, life, versions
from runtime.facts import units
from runtime.periods import Period
from runtime.settings import from_environment
from runtime.site import initialise, open_site
from runtime.storage.engine import reading, writing


def form(cells: int) -> dict[str, Any]:
    """A form as departments make them: sections of texts, numbers, dates, choices, with limits and required cells."""
    properties: dict[str, Any] = {}
    for n in range(cells):
        section = properties.setdefault(
            f"part{n // 20}",
            {"type": "object", "title": f"Part {n // 20 + 1}", "properties": {}, "required": []},
        )
        section["properties"][f"cell{n}"] = {
            "title": f"Question {n + 1}",
            **_KINDS[n % len(_KINDS)],
        }
        if n % 5 == 0:
            section["required"].append(f"cell{n}")
    return {
        "title": f"{cells} cells",
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


_KINDS: list[dict[str, Any]] = [
    {"type": "integer", "minimum": 0, "maximum": 100_000},
    {"type": "string", "maxLength": 80},
    {"type": "number", "minimum": 0},
    {"type": "string", "format": "date"},
    {"type": "string", "enum": ["none", "some", "all"]},
    {"type": "boolean"},
]
_VALUES: list[Any] = [214, "Lakeside", 3.5, "2026-10-31", "some", True]


def data(cells: int) -> dict[str, Any]:
    """Valid data for it, every cell filled."""
    found: dict[str, Any] = {}
    for n in range(cells):
        found.setdefault(f"part{n // 20}", {})[f"cell{n}"] = _VALUES[n % len(_VALUES)]
    return found


@dataclass
class Desk:
    """Somebody signed in, with an entry of that form open."""

    app: Flask
    browser: FlaskClient
    plan: Plan
    entry: str
    """The address of the entry's page."""

    def token(self) -> str:
        """What a form of this session must post."""
        page = self.browser.get(self.entry).text
        return page.partition('name="_csrf_token" value="')[2].partition('"')[0]

    def revision(self) -> str:
        """The revision that the page shows."""
        page = self.browser.get(self.entry).text
        return page.partition('name="_revision" value="')[2].partition('"')[0]


@contextmanager
def desk(cells: int) -> Iterator[Desk]:
    """A site of its own with one entry of `form(cells)`, filled, as staff see it."""
    with tempfile.TemporaryDirectory() as folder:
        site = open_site(from_environment({"YIBIAO_HOME": str(Path(folder) / "home")}))
        initialise(site)
        document = {
            "$schema": f"{SCHEMAS}form.json",
            "$id": f"{BASE}forms/civil-affairs/measured.json",
            "department": "civil-affairs",
            "frequency": "monthly",
            "level": ["community"],
            **form(cells),
        }
        plan = compile_form(document, library=site.library)
        october = Period.parse("202610")
        with writing(site.engine) as session:
            unit = units.add_unit(session, "9901", "community", {"en": "Lakeside"})
            user = users.create(session, "chenwei", "Chen Wei", "a lake at dawn 7")
            users.grant(session, user, "staff", unit.id)
            versions.publish_version(session, plan, dumps(document))
        entry_id = apart.start(site.engine, plan.address, unit.id, october, None, user.id)
        with writing(site.engine) as session:
            life.load(session, entry_id).data = data(cells)
        app = create_app(site=site)
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["user"] = [user.id, user.session_key]
        with reading(site.engine) as session:
            assert versions.latest(session, plan.address)
        settle()  # as `yibiao serve` does before it listens
        yield Desk(app, browser, plan, f"/entries/{entry_id}")
        gc.unfreeze()
        site.close()
