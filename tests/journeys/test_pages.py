"""Each page as it looks: axe finds nothing, nothing is wider than the window, nobody breaks the policy."""

import re

import pytest

from tests.journeys.conftest import WIDTHS, looks

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]

FORMS = (
    "disabled-persons/residents-monthly",
    "civil-affairs/children-in-difficulty-list",
    "fire-emergency/inspection-list",
    "market-regulation/food-venues-monthly",
    "housing/rented-homes-quarterly",
)
PAGES = {
    "chenwei": (
        "/",
        "/registers/",
        "/registers/resident",
        "/registers/resident/record",
        "/registers/activity/record",
        "/visits/",
        "/jobs/",
        "/account/",
        "/nowhere",
    ),
    "admin": ("/users/", "/users/1", "/worth"),
    "hejun": ("/imports/", "/proposals/"),
    "sunli": ("/builder/", "/builder/dictionary"),
}


SEEN = """e.checkVisibility() && !e.closest('.unseen') &&
  (!e.closest('thead') || getComputedStyle(e.closest('thead')).position != 'absolute')"""
BEYOND = f"""[...document.querySelectorAll('.sheet :is(a, button, input, select, textarea, th, td)')]
  .filter(e => {SEEN} && !e.closest('.scroll, .combo-list'))
  .filter(e => e.getBoundingClientRect().right > e.closest('.sheet').getBoundingClientRect().right + 1)
  .map(e => e.outerHTML.slice(0, 120))"""
"""What stands beyond the edge of its sheet and cannot be scrolled to."""
CRAMPED = f"""[...document.querySelectorAll('th, td')].filter(e => {SEEN} && e.childElementCount == 0)
  .filter(e => {{ const words = document.createRange(); words.selectNodeContents(e);
    return e.offsetWidth < 70 && words.getBoundingClientRect().height > 80 }})
  .map(e => e.outerHTML.slice(0, 120))"""
"""Columns a few letters wide."""
LOST = """[...document.querySelectorAll('.field, .box')].filter(e => e.parentElement.checkVisibility())
  .filter(e => getComputedStyle(e).display != 'none' && e.offsetHeight < 20).map(e => e.outerHTML.slice(0, 120))"""
"""Fields that are squeezed flat, and boxes without the control that belongs in them."""


def fits(page):
    """Nothing of the page is cut off, in any width."""
    page.wait_for_load_state("load")
    as_it_was = page.viewport_size
    for width in {as_it_was["width"], *WIDTHS}:
        page.set_viewport_size({**as_it_was, "width": width})
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} is {wide} pixels wider than the window of {width}"
        for wrong in (BEYOND, CRAMPED, LOST):
            assert page.evaluate(wrong) == [], f"{page.url} in a window of {width}"
    page.set_viewport_size(as_it_was)


def check(page, axe):
    fits(page)
    assert axe(page) == [], page.url


@pytest.mark.parametrize(
    ("turn", "form"), list(enumerate(FORMS)), ids=[form.rpartition("/")[2] for form in FORMS]
)
def test_reports(sit_down, open_report, axe, turn, form):
    for width, language, theme in looks(turn):
        page = sit_down(width=width, language=language, theme=theme)
        page.goto("/")
        if page.locator(f"form:has(input[value$='/{form}.json'])").count():
            where = open_report(page, form)
        page.goto(where)
        fits(page)
        control = page.locator("#entry input:not([type=hidden])").first
        control.focus()
        page.wait_for_timeout(400)
        check(page, axe)
        for more in ("/review", "/receipt", "/why", "/now"):
            page.goto(where + more)
            check(page, axe)


@pytest.mark.parametrize(("turn", "name"), list(enumerate(PAGES, 1)))
def test_other_pages(sit_down, axe, turn, name):
    for width, language, theme in looks(turn):
        page = sit_down(name, width=width, language=language, theme=theme)
        for path in PAGES[name]:
            page.goto(path)
            check(page, axe)


def test_the_door(new_page, address, axe):
    for width, language, theme in looks(5):
        page = new_page(base_url=address, width=width, language=language, theme=theme)
        page.goto("/sign-in")
        check(page, axe)
        page.locator("#name").fill("nobody")
        page.locator("#password").fill("wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector("#refused")
        check(page, axe)


def test_a_subjects_pages(sit_down, axe):
    page = sit_down(width=360)
    page.goto("/registers/resident")
    page.locator("main table a").first.click()
    page.wait_for_url(re.compile(r"/registers/resident/[^/]+$"))
    check(page, axe)
    subject = page.url
    page.get_by_role("link", name="Moved or left").click()
    page.wait_for_url("**/move")
    check(page, axe)
    page.goto(subject)
    for number in range(page.locator("main form[action='/entries/'] button").count()):
        page.goto(subject)
        page.locator("main form[action='/entries/'] button").nth(number).click()
        page.wait_for_selector("#entry")
        check(page, axe)
