"""A designer's way through the list, an import and an export in a real browser; axe finds nothing on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builder.exchange.sheets import read_sheets, write_sheets
from tests.builder.exchange.field import FORMS
from tests.rig.city import City, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
EXPORT = "/builder/forms/disabled-persons/residents-monthly/export"


def _is_sound(page: Any, axe: Any) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert axe(page) == []


@pytest.mark.parametrize(
    ("width", "language", "theme"),
    [(1280, "en", "light"), (768, "zh-CN", "dark"), (360, "zh-CN", "light")],
)
def test_in_by_a_file_and_out_again(
    city: City,
    serve: Any,
    new_page: Any,
    axe: Any,
    page_watch: Any,
    tmp_path: Path,
    width: int,
    language: str,
    theme: str,
) -> None:
    file = tmp_path / "visit.xlsx"
    file.write_bytes(write_sheets(FORMS["household-visit"]))
    page = sit_down(new_page, serve(city.app), width=width, language=language, theme=theme)
    page.goto("/builder/")
    _is_sound(page, axe)
    page.locator(".head a[href='/builder/import']").click()
    page.wait_for_url("**/builder/import")
    _is_sound(page, axe)
    page.set_input_files("#file", str(file))
    page.select_option("#department", "disabled-persons")
    page.locator("main button.first").press("Enter")
    page.wait_for_selector(".report")
    _is_sound(page, axe)
    page.locator("button[value=keep]").press("Enter")
    page.wait_for_url("**/disabled-persons/household-visit")
    page.goto("/builder/forms/disabled-persons/household-visit/export")
    _is_sound(page, axe)
    with page.expect_download() as got:
        page.locator("a[href$='as=xlsx']").click()
    assert read_sheets("x.xlsx", Path(got.value.path()).read_bytes()) == FORMS["household-visit"]


def test_the_list_answers_while_typing_and_without_javascript(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    address = serve(city.app)
    page = sit_down(new_page, address)
    page.goto("/builder/")
    before = page.locator(".forms tbody tr").count()
    page.locator("#q").press_sequentially("cjr")
    page.wait_for_url("**q=cjr**")
    page.locator("#list [role=status]").wait_for()
    assert page.locator(".forms tbody tr").count() < before
    assert page.evaluate("document.activeElement.id") == "q"
    _is_sound(page, axe)
    plain = sit_down(new_page, address, javascript=False)
    plain.goto("/builder/?sort=burden")
    assert plain.locator(".forms tbody tr").count() == before
    plain.locator(".forms input[type=checkbox]").first.check()
    with plain.expect_download() as got:
        plain.locator("button[form=set]").click()
    assert got.value.suggested_filename == "forms.zip"


def test_a_form_begins_as_a_copy_by_keyboard(
    city: City, serve: Any, new_page: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto("/builder/?q=DPF-12")
    page.locator('a[href*="copy="]').last.press("Enter")
    page.wait_for_url("**copy=**")
    assert page.locator("#new-copy").input_value() == "disabled-persons/needs-survey"
    page.locator("#new-name").fill("needs-again")
    page.locator("#new-name").press("Enter")
    page.wait_for_url("**/disabled-persons/needs-again")
