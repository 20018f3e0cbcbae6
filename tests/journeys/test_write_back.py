"""On a doorstep, by telephone: one correction, and two departments' reports say so; old facts in one tap."""

import re

import pytest
from playwright.sync_api import expect

from runtime.app import create_app
from runtime.facts.changes import Step
from runtime.facts.proposals import Origin, propose
from runtime.site import open_site
from runtime.storage.engine import writing
from runtime.storage.tables import Subject
from tests.journeys.test_pages import check
from tests.rig.city import NOW, prepare, settings
from tests.rig.family import move_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]
SUBJECT = "/registers/resident/family-gu-lan"
CIVIL, FEDERATION = "civil-affairs/low-income-monthly", "disabled-persons/residents-monthly"
CELLS = {CIVIL: "/recipients/disabled_persons", FEDERATION: "/holders/2/60-/2"}
PHONE = {"width": 360, "height": 740, "has_touch": True}


@pytest.fixture
def address(prepared_database, fixed_now, tmp_path, serve):
    site = open_site(settings(prepared_database("city", prepare), tmp_path))
    subject_id = move_in(site)[1]
    with writing(site.engine) as session:
        subject = session.get(Subject, subject_id)
        step = Step(subject_id=subject_id, values={"education": "10"}, effective=NOW.date())
        propose(
            session, site.register("resident"), step, department="civil-affairs",
            known=subject.document, unit_id=subject.unit_id, origin=Origin(),
        )  # fmt: skip
    return serve(create_app(site=site), site.close)


def figure(page, report, cell):
    """What the report says in that cell, and why."""
    page.goto(f"{report}/why?cell={cell}")
    number = re.sub(r"\D", "", page.locator(".why .big").inner_text())
    return int(number or 0), page.locator("main").inner_text()


@pytest.mark.databases(quick=["sqlite"])
def test_one_correction_changes_two_departments_reports(sit_down, open_report, axe):
    page = sit_down(**PHONE)
    reports = {form: open_report(page, form).partition("#")[0] for form in CELLS}
    before = {form: figure(page, reports[form], CELLS[form])[0] for form in CELLS}
    page.goto(SUBJECT)
    check(page, axe)
    page.locator("summary", has_text="fields are not known").tap()
    check(page, axe)
    page.get_by_role("link", name="Disability grade: enter").tap()
    page.wait_for_url("**/correct/disability_grade")
    check(page, axe)
    page.get_by_role("radio", name="Grade 2").check()
    page.get_by_label("So since").fill("2026-10-15")
    page.get_by_label("How do you know?").fill("saw the certificate")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Disability grade: corrected")).to_be_visible()
    for form, report in reports.items():
        page.goto(f"{report}/why")
        page.get_by_role("button", name="Fill again").tap()
        page.wait_for_selector("#entry")
        now, why = figure(page, report, CELLS[form])
        assert now == before[form] + 1, form
        assert "Chen Wei" in why, form
        assert "15 Oct" in why, form


@pytest.mark.databases(quick=["sqlite"])
def test_four_old_facts_are_confirmed_in_one_tap(sit_down, axe):
    page = sit_down(**PHONE)
    page.goto("/visits/")
    check(page, axe)
    page.goto(SUBJECT)
    expect(page.locator("#check li")).to_have_count(4)
    page.get_by_role("button", name="All still correct").tap()
    expect(page.get_by_text("4 facts are confirmed.")).to_be_visible()
    expect(page.locator("#check")).to_contain_text("Nothing here has grown old")
    check(page, axe)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visit_asks_first_what_is_missing_or_old(sit_down, axe, javascript):
    page = sit_down(javascript=javascript, **PHONE)
    page.goto(SUBJECT)
    page.locator("button", has_text="Visit to a veteran").click()
    page.wait_for_selector("#visit")
    if javascript:
        check(page, axe)
    page.locator("#visit li a", has_text="Phone").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#c-veteran-phone")
    asked = page.locator("#visit > ul > li")
    count = asked.count()
    page.get_by_role("button", name="Phone: still correct").tap()
    expect(page.get_by_text("1 fact is confirmed.")).to_be_visible()
    expect(asked).to_have_count(count - 1)
    page.get_by_role("button", name="All still correct").tap()
    expect(page.get_by_text("facts are confirmed.")).to_be_visible()
    assert page.locator("#visit .old").count() == 0
    expect(page.locator("#visit")).to_contain_text("facts were said or confirmed today")
    expect(page.get_by_role("button", name="All still correct")).to_have_count(0)


def test_what_is_typed_in_a_visit_is_not_lost_by_a_tap(sit_down):
    page = sit_down(**PHONE)
    page.goto(SUBJECT)
    page.locator("button", has_text="Visit to a veteran").click()
    page.wait_for_selector("#visit")
    remarks = page.get_by_label("Remarks")
    remarks.fill("the lift is broken")
    page.get_by_role("button", name="Phone: still correct").click()
    expect(page.get_by_text("1 fact is confirmed.")).to_be_visible()
    expect(remarks).to_have_value("the lift is broken")


def test_a_steward_decides_on_a_page_that_axe_finds_nothing_on(sit_down, axe):
    steward = sit_down("hejun", width=360, language="zh-CN", theme="dark")
    steward.goto("/proposals/")
    expect(steward.locator("h2")).to_contain_text("顾兰")
    check(steward, axe)
    steward.get_by_role("button", name="采纳", exact=True).click()
    expect(steward.get_by_text("没有待处理的事项")).to_be_visible()
    steward.goto("/proposals/?decided=1")
    check(steward, axe)
