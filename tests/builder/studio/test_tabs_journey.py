"""The tabs in a real browser: looked at in every width, language and theme; typed, pasted, previewed; two at once."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builder.studio.people import LI_NA, add_designer
from tests.builder.studio.test_together import STUDIO
from tests.journeys.conftest import looks
from tests.rig.city import City, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const told = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", told));
}"""
TABS = [
    "/json",
    "/history",
    "/translations",
    "/preview",
    "/preview?show=phone",
    "/preview?show=xlsx",
]


@pytest.mark.full  # a quick run looks at each page in test_every_page
@pytest.mark.parametrize("tab", TABS)
def test_tabs_look_right(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any, tab: str
) -> None:
    address = serve(city.app)
    for width, language, theme in [*looks(len(tab)), (768, "zh-CN", "dark")]:
        page = sit_down(new_page, address, width=width, language=language, theme=theme)
        page.goto(STUDIO + tab)
        page.wait_for_selector("#drawn.papers" if "xlsx" in tab else "#tab")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        assert axe(page) == []


def test_what_is_typed_is_saved_judged_and_led_to(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto(f"{STUDIO}/json")
    text = page.locator("#text")
    before = text.input_value()
    text.fill(before.replace('"monthly"', '"monthl"', 1))
    page.wait_for_selector("#places a:has-text('monthl')")
    page.locator("#places a:has-text('monthl')").focus()
    page.keyboard.press("Enter")
    picked = page.evaluate(
        "(() => { const t = document.activeElement; return t.value.slice(t.selectionStart, t.selectionEnd); })()"
    )
    assert picked == '"frequency": "monthl"'
    assert page.locator("#gutter b.ask").count() == 1
    page.keyboard.press("Delete")
    page.wait_for_selector("#waiting .waiting")
    assert axe(page) == []
    page.locator("nav.tabs a:has-text('Build')").click()
    page.wait_for_selector("#canvas .node")
    assert page.locator("#waiting .waiting").count() == 1
    page.locator("#waiting a").click()
    page.locator("#text").fill(before.replace('"DPF-07"', '"DPF-77"'))
    page.wait_for_selector(".problems .known")
    page.wait_for_selector("#waiting:not(:has(.waiting))", state="attached")
    page.locator("#studio-bar button[value=undo]").click()
    expect(page.locator("#text")).to_have_value(re.compile('monthl"'))


def test_the_grid_by_keyboard_and_by_paste(
    city: City, serve: Any, new_page: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto(f"{STUDIO}/translations")
    first = page.locator("textarea[data-language='zh-CN']").first
    first.fill("残疾人月报")
    page.keyboard.press("Enter")
    page.wait_for_selector("#spoken:has-text('残疾人月报')", state="attached")
    assert page.evaluate("document.activeElement.value") == "月末持证残疾人数及本月服务情况"
    page.keyboard.press("ArrowUp")
    page.evaluate(PASTE, "甲\n乙\n丙")
    page.wait_for_selector("#spoken:has-text('丙')", state="attached")
    page.reload()
    values = page.locator("textarea[data-language='zh-CN']")
    assert [values.nth(n).input_value() for n in range(3)] == ["甲", "乙", "丙"]


def test_the_preview_works_as_the_form_will(
    city: City, serve: Any, new_page: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto("/builder/forms/disabled-persons/needs-survey/preview?data=empty")
    inside = page.frame_locator("iframe.device")
    assert inside.locator("text=Services wanted").count() == 0
    inside.locator("[name='/needs/rehabilitation/wanted']").first.check()
    inside.locator("text=Services wanted").first.wait_for()
    page.locator("label.view:has-text('Phone')").click()
    page.wait_for_selector(".stage.phone iframe")
    assert page.locator("iframe.device").bounding_box()["width"] < 370


def test_two_designers_see_each_other_and_what_each_does(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any
) -> None:
    address = serve(city.app)
    one = sit_down(new_page, address)
    two = sit_down(new_page, address, add_designer(city))
    one.goto(STUDIO)
    two.goto(STUDIO)
    two.wait_for_selector("#here:has-text('Sun Li 孙丽 is here too')")
    one.locator("#canvas .node[data-key='remarks']").click()
    one.wait_for_selector("#panel h2:has-text('Remarks')")
    two.locator("#canvas .node[data-key='services'] > .node-head").click()
    two.keyboard.press("Enter")
    two.locator(".in-place").fill("2 Help given")
    two.keyboard.press("Enter")
    two.wait_for_selector("#canvas h2:has-text('2 Help given')")
    one.wait_for_selector(f"#here:has-text('{LI_NA} is here too')", timeout=25_000)
    one.wait_for_selector("#canvas h2:has-text('2 Help given')", timeout=25_000)
    assert LI_NA in one.locator("#spoken").inner_text()
    assert one.evaluate("document.activeElement.dataset.key") == "remarks"
    assert axe(one) == []
    one.goto(f"{STUDIO}/json")
    document = json.loads(one.locator("#text").input_value())
    assert document["layout"][1]["title"] == "2 Help given"
