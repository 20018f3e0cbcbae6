"""The builder's pages, as each role, through the front door."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.storage.engine import reading
from runtime.storage.tables import FormVersion
from tests.builder.admitting import admitted
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
FORM = "/builder/forms/disabled-persons/residents-monthly/json"
OTHERS = "/builder/forms/civil-affairs/low-income-monthly/json"


def _versions(city: City, short: str) -> list[int]:
    with reading(city.site.engine) as session:
        query = session.query(FormVersion.number).filter(FormVersion.address.contains(short))
        return sorted(number for (number,) in query)


@pytest.mark.parametrize("page", ["/builder/", "/builder/dictionary", FORM, OTHERS])
@pytest.mark.parametrize(
    ("name", "status"),
    [("sunli", 200), ("hejun", 200), ("chenwei", 403), ("zhouming", 403), ("", 302)],
)
def test_pages_are_for_designers_and_stewards(
    city: City, name: str, page: str, status: int
) -> None:
    assert city.client(name).get(page).status_code == status


@pytest.mark.parametrize(
    ("query", "there"),
    [("残疾", True), ("cjr", True), ("DPF-07", True), ("disab", True), ("zzz", False)],
)
def test_forms_are_found(city: City, query: str, there: bool) -> None:
    page = city.client("sunli").get("/builder/", query_string={"q": query}).text
    assert (FORM.removesuffix("/json") in page) is there


def test_the_dictionary_tells_where_a_field_is_used(city: City) -> None:
    page = (
        city.client("hejun").get("/builder/dictionary", query_string={"q": "disability grade"}).text
    )
    assert "disability.holders" in page


def test_in_chinese_the_pages_speak_chinese(city: City) -> None:
    page = city.client("sunli", "zh-CN").get(FORM).text
    assert "残疾人基本情况月报表" in page
    assert "保存草稿" in page


def test_looking_keeps_nothing_and_names_the_line(city: City) -> None:
    client = city.client("sunli")
    page = client.post(FORM, data={"text": '{\n "title": 3\n', "_do": "look"}).text
    assert "line 3" in page
    assert '"title": 3' not in client.get(FORM).text


def test_with_htmx_only_what_changed_comes_back(city: City) -> None:
    answer = city.client("sunli").post(
        FORM, data={"text": "{", "_do": "look"}, headers={"HX-Request": "true"}
    )
    assert answer.text.lstrip().startswith('<div id="judged"')


def test_a_draft_is_kept_and_published(city: City) -> None:
    client = city.client("sunli")
    text = _text_in(client.get(FORM).text).replace(
        "Residents with disabilities, monthly", "Renamed here"
    )
    assert (
        client.post(FORM, data={"text": text, "_do": "keep", "_revision": "0"}).status_code == 302
    )
    assert "draft after version 1" in client.get(FORM).text
    assert "version 2" not in client.get(FORM).text
    admitted(city, FORM)
    page = client.get(FORM).text
    assert "version 2" in page
    assert "Renamed here" in client.get("/builder/").text


def test_what_is_not_json_is_kept_too(city: City) -> None:
    client = city.client("sunli")
    assert client.post(FORM, data={"text": "{ <half>", "_do": "keep"}).status_code == 302
    assert "{ &lt;half&gt;" in client.get(FORM).text


def test_the_json_tab_keeps_and_never_publishes(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city.site, "settings", replace(city.site.settings, admission=False))
    client = city.client("sunli")
    text = _text_in(client.get(FORM).text).replace(
        "Residents with disabilities, monthly", "Renamed here"
    )
    assert client.post(FORM, data={"text": text, "_do": "publish"}).status_code == 302
    assert _versions(city, "residents-monthly") == [1]


def test_the_second_of_two_designers_is_told_and_keeps_the_text(city: City) -> None:
    client = city.client("sunli")
    client.post(FORM, data={"text": "first", "_do": "keep", "_revision": "0"})
    answer = client.post(FORM, data={"text": "second", "_do": "keep", "_revision": "0"})
    assert answer.status_code == 409
    assert "second" in answer.text
    assert "first" in client.get(FORM).text


@pytest.mark.parametrize("step", ["keep", "drop", "look"])
def test_only_the_own_departments_forms_are_changed(city: City, step: str) -> None:
    answer = city.client("sunli").post(OTHERS, data={"text": "{}", "_do": step})
    assert answer.status_code == 403
    assert _versions(city, "low-income-monthly") == [1]


def test_a_new_form_is_begun_and_thrown_away(city: City) -> None:
    client = city.client("sunli")
    answer = client.post(
        "/builder/forms", data={"department": "disabled-persons", "name": "device-loans"}
    )
    assert answer.location == "/builder/forms/disabled-persons/device-loans"
    assert "Device loans" in client.get(answer.location).text
    client.post(f"{answer.location}/discard", data={"_revision": "1"})
    assert client.get(answer.location).status_code == 404


@pytest.mark.parametrize(
    ("department", "name", "status"),
    [("civil-affairs", "x", 403), ("disabled-persons", "No Way/", 422)],
)
def test_a_new_form_wants_an_own_department_and_a_plain_name(
    city: City, department: str, name: str, status: int
) -> None:
    client = city.client("sunli")
    answer = client.post(
        "/builder/forms", data={"department": department, "name": name}, follow_redirects=False
    )
    assert answer.status_code == status
    assert "not published" not in client.get("/builder/").text


def test_an_unknown_form_is_not_found(city: City) -> None:
    assert city.client("sunli").get("/builder/forms/disabled-persons/none").status_code == 404


def _text_in(page: str) -> str:
    import html
    import re

    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert found
    return html.unescape(found.group(1))
