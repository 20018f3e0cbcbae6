"""An answer that was asked for by a script does not put an older session back."""

import pytest

pytestmark = pytest.mark.databases("sqlite")
SCRIPT = ({"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"})


@pytest.mark.parametrize("headers", SCRIPT)
def test_what_is_told_outlives_an_answer_to_a_script(staff, headers):
    where = staff.begin("disabled-persons/residents-monthly")
    staff.get(where)
    late = staff.get(f"{where}/why?cell=/services/devices_lent", headers=headers)
    assert late.status_code == 200
    assert "Set-Cookie" not in late.headers
    assert staff.post(where, {"_do": "save"}).status_code == 303
    assert "Saved." in staff.get(where).text


def test_pages_keep_the_session_alive(staff):
    assert "Set-Cookie" in staff.get("/").headers
    assert "Set-Cookie" in staff.get("/", headers={"Sec-Fetch-Mode": "navigate"}).headers


@pytest.mark.parametrize("headers", SCRIPT)
def test_a_script_that_signs_out_does(staff, headers):
    assert staff.client.post(
        "/sign-out", data={"_csrf_token": token(staff)}, headers=headers
    ).headers.get("Set-Cookie")
    assert staff.get("/").status_code == 302


def token(staff):
    return staff.page.split('name="_csrf_token" value="')[1].split('"')[0]
