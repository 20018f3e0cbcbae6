"""The studio of the builder: its first view and one edit with 200 cells, and one edit with 2,000."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient

from runtime.app import create_app
from runtime.definitions.address import form_address
from runtime.definitions.json import dumps
from runtime.drafts import keep
from runtime.site import open_site
from runtime.storage.engine import writing
from tests.benchmarks.measuring import Measure, milliseconds, percentile
from tests.rig.city import PASSWORD, prepare, settings

KINDS = ("string", "integer", "number", "boolean")
A_SECTION = 20


@dataclass(frozen=True)
class Studio:
    """A designer's browser before one form."""

    browser: FlaskClient
    address: str
    token: str


def measure() -> Iterator[Measure]:
    for size, opens, edits in ((200, "≤ 200", "≤ 50"), (2_000, "", "≤ 150")):
        with studio(size) as at:
            opened = milliseconds(lambda at=at, size=size: shown(at, size), times=10)
            yield Measure(f"builder.open{size}.ms", percentile(opened, 0.5), "ms", opens)
            turn = iter(range(10_000))
            edited = milliseconds(lambda at=at, turn=turn: edit(at, next(turn)), times=40)
            yield Measure(f"builder.edit{size}.ms", percentile(edited, 0.95), "ms", edits)


def form(size: int) -> dict[str, Any]:
    cells = {f"cell{n}": cell(n) for n in range(size)}
    return {
        "$schema": "https://yibiao.example/defs/schemas/form.json",
        "title": "A large form",
        "department": "disabled-persons",
        "frequency": "monthly",
        "level": ["community"],
        "type": "object",
        "properties": cells,
        "layout": [section(n, size) for n in range(0, size, A_SECTION)],
        "translations": {"zh-CN": {"title": "大表"}},
    }


def cell(n: int) -> dict[str, Any]:
    return {
        "title": f"Cell {n}",
        "type": KINDS[n % len(KINDS)],
        "translations": {"zh-CN": {"title": f"单元格{n}"}},
    }


def section(first: int, size: int) -> dict[str, Any]:
    cells = range(first, min(size, first + A_SECTION))
    return {
        "id": f"section-{first}",
        "kind": "section",
        "title": f"Section {first}",
        "items": [{"id": f"cell-{n}", "kind": "cell", "at": f"/cell{n}"} for n in cells],
        "translations": {"zh-CN": {"title": f"第{first}部分"}},
    }


@contextmanager
def studio(size: int) -> Iterator[Studio]:
    with TemporaryDirectory() as home:
        address = f"sqlite:///{home}/city.sqlite"
        prepare(address)
        site = open_site(settings(address, home))
        with writing(site.engine) as session:
            place = form_address("disabled-persons/large")
            keep(session, place, dumps(form(size), indent=2), 0, None)
        browser = create_app(site=site).test_client()
        token = signed_in(browser)
        yield Studio(browser, "/builder/forms/disabled-persons/large", token)
        site.close()


def signed_in(browser: FlaskClient) -> str:
    token = token_in(browser.get("/sign-in").text)
    data = {"name": "sunli", "password": PASSWORD, "_csrf_token": token}
    assert browser.post("/sign-in", data=data).status_code == 302
    return token_in(browser.get("/builder/").text)


def token_in(page: str) -> str:
    found = re.search(r'name="_csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def shown(at: Studio, size: int) -> None:
    page = at.browser.get(at.address)
    assert page.status_code == 200
    assert page.text.count('data-kind="cell"') == size


def edit(at: Studio, n: int) -> None:
    """A label changed in place, as htmx posts it; the answer holds the cell as it looks now."""
    text = f"Renamed {n}"
    answer = at.browser.post(
        f"{at.address}/steps",
        data={"do": "label", "at": f"cell-{n % 40 + 60}", "text": text},
        headers={"HX-Request": "true", "X-CSRFToken": at.token},
    )
    assert answer.status_code == 200, answer.text
    assert f">{text}</label>" in answer.text or f"<legend>{text}" in answer.text
