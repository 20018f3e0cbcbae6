"""A register changes under a report that is open, and last month's figures stand beside this month's."""

import pytest
from playwright.sync_api import expect

from runtime.app import create_app
from runtime.site import open_site
from tests.journeys.conftest import looks
from tests.rig.city import prepare, settings
from tests.web.learning import regrade

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180), pytest.mark.databases("sqlite")]
FORM = "disabled-persons/residents-monthly"
DEVICES, HOMES = "#c-services-devices__lent", "#c-services-home__adaptations"


@pytest.fixture
def site(prepared_database, fixed_now, tmp_path):
    return open_site(settings(prepared_database("city", prepare), tmp_path))


@pytest.fixture
def address(site, serve):
    return serve(create_app(site=site), site.close)


def fill_in(page, devices="3"):
    page.locator(DEVICES).fill(devices)
    page.locator(HOMES).fill("2")
    page.locator(".foot button[value=review]").first.click()
    page.wait_for_url("**/review")


def test_what_has_changed_is_told_and_taken_with_one_tap(sit_down, open_report, site, axe):
    page = sit_down()
    where = open_report(page, FORM)
    regrade(site)
    page.goto(where)
    expect(page.locator("#now")).to_contain_text("2 filled values have changed since.")
    expect(page.locator("#strip")).to_contain_text("2 to check")
    cell = page.locator("td.check").first
    expect(cell).to_contain_text("now")
    assert axe(page) == []
    page.locator(DEVICES).fill("6")  # not saved when the button is pressed
    page.locator("#strip [data-jump=check]").click()
    assert page.evaluate("document.activeElement.closest('td.check') !== null")
    cell.get_by_role("button", name="take").click()
    expect(page.get_by_text("The filled value is back.")).to_be_visible()
    assert page.locator(DEVICES).input_value() == "6"
    expect(page.locator("#strip")).to_contain_text("1 to check")
    page.get_by_role("button", name="Take all").click()
    expect(page.locator("td.check")).to_have_count(0)


def test_enter_in_a_cell_saves_and_takes_nothing(sit_down, open_report, site):
    page = sit_down()
    where = open_report(page, FORM)
    regrade(site)
    page.goto(where)
    expect(page.locator("#now")).to_contain_text("2 filled values have changed since.")
    page.locator(DEVICES).fill("6")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_in_viewport()
    assert page.evaluate("document.activeElement.id") == "next-go"
    expect(page.locator("#strip")).to_contain_text("2 to check")


def test_a_change_is_seen_before_the_report_goes_out(sit_down, open_report, site, axe):
    page = sit_down()
    open_report(page, FORM)
    fill_in(page)
    regrade(site)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("alert")).to_contain_text("Look at them first")
    expect(page.locator("#differences tbody tr")).to_have_count(2)
    assert axe(page) == []
    page.locator("#differences input[type=text], #differences .box input").first.fill("by hand")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text("since then the registers say")
    assert axe(page) == []


@pytest.mark.parametrize(("width", "language", "theme"), looks(1))
def test_last_month_stands_beside_the_box(sit_down, site, width, language, theme, address):
    page = sit_down(width=width, language=language, theme=theme)
    for period, devices in (("202609", "57"), ("202610", "570")):
        page.goto("/")
        begin(page, period)
        report = page.url
        fill_in(page, devices)
        if period == "202609":
            page.locator(".foot .button.first").click()
            page.wait_for_url("**/receipt")
    page.goto(report)
    box = page.locator(f"{DEVICES}-box")
    expect(box.locator(".was")).to_contain_text("57")
    expect(box.locator(".odd")).to_be_visible()
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def begin(page, period):
    """Begin the report of a month that the inbox may no longer show, as its button does."""
    page.evaluate(
        """([form, period]) => {
          const sent = document.querySelector("form[action='/entries/']").cloneNode(true);
          sent.querySelector("[name=form]").value = form;
          sent.querySelector("[name=period]").value = period;
          document.body.append(sent);
          sent.submit();
        }""",
        [f"https://yibiao.example/defs/forms/{FORM}.json", period],
    )
    page.wait_for_selector("#entry")
    page.wait_for_load_state()
