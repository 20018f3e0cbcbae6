"""The first form of the README, as it is told there: from a title to the inbox, without JSON, in five minutes."""

import time

import pytest
from playwright.sync_api import expect

from tests.builder.studio.test_build_journey import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180), pytest.mark.databases("sqlite")]
TITLE = "Holders by grade, monthly"


def test_from_a_title_to_the_inbox(sit_down):
    begun = time.monotonic()
    designer = sit_down("sunli")
    designer.get_by_role("link", name="Forms", exact=True).click()
    designer.get_by_label("Title", exact=True).fill(TITLE)
    designer.get_by_role("button", name="Begin").click()
    hand = Keyboard(designer)
    for query in ("certificate holders by grade", "long text"):
        designer.locator("#canvas .picked").focus()
        designer.keyboard.press("/")
        designer.keyboard.press("Control+A")
        designer.keyboard.type(query)
        designer.keyboard.press("Enter")  # to the first that answers
        designer.wait_for_selector(".offer:focus")
        hand.press("Enter")
    designer.get_by_role("link", name="Preview").click()
    expect(designer.locator("iframe")).to_be_visible()
    designer.get_by_role("link", name="Publish…").click()
    form = designer.url
    designer.get_by_role("button", name="Ask for admission").click()
    expect(designer.get_by_role("button", name="Withdraw")).to_be_visible()
    steward = sit_down("hejun")
    steward.goto(form)
    steward.get_by_label("Admit it without").check()  # nothing makes papers in the background here
    steward.get_by_role("button", name="Admit", exact=True).click()
    expect(steward.get_by_text("version 1").first).to_be_visible()
    staff = sit_down("chenwei")
    staff.locator("form", has=staff.get_by_text(TITLE)).locator("button").first.click()
    staff.wait_for_selector("#entry")
    expect(staff.locator("h1")).to_contain_text(TITLE)
    assert staff.locator("#entry .known, #entry output").count() > 4
    assert time.monotonic() - begun < 300
