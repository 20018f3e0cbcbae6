"""From a draft to a version in a real browser: a designer asks, a steward admits, staff bring their draft along."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runtime import drafts
from runtime.api import form_address
from runtime.storage.engine import writing
from tests.rig.browser import turn
from tests.rig.city import City, sit_down
from tests.rig.profiles import FULL_MATRIX

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.databases("sqlite")]
FORM = "/builder/forms/disabled-persons/residents-monthly"
ADDRESS = form_address("disabled-persons/residents-monthly")
LOOKS = [("en", "light", 1280), ("zh-CN", "dark", 768), ("en", "dark", 360)]


def drafted(city: City) -> None:
    source = city.site.library.source(ADDRESS)
    services = source["properties"]["services"]
    inner = {k: v for k, v in services["properties"].items() if k != "home_adaptations"}
    inner["letters"] = {
        "title": "Letters written",
        "type": "integer",
        "minimum": 0,
        "translations": {"zh-CN": {"title": "代写信件"}},
    }
    layout = json.loads(json.dumps(source["layout"]).replace("home_adaptations", "letters"))
    changed = {**services, "properties": inner, "required": ["devices_lent"]}
    text = json.dumps(
        {**source, "properties": {**source["properties"], "services": changed}, "layout": layout},
        default=str,
    )
    with writing(city.site.engine) as session:
        drafts.keep(session, ADDRESS, text, 0, None)


def fits(page: Any) -> bool:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return bool(wide <= 0)


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS if FULL_MATRIX else LOOKS[1:2])
def test_asked_admitted_and_brought_along(
    city: City,
    serve: Any,
    new_page: Any,
    axe: Any,
    page_watch: Any,
    language: str,
    theme: str,
    width: int,
) -> None:
    address, look = serve(city.app), {"language": language, "theme": theme, "width": width}
    staff = sit_down(new_page, address, "chenwei", **look)
    staff.locator(f"form:has(input[value='{ADDRESS}']) button").first.click()
    staff.wait_for_selector("#entry")
    entry = staff.url
    staff.locator("[name='/services/home_adaptations']").fill("3")
    staff.locator("footer button[value=save]").click()
    staff.wait_for_load_state()

    drafted(city)
    designer = sit_down(new_page, address, "sunli", **look)
    designer.goto(f"{FORM}/publish")
    designer.wait_for_selector("#axe-found .tag", timeout=60_000)
    assert fits(designer)
    assert axe(designer) == []
    designer.locator("textarea[name=note]").fill("One cell for another")
    designer.locator("button[value=ask]").click()
    designer.wait_for_selector("button[value=withdraw]")

    steward = sit_down(new_page, address, "hejun", **look)
    steward.goto(f"{FORM}/publish")
    steward.wait_for_selector("#axe-found .tag", timeout=60_000)
    assert axe(steward) == []
    steward.locator("[name=unseen]").press("Space")
    steward.locator("button[value=admit]").focus()
    steward.keyboard.press("Enter")
    steward.wait_for_selector(".tag.known:has-text('2')")
    steward.goto("/builder/catalogue/")
    assert fits(steward)
    assert axe(steward) == []

    staff.goto(entry)
    assert axe(staff) == []
    staff.locator("#newer a").click()
    staff.wait_for_selector("#left")
    assert fits(staff)
    assert axe(staff) == []
    staff.locator("input[name=take_out]").check()
    staff.locator("form button.first").click()
    staff.wait_for_selector("[name='/services/letters']")
    assert staff.locator("#newer").count() == 0


def test_without_javascript_it_is_asked_and_admitted(city: City, serve: Any, new_page: Any) -> None:
    drafted(city)
    address = serve(city.app)
    designer = sit_down(new_page, address, "sunli", javascript=False)
    designer.goto(f"{FORM}/publish")
    turn(designer.locator("button[value=ask]"))
    steward = sit_down(new_page, address, "hejun", javascript=False)
    steward.goto(f"{FORM}/publish")
    steward.locator("textarea[name=reason]").fill("Two forms ask for it")
    turn(steward.locator("button[value=return]"))
    designer.goto(f"{FORM}/publish")
    assert "Two forms ask for it" in designer.locator("main").inner_text()
