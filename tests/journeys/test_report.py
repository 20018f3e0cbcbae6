"""A report from the inbox to the receipt, as people do it."""

import re

import pytest
from playwright.sync_api import expect

from tests.rig.browser import turn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180), pytest.mark.databases("sqlite")]
FORM = "disabled-persons/residents-monthly"
DEVICES, HOMES = "#c-services-devices__lent", "#c-services-home__adaptations"


@pytest.mark.databases(quick=["sqlite"])
def test_from_the_inbox_to_the_receipt(sit_down, open_report):
    go_to_the_receipt(sit_down, open_report, javascript=True)


def test_from_the_inbox_to_the_receipt_without_scripts(sit_down, open_report):
    go_to_the_receipt(sit_down, open_report, javascript=False)


def go_to_the_receipt(sit_down, open_report, javascript):
    page = sit_down(javascript=javascript, accept_downloads=True)
    open_report(page, FORM)
    page.locator(DEVICES).fill("abc")
    page.locator(HOMES).fill("2")
    if javascript:
        page.locator(HOMES).blur()
        page.wait_for_selector(f"{DEVICES}[aria-invalid=true]")
        expect(page.locator("#saved")).to_contain_text("09:30")
    else:
        turn(page.get_by_role("button", name="Save", exact=True).last)
        assert page.locator("#problems").evaluate("e => e === document.activeElement")
    assert page.locator(DEVICES).input_value() == "abc"
    assert "is not a number" in page.locator(f"{DEVICES}-says").inner_text()
    page.locator(DEVICES).fill("3")
    if javascript:
        page.locator(DEVICES).blur()
        page.get_by_role("button", name="Review →").wait_for()
    page.locator(".foot button[value=review]").first.click()
    page.wait_for_url("**/review")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/receipt")
    assert re.search(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", page.inner_text("main"))
    for name in ("PDF", "Excel"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=name).first.click()
        assert coming.value.path().stat().st_size > 1000


def test_by_keyboard_alone(sit_down, open_report):
    page = sit_down()
    open_report(page, FORM)
    page.locator("table.cross input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    here = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert here.startswith("Grade 2")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Grade 3")
    for typed in ("4", "1"):
        go_to(page, "a[data-jump=ask].button")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.closest('.ask') !== null")
        page.keyboard.type(typed)
        with page.expect_response("**/check"):
            page.keyboard.press("Tab")
        page.wait_for_timeout(150)
    go_to(page, ".foot button[value=review]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review")
    go_to(page, ".foot .button.first")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")


def test_after_a_save_few_keys_lead_to_the_receipt(sit_down, open_report):
    page = sit_down()
    open_report(page, FORM)
    assert page.locator("#entry .says > a:not([tabindex='-1'])").count() == 0
    for box, typed in ((DEVICES, "3"), (HOMES, "1")):
        page.locator(box).fill(typed)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "next-go"
    page.keyboard.press("Enter")
    page.wait_for_url("**/review")
    assert steps_to(page, "a.skip") == 1
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "submit-go"
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")


def steps_to(page, selector):
    """How many times Tab is pressed until the element has the focus."""
    for step in range(100):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return step
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never came to {selector}")


def go_to(page, selector):
    """Tab until the element has the focus."""
    for _step in range(200):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never came to {selector}")


def test_a_block_is_pasted_from_a_spreadsheet(sit_down, open_report):
    page = sit_down()
    open_report(page, FORM)
    first = page.locator("table.cross input").first
    first.focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "11\\t12\\n21\\t22\\n");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    rows = page.locator("table.cross tbody tr")
    assert [rows.nth(n).locator("input").nth(m).input_value() for n in (0, 1) for m in (0, 1)] == [
        "11", "12", "21", "22",
    ]  # fmt: skip
    row = rows.first.locator("input")
    whole = sum(int(row.nth(n).input_value()) for n in range(row.count()))
    assert whole >= 23
    expect(page.locator("#c-holders-1-total-total-value")).to_have_text(str(whole))
    assert page.locator("#reasons input").count() == 4


def test_a_changed_figure_asks_why_and_the_panel_tells(sit_down, open_report):
    page = sit_down()
    open_report(page, FORM)
    cell = page.locator("table.cross input").first
    cell.focus()
    page.get_by_text("Counted from").wait_for()
    cell.fill("99")
    cell.blur()
    reason = page.locator("#reasons input")
    reason.fill("two moved in late")
    reason.blur()
    expect(page.locator("#saved")).to_contain_text("09:30")
    page.reload()
    assert page.locator("#reasons input").input_value() == "two moved in late"


def test_the_filled_value_is_put_back_in_one_tap(sit_down, open_report):
    page = sit_down()
    open_report(page, FORM)
    cell, other = page.locator("table.cross input").first, page.locator(DEVICES)
    filled = cell.input_value()
    cell.fill("99")
    cell.blur()
    page.locator("#reasons input").wait_for()
    expect(page.locator("#saved")).to_contain_text("09:30")
    other.fill("7")  # not yet saved when the button is pressed
    cell.focus()
    page.get_by_role("button", name=f"Put back {filled}").click()
    expect(page.get_by_text("The filled value is back.")).to_be_visible()
    assert (cell.input_value(), other.input_value()) == (filled, "7")
    expect(page.locator("#reasons input")).to_have_count(0)


def test_what_clashes_is_not_lost_when_the_report_is_filled_again(sit_down, open_report):
    one, two = sit_down(), sit_down()
    where = open_report(one, FORM)
    two.goto(where)
    one.locator(DEVICES).fill("3")
    with one.expect_response("**/draft"):
        one.locator(DEVICES).blur()
    two.locator(DEVICES).fill("8")
    two.get_by_role("button", name="Fill again").click()
    expect(two.get_by_role("button", name="Compare")).to_be_focused()
    assert two.locator(DEVICES).input_value() == "8"


def test_a_report_is_filled_again_unless_something_is_wrong_on_it(sit_down, open_report):
    page = sit_down()
    open_report(page, FORM)
    other = page.locator(DEVICES)
    other.fill("seven")
    page.get_by_role("button", name="Fill again").click()
    expect(other).to_be_focused()
    assert other.input_value() == "seven"
    other.fill("7")
    page.get_by_role("button", name="Fill again").click()
    expect(page.get_by_text("Filled anew from the registers")).to_be_visible()
    assert other.input_value() == "7"


def test_what_the_page_asks_for_by_itself_does_not_tell_that_a_save_is_done(sit_down, open_report):
    page = sit_down()
    open_report(page, FORM)
    told = "new CustomEvent('yibiao:told', {bubbles: true, detail: {cells: {}, focus: ''}})"

    def meanwhile(route):
        page.evaluate(f"document.getElementById('now').dispatchEvent({told})")
        route.continue_()

    page.route("**/draft", meanwhile)
    other = page.locator(DEVICES)
    other.fill("seven")
    page.get_by_role("button", name="Fill again").click()
    expect(other).to_be_focused()
    assert other.input_value() == "seven"


def test_parts_appear_and_rows_come_and_go(sit_down, open_report):
    page = sit_down()
    open_report(page, "fire-emergency/inspection-list")
    add = page.locator("button[value='add /inspections']")
    expect(add).to_be_visible()
    rows = page.locator("[id^='c-inspections-'][id$='-row']")
    there = rows.count()
    add.click()
    row = page.locator(f"#c-inspections-{there}-row")
    row.wait_for()
    expect(row.locator(":focus")).to_have_count(1)
    row.locator("button[value^='remove']").click()
    row.wait_for(state="detached")
    inspected(page, "0")
    add.wait_for(state="detached")
    expect(page.locator("#c-reason")).to_be_visible()


def test_what_is_typed_while_a_row_comes_is_not_lost(sit_down, open_report):
    page = sit_down()
    open_report(page, "fire-emergency/inspection-list")
    page.evaluate(
        """document.querySelector("button[value='add /inspections']").addEventListener("click", () => {
          document.addEventListener("htmx:oobAfterSwap", () => {
            const box = document.querySelector("form#entry input[name='/inspected']");
            box.value = "0";
            box.dispatchEvent(new Event("change", {bubbles: true}));
          }, {once: true});
        })"""
    )
    page.locator("button[value='add /inspections']").click()
    expect(page.locator("#c-reason")).to_be_visible()


def test_what_is_changed_before_the_scripts_came_counts_too(sit_down, open_report):
    page = sit_down()
    page.route("**/entry.js*", lambda route: (page.wait_for_timeout(1000), route.continue_()))
    page.add_init_script(
        """addEventListener("readystatechange", () => {
          if (document.readyState === "interactive") {
            const box = document.querySelector("form#entry input[name='/inspected']");
            if (!box) return;
            box.value = "0";
            for (const kind of ["input", "change"]) box.dispatchEvent(new Event(kind, {bubbles: true}));
          }
        }, true);"""
    )
    open_report(page, "fire-emergency/inspection-list")
    expect(page.locator("#c-reason")).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("09:30")


def test_an_empty_row_is_to_type_and_not_wrong(sit_down, open_report):
    page = sit_down()
    open_report(page, "fire-emergency/inspection-list")
    inspected(page, "2")
    page.locator("button[value='add /team']").click()
    name = page.locator("input[name='/team/0']")
    name.wait_for()
    page.locator("textarea").first.fill("nothing special")
    page.keyboard.press("Tab")
    page.wait_for_timeout(500)
    expect(page.locator("td.wrong, .field.wrong")).to_have_count(0)
    expect(name).not_to_have_attribute("aria-invalid", "true")


def test_two_windows_of_one_report(sit_down, open_report):
    one, two = sit_down(), sit_down()
    where = open_report(one, FORM)
    two.goto(where)
    for page, typed in ((one, "3"), (two, "8")):
        page.locator(DEVICES).fill(typed)
        page.locator(DEVICES).blur()
        with page.expect_response("**/draft"):
            page.wait_for_timeout(10)
    two.get_by_role("button", name="Compare").click()
    expect(two.locator("main")).to_contain_text("Nothing is lost")
    two.get_by_role("radio", name="In this window").check()
    two.get_by_role("button", name="Save these").click()
    two.wait_for_selector("#entry")
    assert two.locator(DEVICES).input_value() == "8"


def test_an_ended_session_is_told_where_one_types(sit_down, open_report):
    page = sit_down()
    open_report(page, FORM)
    page.context.clear_cookies()
    page.locator(DEVICES).fill("4")
    page.locator(DEVICES).blur()
    expect(page.locator("#saved")).to_contain_text("session has ended. Press Save")
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator("main")).to_contain_text("Nothing is lost")
    assert page.locator("[name='/services/devices_lent']").get_attribute("value") == "4"


def inspected(page, number):
    """Say in how many venues inspections were made."""
    box = page.locator("input[name='/inspected']")
    box.fill(number)
    with page.expect_response("**/check"):
        box.blur()
