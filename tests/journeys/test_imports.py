"""A sheet whose columns are not all clear: decided by one press, checked, and thrown away."""

import pytest

from tests.journeys.test_pages import check
from tests.rig.browser import turn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]

LIKELY = "残疾人姓名*,公民身份号码,残疾等级\n张三,110000197708060015,1级\n".encode()
OTHER = "办件编号,申请人姓名,救助项目\nA1,张三,低保\n".encode()


def upload(page, register, name, content):
    page.goto("/imports/")
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("#register").select_option(register)
    page.locator("form[enctype] button.first").click()
    page.wait_for_url("**/imports/*-*")


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_a_likely_column_and_a_wrong_register(sit_down, axe, width, theme):
    page = sit_down("hejun", width=width, theme=theme)
    upload(page, "equipment", "cases.csv", OTHER)
    check(page, axe)
    assert page.get_by_role("button", name="Check every row").count() == 0
    turn(page.get_by_role("link", name="Upload it there"))
    assert page.locator("#register").input_value() == "aid"
    upload(page, "resident", "people.csv", LIKELY)
    check(page, axe)
    page.get_by_role("button", name="Check every row").click()  # the browser waits for a choice
    assert page.locator("#column0:invalid").count() == 1
    page.get_by_role("button", name="Yes, Name").click()
    page.wait_for_selector("#column0:valid")
    assert page.locator("#column0").input_value() == "name"
    page.goto("/imports/")
    check(page, axe)
    page.get_by_role("button", name="Throw away: people.csv").click()
    page.get_by_text("The upload is thrown away.").wait_for()
    assert page.get_by_text("people.csv").count() == 0
