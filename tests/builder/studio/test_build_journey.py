"""The monthly report on disability built from nothing in a real browser, without a line of JSON, by keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.builder.admitting import admitted
from tests.journeys.conftest import FULL
from tests.rig.browser import turn
from tests.rig.city import City, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
LAKE = "9901010010001"
LOOKS = [(1280, "en", "light"), (768, "zh-CN", "dark")]
MORE = [(1280, "zh-CN", "dark"), (768, "en", "light"), (360, "en", "dark"), (360, "zh-CN", "light")]


class Keyboard:
    """A designer who has no pointer; begins once the page of a form is there and listens."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.wait_for_selector(".studio")
        page.wait_for_load_state()

    def press(self, *keys: str) -> None:
        for key in keys:
            with self.done():
                self.page.keyboard.press(key)

    @contextmanager
    def done(self) -> Iterator[None]:
        """What is pressed within is a step, and the page shows it afterwards."""
        before = self.page.evaluate("Number(document.querySelector('.studio').dataset.done ?? 0)")
        yield
        self.page.wait_for_selector(f".studio[data-done='{before + 1}']")

    def add(self, query: str) -> None:
        """`/`, some letters, down to the first that answers, Enter."""
        page = self.page
        page.keyboard.press("/")
        page.keyboard.press("Control+A")
        page.keyboard.type(query)
        page.keyboard.press("ArrowDown")
        page.wait_for_selector(f"#shelves[data-query='{query}']:not(.htmx-settling) .offer:focus")
        self.press("Enter")

    def label(self, text: str) -> None:
        """Enter opens the label in place, Enter again keeps it."""
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.press("Enter")

    def set(self, name: str, value: str) -> None:
        """By F6 into the properties, by Tab to the one, typed, Tab again."""
        self.page.keyboard.press("F6")
        here = "document.activeElement.name"
        for _turn in range(60):
            if self.page.evaluate(here) == name:
                break
            self.page.keyboard.press("Tab")
        assert self.page.evaluate(here) == name
        kind = self.page.evaluate("document.activeElement.type")
        with self.done():
            if kind == "checkbox":
                self.page.keyboard.press("Space")
            elif kind == "select-one":
                self.page.keyboard.type(value)
            else:
                self.page.keyboard.press("Control+A")
                self.page.keyboard.type(value)
            if kind != "checkbox":
                self.page.keyboard.press("Tab")
        self.page.keyboard.press("F6")


@pytest.mark.parametrize(("width", "language", "theme"), LOOKS)
def test_the_monthly_report_is_built_by_keyboard(
    city: City,
    serve: Any,
    new_page: Any,
    axe: Any,
    page_watch: Any,
    width: int,
    language: str,
    theme: str,
) -> None:
    page = sit_down(new_page, serve(city.app), width=width, language=language, theme=theme)
    page.goto("/builder/")
    page.locator("#new-department").select_option("disabled-persons")
    page.locator("form[action$='/forms'] input[name=name]").fill("disability-again")
    page.keyboard.press("Enter")
    page.wait_for_selector("#canvas .picked")
    hand = Keyboard(page)
    page.locator("#canvas .picked").focus()
    hand.label("Disability, monthly")
    hand.set("number", "DPF-77")
    hand.add("section")
    hand.label("1 Certificate holders by grade")
    hand.add("certificate holders by grade")
    assert page.locator("#canvas table.cross th").count() > 10
    hand.add("section")
    hand.label("2 Services this month")
    hand.add("columns")
    for query in ("holders visited", "care subsidies", "devices lent", "adaptations finished"):
        hand.add(query)
        if query == "devices lent":
            hand.set("needed", "")
    hand.add("long text")
    hand.label("Remarks")
    assert page.locator("#canvas .node.columns .node.cell").count() == 5
    hand.press("Alt+ArrowDown")
    assert page.locator("#canvas .node.columns .node.cell").count() == 4
    assert "“Remarks”" in page.locator("#spoken").inner_text()
    hand.press("Delete", "Control+z")
    assert page.locator("#canvas [data-title='Remarks']").count() == 1
    page.wait_for_selector("#problems :not(.tag:text('looking'))")
    assert page.locator("#problems .tag.ask").count() == 0
    assert axe(page) == []
    page.goto(f"{page.url.split('?')[0]}/json")
    assert '"needed"' not in page.locator("#text").input_value()
    assert '"DPF-77"' in page.locator("#text").input_value()
    page.close()
    admitted(city, "/builder/forms/disabled-persons/disability-again")
    shipped, built = (_reported(city, name) for name in ("residents-monthly", "disability-again"))
    assert built["holders"] == shipped["holders"]
    assert built["visited"] == shipped["services"]["visited"]
    assert built["care_subsidies"] == shipped["services"]["care_subsidies"]


def _reported(city: City, name: str) -> dict[str, Any]:
    """The data of a community's report as staff open it; its Excel holds each figure of the table."""
    staff = city.client("chenwei")
    form = f"https://yibiao.example/defs/forms/disabled-persons/{name}.json"
    answer = staff.post("/entries/", data={"form": form, "unit": LAKE, "period": "202610"})
    assert answer.status_code == 303, answer.text
    kept = json.loads(staff.get(f"{answer.location}/download/json").text)
    book = load_workbook(BytesIO(staff.get(f"{answer.location}/download/xlsx").data))
    shown = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    found: dict[str, Any] = kept["data"]
    assert {n for line in found["holders"].values() for n in _numbers(line)} <= set(shown)
    assert staff.get(f"{answer.location}/download/pdf").data.startswith(b"%PDF")
    return found


def _numbers(value: Any) -> list[int]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in _numbers(inner)]
    return [value]


@pytest.mark.full  # a quick run looks at each page in test_every_page
@pytest.mark.parametrize("path", ["residents-monthly", "needs-survey"])
def test_the_studio_looks_right(
    city: City, serve: Any, new_page: Any, axe: Any, page_watch: Any, path: str
) -> None:
    address = serve(city.app)
    for width, language, theme in LOOKS + (MORE if FULL else []):
        page = sit_down(new_page, address, width=width, language=language, theme=theme)
        page.goto(f"/builder/forms/disabled-persons/{path}")
        page.wait_for_selector("#canvas .node")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert axe(page) == []


def test_without_javascript_a_part_is_added_and_changed(
    city: City, serve: Any, new_page: Any
) -> None:
    page = sit_down(new_page, serve(city.app), javascript=False)
    page.goto("/builder/forms/disabled-persons/residents-monthly?at=services")
    turn(page.locator("button[value='part:note']"))
    assert page.locator(".news").first.inner_text() == "put “Note” on the form"
    page.locator("textarea[name='text.en']").fill("Count each loan once.")
    turn(page.locator(".properties button"))
    assert page.locator("#canvas .note.label").inner_text() == "Count each loan once."
    turn(page.locator("button[value=undo]"))
    assert page.locator("#canvas .note.label").inner_text() == "Note"


def test_by_pointer_a_part_is_dragged_and_a_field_is_dropped(
    city: City, serve: Any, new_page: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto("/builder/forms/disabled-persons/residents-monthly?at=services")
    hand = Keyboard(page)
    order = "[...document.querySelectorAll('#canvas .columns .cell')].map((n) => n.dataset.key)"
    first, second = page.evaluate(order)[:2]
    with hand.done():
        page.drag_and_drop(
            f"[data-key='{second}']", f"[data-key='{first}']", target_position={"x": 20, "y": 8}
        )
    assert page.evaluate(order)[:2] == [second, first]
    page.locator("#find").fill("long text")
    page.wait_for_selector(".offer[value='type:long-text']")
    with hand.done():
        page.drag_and_drop(".offer[value='type:long-text']", "[data-key='services'] > .node-head")
    assert page.locator("[data-key='services'] [data-key='long-text']").count() == 1
    page.locator("[data-key='long-text']").dblclick()
    page.locator(".in-place").fill("Story of the month")
    with hand.done():
        page.keyboard.press("Enter")
    assert page.locator("[data-title='Story of the month']").count() == 1
