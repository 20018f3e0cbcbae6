"""A form of what others' schemas hold is filled in a real browser: with scripts and without, by keyboard alone."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from runtime.app import create_app
from runtime.site import open_site
from runtime.storage.engine import reading
from runtime.storage.tables import Entry
from tests.journeys.conftest import looks
from tests.rig.browser import turn
from tests.rig.city import prepare, settings
from tests.web.foreign import FORM, publish_foreign

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180), pytest.mark.databases("sqlite")]


@pytest.fixture
def site(prepared_database, fixed_now, tmp_path):
    found = open_site(settings(prepared_database("city", prepare), tmp_path))
    publish_foreign(found)
    return found


@pytest.fixture
def address(site, serve):
    return serve(create_app(site=site), site.close)


def kept(site):
    """The data of the report, as they were saved."""
    with reading(site.engine) as session:
        return session.scalars(select(Entry).order_by(Entry.revision.desc())).first().data


def named(page, name):
    return page.locator(f"[name='{name}']")


def saved(page):
    expect(page.locator("#saved")).to_contain_text("Saved")


@pytest.mark.parametrize(("width", "language", "theme"), looks(2))
def test_it_is_filled_by_keyboard(sit_down, open_report, site, axe, width, language, theme):
    page = sit_down(width=width, language=language, theme=theme)
    where = open_report(page, FORM)
    named(page, "/lines#names").focus()
    page.keyboard.type("desk")
    page.keyboard.press("Enter")
    expect(named(page, "/lines/desk")).to_be_focused()
    page.keyboard.type("010-1234")
    named(page, "/rooms#names").focus()
    page.keyboard.type("A12")
    page.keyboard.press("Enter")
    expect(named(page, "/rooms/A12/seats")).to_be_focused()
    page.keyboard.type("40")
    named(page, "/rooms/A12/opens#type").first.focus()
    page.keyboard.press("Space")
    expect(named(page, "/rooms/A12/opens")).to_be_visible()
    named(page, "/place/1").focus()
    page.keyboard.type("39.9")
    page.locator("button[value='add /place']").focus()
    page.keyboard.press("Enter")
    expect(named(page, "/place/2")).to_be_focused()
    page.keyboard.type("behind the gate")
    named(page, "/posts#names").focus()
    page.keyboard.type("north")
    page.keyboard.press("Enter")
    named(page, "/posts/north#names").focus()
    page.keyboard.type("gate")
    page.keyboard.press("Enter")
    expect(named(page, "/posts/north/gate/duty")).to_be_focused()
    page.keyboard.type("guard")
    page.keyboard.press("Tab")
    assert axe(page) == []
    page.locator(".foot button[value=save]").first.click()
    page.wait_for_load_state("load")
    assert kept(site) == {
        "lines": {"desk": "010-1234"},
        "rooms": {"A12": {"seats": 40}},
        "place": [None, Decimal("39.9"), "behind the gate"],
        "posts": {"north": {"gate": {"duty": "guard"}}},
    }
    page.goto(where)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_name_is_typed_anew_while_its_value_is_typed(sit_down, open_report, site):
    page = sit_down()
    open_report(page, FORM)
    for name, number in (("desk", "010-1234"), ("gate", "010-5678")):
        named(page, "/lines#names").fill(name)
        page.keyboard.press("Enter")
        expect(named(page, f"/lines/{name}")).to_be_focused()
        page.keyboard.type(number)
    named(page, "/lines/desk#name").fill("front desk")
    page.keyboard.press("Tab")  # into the number, where one goes on typing while the name is saved
    page.keyboard.press("End")
    page.keyboard.type("-9")
    expect(named(page, "/lines/front desk")).to_be_focused(timeout=10_000)
    expect(named(page, "/lines/front desk")).to_have_value("010-1234-9")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("Saved", timeout=10_000)
    page.wait_for_timeout(2500)
    assert kept(site)["lines"] == {"front desk": "010-1234-9", "gate": "010-5678"}
    named(page, "/lines/gate#name").fill("front desk")
    page.keyboard.press("Enter")
    said = page.get_by_text("There is “front desk” already; type another name.")
    expect(said).to_be_visible(timeout=10_000)
    assert named(page, "/lines/gate#name").input_value() == "front desk"
    assert list(kept(site)["lines"]) == ["front desk", "gate"]


def test_without_scripts(sit_down, open_report, site):
    page = sit_down(javascript=False)
    open_report(page, FORM)
    named(page, "/lines#names").fill("desk")
    turn(page.locator("button[value='add /lines#names']"))
    named(page, "/lines/desk").fill("010-1234")
    named(page, "/lines/desk#name").fill("前台")
    named(page, "/rooms#names").fill("hall")
    turn(page.locator(".foot button[value=save]").first)
    expect(page.locator("#problems")).to_contain_text("“hall” does not fit the pattern")
    assert named(page, "/rooms#names").input_value() == "hall"
    assert kept(site)["lines"] == {"前台": "010-1234"}
    named(page, "/rooms#names").fill("A1")
    turn(page.locator("button[value='remove /lines/前台']"))
    assert kept(site) == {"lines": {}, "rooms": {"A1": {}}}
    page.locator("button[value='add /lines#names']").click()
    expect(page.locator("#problems")).to_contain_text("Type the name of the new row first.")
