"""A designer's way from the sheet to the form and the filled sheet, in a real browser; axe finds nothing."""

from __future__ import annotations

import io
import itertools
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.builder.excel.sheets.all import ALL
from tests.builder.excel.test_replacing import changed, draft_of
from tests.rig.browser import turn
from tests.rig.city import City, sit_down
from tests.rig.profiles import FULL_MATRIX

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
BY_NAME = {one.name: one for one in ALL}
LOOKS = tuple(itertools.product((1280, 768, 360), ("en", "zh-CN"), ("light", "dark")))


@pytest.fixture
def designer(city: City, serve: Any, new_page: Any) -> Any:
    """`designer(**options)`: a page on which the designer has signed in."""
    address = serve(city.app)

    def make(**options: Any) -> Any:
        return sit_down(new_page, address, **options)

    return make


def upload(page: Any, folder: Path, name: str) -> None:
    file = folder / "sheet.xlsx"
    file.write_bytes(BY_NAME[name].content())
    page.goto("/builder/excel/")
    page.locator("#file").set_input_files(file)
    page.locator("main button.first").click()
    page.wait_for_selector("#work")


def narrow(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_from_the_sheet_to_the_filled_sheet_in_less_than_three_minutes(
    designer: Any, tmp_path: Path, axe: Any, page_watch: Any
) -> None:
    begun = time.monotonic()
    page = designer()
    upload(page, tmp_path, "holders, three header rows")
    page.locator("#accept-all").click()
    page.wait_for_selector(".slot.accepted")
    page.locator("#name").fill("by-grade")
    page.locator("#make button.first").click()
    page.wait_for_selector("text=it may be published")
    assert axe(page) == []
    with page.expect_download() as waiting:
        page.locator("a[href$='sample.xlsx']").click()
    content = Path(waiting.value.path()).read_bytes()
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert isinstance(sheet["B6"].value, int)
    page.locator("main a.button.first").click()
    page.wait_for_selector("main h1")
    assert "by-grade" in page.url
    assert time.monotonic() - begun < 180


@pytest.mark.parametrize("at", range(4))
def test_pages_look_right(
    designer: Any, tmp_path: Path, axe: Any, page_watch: Any, at: int
) -> None:
    names = ("rented dwellings", "list of children", "one resident, filled", "several sheets")
    for width, language, theme in LOOKS[at::4] if FULL_MATRIX else LOOKS[at::12]:
        page = designer(width=width, language=language, theme=theme)
        page.goto("/builder/excel/")
        narrow(page)
        assert axe(page) == []
        upload(page, tmp_path, names[at])
        narrow(page)
        assert axe(page) == []
        page.locator(".slot").first.click()
        page.wait_for_selector(".slot[aria-current]")
        assert axe(page) == []
        page.locator("#name").fill(f"looks-{width}-{language.lower()[:2]}-{theme}")
        page.locator("#make button.first").click()
        page.wait_for_url("**/made")
        narrow(page)
        assert axe(page) == []


@pytest.mark.parametrize(
    ("width", "language", "theme"),
    [(1280, "en", "light"), (768, "zh-CN", "dark"), (360, "zh-CN", "light")],
)
def test_a_changed_draft_is_replaced_by_keyboard_and_comes_back(
    city: City,
    designer: Any,
    tmp_path: Path,
    axe: Any,
    page_watch: Any,
    width: int,
    language: str,
    theme: str,
) -> None:
    page = designer(width=width, language=language, theme=theme)
    upload(page, tmp_path, "holders, three header rows")
    page.locator("#name").fill("holders-test")
    page.locator("#make button.first").click()
    page.wait_for_url("**/made")
    changed(city.client("sunli"), "Only mine", city)
    page.locator("main .head a.button").first.click()
    page.locator("#make button.first").click()
    page.wait_for_selector("[name=seen]", state="attached")
    assert "Only mine" in page.locator(".lost").inner_text()
    narrow(page)
    assert axe(page) == []
    assert page.evaluate("document.activeElement.role") == "alert"
    for _tab in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "replace":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/made")
    turn(page.locator("main .head a.button.first"))
    page.wait_for_selector("#canvas")
    assert "description" not in draft_of(city)
    page.locator("#canvas [tabindex='0']").first.focus()
    page.keyboard.press("Control+z")
    page.wait_for_selector("#spoken:has-text('Only mine')", state="attached")
    assert draft_of(city)["description"] == "Only mine"


def test_all_of_it_by_keyboard(designer: Any, tmp_path: Path, page_watch: Any) -> None:
    page = designer()
    upload(page, tmp_path, "one resident")
    page.locator(".slot").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-title:has-text('B2')")
    page.keyboard.press("a")
    page.wait_for_selector(".slot.accepted")
    page.locator(".slot.sure").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.row") == "3"
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-title:has-text('D3')")
    page.keyboard.press("n")
    page.wait_for_selector(".slot.none")
    page.keyboard.press("/")
    page.keyboard.type("volunteer hours")
    page.wait_for_selector("#found button")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".slot.accepted:has-text('Hours of volunteering')")


def test_without_javascript_it_works_as_well(designer: Any, tmp_path: Path) -> None:
    page = designer(javascript=False)
    upload(page, tmp_path, "one resident")
    turn(page.locator(".slot").first)
    turn(page.locator("#do-own"))
    assert page.locator(".slot.own").count() == 2
    page.locator("#q").fill("marital")
    turn(page.locator("#panel [role=search] button"))
    turn(page.locator("#found button").first)
    assert "Marital status" in page.locator(".slot.accepted").first.inner_text()
    turn(page.locator("#accept-all"))
    page.locator("#name").fill("plain")
    turn(page.locator("#make button.first"))
    page.wait_for_selector("text=it may be published")
