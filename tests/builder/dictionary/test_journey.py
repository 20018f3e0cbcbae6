"""A steward's job in the dictionary, in a real browser: by keyboard, without scripts, on a phone; axe finds nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import looks
from tests.rig.browser import settled, turn
from tests.rig.city import City, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
HOME = "/builder/dictionary"
PHONE = f"{HOME}/registers/resident/phone"
ALONE = f"{HOME}/indicators/elderly/living_alone"


@pytest.mark.parametrize(
    "path",
    [
        f"{HOME}?q=phone",
        PHONE,
        f"{PHONE}/edit",
        f"{PHONE}/rename?name=telephone",
        f"{HOME}/registers/resident/-new",
        f"{ALONE}/edit",
        f"{HOME}/codes/disability-grade/-edit",
        f"{HOME}/alike",
        f"{HOME}/changes",
        f"{HOME}/registers/resident/-edit",
        f"{HOME}/registers/resident/-new?derived=1",
        f"{HOME}/registers/resident/age",
        f"{HOME}/registers/resident/age/edit",
    ],
)
def test_pages_look_right(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any, path: str
) -> None:
    address = serve(city.app)
    for width, language, theme in looks(len(path)):
        page = sit_down(new_page, address, "hejun", width=width, language=language, theme=theme)
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        assert axe(page) == []


def test_a_title_is_changed_by_keyboard_after_its_effects_were_seen_and_taken_back(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app), "hejun")
    page.goto(PHONE)
    page.get_by_role("link", name="Change", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/edit"))
    page.locator("[name=title]").fill("Contact number")
    page.locator("[name=title]").press("Enter")
    page.wait_for_selector(".effects")
    assert axe(page) == []
    page.locator(".effects button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Contact number')")
    assert (
        "changed the title of “Contact number”"
        in page.locator("#history").locator("..").locator("..").inner_text()
    )
    page.get_by_role("button", name="Take back").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Phone')")


def test_while_a_name_is_typed_what_is_there_is_shown(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app), "hejun", width=360)
    page.goto(f"{HOME}/registers/resident/-new")
    page.locator("[name=title]").press_sequentially("Telephone")
    page.wait_for_selector(".radar a:has-text('Phone')")
    assert "also called" in page.locator(".radar").inner_text()
    assert page.evaluate("document.activeElement.name") == "title"
    assert axe(page) == []


def test_a_condition_is_composed_in_place_and_focus_stays(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app), "hejun")
    page.goto(f"{ALONE}/edit")
    page.get_by_role("button", name="Add a condition").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[name='where.2.field']")
    settled(page)
    page.select_option("[name='where.2.field']", "sex")
    page.wait_for_selector("[name='where.2.test']")
    settled(page)
    page.select_option("[name='where.2.test']", "one-of")
    page.wait_for_selector("input[type=checkbox][name='where.2.value']")
    settled(page)
    page.locator("input[name='where.2.value']").first.check()
    page.locator("[name='where.0.value']").fill("65")
    assert axe(page) == []
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_selector(".effects")
    page.locator(".effects button").click()
    page.wait_for_selector("text=age is at least 65 years, lives alone is yes and sex is Male")


def test_without_scripts_a_condition_is_composed_as_well(
    city: City, serve: Any, new_page: Any
) -> None:
    page = sit_down(new_page, serve(city.app), "hejun", javascript=False)
    page.goto(f"{ALONE}/edit")
    turn(page.get_by_role("button", name="Add a condition").first)
    page.select_option("[name='where.2.field']", "sex")
    turn(page.get_by_role("button", name="Draw anew").first)
    page.select_option("[name='where.2.value']", "1")
    turn(page.get_by_role("button", name="Keep", exact=True))
    turn(page.locator(".effects button"))
    assert "sex is Male" in page.inner_text("main")


def test_a_merge_is_listed_first_and_done_on_a_phone(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app), "hejun", width=360)
    page.goto(f"{HOME}/codes/employment-status/-merge")
    page.select_option("[name=code]", "flexible")
    page.select_option("[name=into]", "self-employed")
    page.get_by_role("button", name="See what would change").click()
    page.wait_for_selector("#dry")
    assert axe(page) == []
    page.locator("#reason").fill("One kind of work")
    page.get_by_role("button", name="Do it").click()
    page.wait_for_selector("text=It is done")
    assert "merged the code flexible into self-employed" in page.inner_text("main")


def test_a_share_is_composed_by_keyboard_row_by_row(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app), "hejun")
    page.goto(f"{HOME}/indicators/elderly/-new")
    page.locator("[name=title]").fill("Share of something old")
    page.locator("#operation").select_option("of-figures.sum")
    page.wait_for_selector("#figure-2")
    settled(page)
    page.get_by_role("button", name="One more figure").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#figure-3")
    settled(page)
    page.get_by_role("button", name="Take figure 3 away").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#figure-3", state="detached")
    settled(page)
    page.locator("#operation").select_option("of-figures.percent")
    page.wait_for_selector("[aria-label^='The one']")
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    page.locator("#figure-1").select_option(index=1)
    page.locator("#figure-2").select_option(index=2)
    page.locator("#reason").fill("Asked for by the city")
    page.locator("#key").fill("share_old")
    page.locator("#steward").select_option("civil-affairs")
    page.locator("#reason").press("Enter")
    page.wait_for_url(lambda url: url.endswith("/share_old"))
    assert "in percent" in page.locator("dd.sentence").inner_text()


def test_a_derived_rule_shows_only_what_belongs_to_it(
    city: City, serve: Any, new_page: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app), "hejun", width=360)
    page.goto(f"{HOME}/registers/resident/-new?derived=1")
    way = page.locator("[name='rule.way']")
    way.select_option("compare")
    page.wait_for_selector("[name='rule.left']")
    page.wait_for_selector("[name='rule.field']", state="hidden")
    settled(page)
    way.select_option("days")
    page.wait_for_selector("[name='rule.field']")
    page.wait_for_selector("[name='rule.left']", state="hidden")
