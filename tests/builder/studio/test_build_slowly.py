"""A designer who goes on before the server has answered loses neither the focus nor what was set."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rig.city import City, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
PLACE = "/builder/forms/disabled-persons/residents-monthly"


class Answers:
    """The answers to steps, held back until they are let go."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.held: list[Any] = []
        page.route("**/steps", self.hold)

    def hold(self, route: Any) -> None:
        self.held.append(route)

    def wait(self) -> None:
        """Until one is held."""
        while not self.held:
            self.page.wait_for_timeout(20)

    def release(self) -> None:
        self.wait()
        self.held.pop(0).continue_()

    def done(self, count: int) -> None:
        self.page.wait_for_selector(f".studio[data-done='{count}']")


def test_who_types_in_the_search_while_steps_wait_keeps_the_focus(
    city: City, serve: Any, new_page: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto(f"{PLACE}?at=services")
    page.wait_for_selector(".properties [name='title.en']")
    answers = Answers(page)
    page.locator("[name='title.en']").fill("2 Help this month")
    page.locator("[name='title.zh-CN']").fill("二、本月帮助")
    page.locator("#find").click()
    answers.wait()
    page.keyboard.type("ce")
    answers.release()
    answers.done(1)
    page.keyboard.type("rt")
    answers.release()
    answers.done(2)
    page.keyboard.type("if")
    assert page.locator("#find").input_value() == "certif"


def test_who_picks_another_part_while_steps_wait_loses_nothing(
    city: City, serve: Any, new_page: Any, page_watch: Any
) -> None:
    page = sit_down(new_page, serve(city.app))
    page.goto(PLACE)
    page.wait_for_selector(".properties [name='number']")
    answers = Answers(page)
    page.locator("[name='number']").fill("DPF-90")
    page.locator("[name='legalBasis.en']").fill("By the law of 2026")
    page.locator("#canvas [data-key='remarks']").click()
    answers.release()
    answers.done(1)
    answers.release()
    answers.done(2)
    page.wait_for_selector(".properties input[name=at][value=remarks]", state="attached")
    assert page.locator("#canvas .picked").get_attribute("data-key") == "remarks"
    assert page.locator("#panel-title").inner_text() == "Remarks"
    page.locator("[name='title.en']").fill("What else")
    page.locator("[name='help.en']").click()
    answers.release()
    answers.done(3)
    page.unroute("**/steps")
    page.goto(f"{PLACE}/json")
    for said in ('"DPF-90"', '"By the law of 2026"', '"What else"'):
        assert said in page.locator("#text").input_value()
