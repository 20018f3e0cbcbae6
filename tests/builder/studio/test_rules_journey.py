"""Conditions, fills and a cross-table composed in a real browser, by pointer, by keyboard and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builder.studio.test_build_journey import LOOKS, MORE, Keyboard
from tests.journeys.conftest import FULL
from tests.rig.browser import settled, turn
from tests.rig.city import City, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
NEEDS = "/builder/forms/disabled-persons/needs-survey"
MONTHLY = "/builder/forms/disabled-persons/residents-monthly"
GUARDIAN = "[data-key='guardian-name']"


def open_tool(page: Any, tool: str) -> None:
    page.locator(f"#tool-{tool}").click()
    page.wait_for_selector("#bench")
    page.wait_for_selector("#bench-title:focus")


def redrawn(page: Any) -> Any:
    """What is done within only draws the bench anew."""
    return page.expect_response(lambda answer: "hx-retarget" in answer.headers)


def guardian(page: Any) -> str:
    """The key of a cell that hangs on nothing yet."""
    found = page.locator(
        ".node.cell[data-title='Guardian'], .node.cell[data-title='监护人姓名']"
    ).first
    return str(found.get_attribute("data-key"))


@pytest.mark.parametrize("look", LOOKS + MORE if FULL else LOOKS[:1], ids=str)
def test_a_condition_is_composed_by_pointer(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any, look: tuple[int, str, str]
) -> None:
    width, language, theme = look
    page = sit_down(new_page, serve(city.app), width=width, language=language, theme=theme)
    page.goto(NEEDS)
    page.goto(f"{NEEDS}?at={guardian(page)}")
    hand = Keyboard(page)
    open_tool(page, "shown")
    assert axe(page) == []
    with redrawn(page):
        page.locator("[id='rule.more']").click()
    settled(page)
    with redrawn(page):
        page.locator("[name='rule.0.field']").select_option("living/living_alone")
    settled(page)
    page.locator("#keep").click()
    page.wait_for_selector("#bench .says.wrong")
    assert axe(page) == []
    settled(page)
    page.locator("[name='rule.0.value']").select_option("true")
    with hand.done():
        page.locator("#keep").click()
    spoken = page.locator("#spoken").inner_text()
    assert ("is shown when lives alone is yes" in spoken) or ("独居为是" in spoken)
    assert page.locator(".node.picked .hint").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.goto(f"{NEEDS}/rules?kind=shown")
    assert page.locator(".rule").count() == 10
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe(page) == []


def tab_to(page: Any, selector: str) -> None:
    for _turn in range(80):
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(selector)


def test_a_condition_is_composed_by_keyboard(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto(NEEDS)
    page.goto(f"{NEEDS}?at={guardian(page)}")
    hand = Keyboard(page)
    page.locator("#tool-needed").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#bench-title:focus")
    tab_to(page, "[id='rule.more']")
    with redrawn(page):
        page.keyboard.press("Enter")
    settled(page)
    page.wait_for_selector("[id='rule.more']:focus")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    tab_to(page, "[name='rule.0.field']")
    with redrawn(page):
        page.keyboard.type("Lives alone")
    settled(page)
    page.wait_for_selector("[name='rule.0.field']:focus")
    tab_to(page, "[name='rule.0.value']")
    page.keyboard.type("yes")
    with hand.done():
        page.keyboard.press("Tab")
        tab_to(page, "#keep")
        page.keyboard.press("Enter")
    assert "is needed only when lives alone is yes" in page.locator("#spoken").inner_text()
    page.wait_for_selector(".node.picked:focus")
    hand.press("Control+z")
    assert "no longer needed under a condition" in page.locator("#spoken").inner_text()


@pytest.mark.parametrize("look", LOOKS + MORE if FULL else LOOKS[1:], ids=str)
def test_a_cross_table_of_ones_own(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any, look: tuple[int, str, str]
) -> None:
    width, language, theme = look
    page = sit_down(new_page, serve(city.app), width=width, language=language, theme=theme)
    page.goto(MONTHLY)
    hand = Keyboard(page)
    with hand.done():
        page.locator("button.offer[value='part:crossTable']").click()
    open_tool(page, "headings")
    for axis, title in (("columns", "Floor area"), ("rows", "Vacant")):
        page.locator(f"#h-new-{axis}").fill(title)
        with hand.done():
            page.locator(f"#h-add-{axis}").click()
    with hand.done():
        page.locator("#h-total-rows").click()
    with hand.done():
        page.locator("#h-merge-columns-0").click()
    with hand.done():
        page.locator("#h-in-columns-1").click()
    page.locator("#h-columns-0-en").fill("Rented")
    page.locator("#h-columns-0-zh-CN").fill("出租")
    with hand.done():
        page.keyboard.press("Enter")
    table = page.locator(".node.picked table.cross")
    head = table.locator("thead th[colspan='2']").inner_text()
    assert head.strip() in ("Rented", "出租")
    assert table.locator("tbody tr").count() == 4
    assert page.locator("#problems .tag.ask").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe(page) == []


@pytest.mark.parametrize("look", LOOKS + MORE if FULL else LOOKS[:1], ids=str)
def test_a_list_is_filled_from_a_register(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any, look: tuple[int, str, str]
) -> None:
    width, language, theme = look
    page = sit_down(new_page, serve(city.app), width=width, language=language, theme=theme)
    page.goto(MONTHLY)
    hand = Keyboard(page)
    with hand.done():
        page.locator("button.offer[value='part:rows']").click()
    open_tool(page, "filled")
    with redrawn(page):
        page.locator("#f-way").select_option("list")
    settled(page)
    with redrawn(page):
        page.locator("#f-register").select_option("resident")
    settled(page)
    with redrawn(page):
        page.locator("[id='rule.more']").click()
    settled(page)
    with redrawn(page):
        page.locator("[name='rule.0.field']").select_option("age")
    settled(page)
    page.locator("[name='rule.0.value']").fill("80")
    page.locator("#f-order-0").select_option("name")
    assert axe(page) == []
    with hand.done():
        page.locator("#keep").click()
    said = page.locator(".rules-of-part").inner_text()
    assert "age is at least 80" in said or "80" in said
    page.locator("#find").fill("resident identity")
    place = "field:https://yibiao.example/defs/dictionary/resident.json#/properties/name"
    page.locator("#find").fill("name" if language == "en" else "姓名")
    page.wait_for_selector(f".offer[value='{place}']")
    with hand.done():
        page.locator(f".offer[value='{place}']").click()
    assert page.locator("#problems .tag.ask").count() == 0
    page.goto(f"{MONTHLY}/rules?kind=filled")
    assert page.locator(".rule").count() == 1
    assert axe(page) == []


def test_without_javascript_a_condition_is_composed(city: City, serve: Any, new_page: Any) -> None:
    page = sit_down(new_page, serve(city.app), javascript=False)
    page.goto(NEEDS)
    page.goto(f"{NEEDS}?at={guardian(page)}")
    turn(page.locator("#tool-shown"))
    turn(page.locator("[id='rule.more']"))
    page.locator("[name='rule.0.field']").select_option("living/living_alone")
    turn(page.locator("#keep"))
    assert page.locator("#bench .says.wrong").count() > 0
    page.locator("[name='rule.0.value']").select_option("true")
    turn(page.locator("#keep"))
    assert "is shown when lives alone is yes" in page.locator(".news").first.inner_text()
