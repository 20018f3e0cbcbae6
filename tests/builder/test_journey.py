"""A designer's job in a real browser: look, change, publish, by keyboard; axe finds nothing on the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import looks
from tests.rig.browser import turn
from tests.rig.city import City, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
FORM = "/builder/forms/disabled-persons/residents-monthly/json"


@pytest.mark.full  # a quick run looks at each page in test_every_page
@pytest.mark.parametrize("path", ["/builder/", "/builder/dictionary", FORM])
def test_pages_look_right(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any, path: str
) -> None:
    address = serve(city.app)
    for width, language, theme in looks(len(path)):
        page = sit_down(new_page, address, width=width, language=language, theme=theme)
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        assert axe(page) == []


def test_a_change_is_seen_while_typing_and_published_by_keyboard(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto(FORM)
    text = page.locator("#text")
    before = text.input_value()
    text.focus()
    text.fill(before.replace('"2 Services this month"', '"2 Help given this month"'))
    page.wait_for_selector(".preview h2:has-text('2 Help given this month')")
    text.fill(before[:-20])
    page.wait_for_selector(".problems :text('JSON')")
    assert axe(page) == []
    text.fill(before.replace("Residents with disabilities, monthly", "Disability, monthly", 1))
    page.wait_for_selector(".problems .known")
    page.locator("#studio-bar a.first").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/publish")
    page.wait_for_selector("h1:has-text('Disability, monthly')")
    page.wait_for_selector("#axe-found .known", timeout=60_000)
    assert axe(page) == []
    page.locator("button[value=ask]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".tag:has-text('waits for a steward')")


def test_without_javascript_a_draft_is_kept(city: City, serve: Any, new_page: Any) -> None:
    page = sit_down(new_page, serve(city.app), javascript=False)
    page.goto(FORM)
    page.locator("#text").fill("{ half a form")
    turn(page.locator("button[value=keep]"))
    assert page.locator("#text").input_value() == "{ half a form"
    assert page.locator(".problems li").count() == 1
