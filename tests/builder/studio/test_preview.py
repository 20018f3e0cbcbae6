"""The Preview tab: every way of showing a draft, with every kind of data; what is typed works and is not kept."""

from __future__ import annotations

import html
import io
import json
import re
from copy import copy
from typing import Any

import pytest
from openpyxl import load_workbook

from builder.studio import papers, preview_papers
from tests.builder.studio.people import add_designer
from tests.builder.studio.test_source import Typing, kept
from tests.builder.studio.test_together import STUDIO
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
PREVIEW = f"{STUDIO}/preview"
SURVEY = "/builder/forms/disabled-persons/needs-survey/preview"
COMMUNITY = "9901010010001"


def state_in(page: str) -> str:
    found = re.search(r'<textarea name="_state"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("preview", [PREVIEW, SURVEY])
@pytest.mark.parametrize("data", ["empty", "sample", "worst", "real", "nonsense"])
@pytest.mark.parametrize("show", ["screen", "phone", "pdf", "xlsx"])
def test_each_way_with_each_kind_of_data(city: City, preview: str, show: str, data: str) -> None:
    client, query = city.client("sunli"), {"show": show, "data": data, "in": "zh-CN"}
    assert client.get(preview, query_string=query).status_code == 200
    if show in ("pdf", "xlsx") and (data, preview) in (("sample", PREVIEW), ("empty", SURVEY)):
        drawn = client.get(f"{preview}/drawn", query_string=query)
        assert drawn.status_code == 200
        assert "This cannot be put on paper" not in drawn.text
        paper = client.get(f"{preview}/paper.{show}", query_string=query)
        assert paper.data[:4] == (b"%PDF" if show == "pdf" else b"PK\x03\x04")
    elif show in ("screen", "phone"):
        screen = client.get(f"{preview}/screen", query_string=query)
        assert screen.status_code == 200
        assert '<html lang="zh-CN">' in screen.text


def test_pages_come_as_pictures(city: City) -> None:
    client = city.client("sunli")
    query = {"show": "pdf", "data": "sample"}
    assert client.get(f"{PREVIEW}/page/0.png", query_string=query).data[:8] == b"\x89PNG\r\n\x1a\n"
    assert client.get(f"{PREVIEW}/page/99.png", query_string=query).status_code == 404
    assert client.get(f"{PREVIEW}/paper.exe").status_code == 404


def test_a_reviewer_reads_and_cannot_type(city: City) -> None:
    page = city.client("sunli").get(f"{PREVIEW}/screen", query_string={"role": "reviewer"}).text
    assert "<input" not in page
    assert "No change since the last visit." in page


def test_what_is_typed_works_and_is_not_kept(city: City) -> None:
    client = city.client("sunli")
    page = client.get(f"{SURVEY}/screen", query_string={"data": "empty"}).text
    assert "Services wanted" not in page
    name = "/needs/rehabilitation/wanted"
    values = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert len(values) > 1
    appeared = set()
    for value in values:
        answer = client.post(f"{SURVEY}/screen", data={"_state": state_in(page), name: value})
        assert answer.status_code == 200
        appeared.add("Services wanted" in answer.text)
    assert appeared == {True, False}
    assert (
        "Services wanted" not in client.get(f"{SURVEY}/screen", query_string={"data": "empty"}).text
    )


def test_rows_come_and_go(city: City) -> None:
    client = city.client("sunli")
    page = client.get(f"{SURVEY}/screen", query_string={"data": "empty"}).text
    verb = re.search(r'name="_do" value="(add [^"]+)"', page)
    assert verb
    answer = client.post(f"{SURVEY}/screen", data={"_state": state_in(page), "_do": verb[1]})
    rows = json.loads(state_in(answer.text))["data"]
    assert any(isinstance(value, list) and len(value) == 1 for value in rows.values())


@pytest.mark.parametrize("state", ["", "{", "3", "[]", '{"data": 3, "choices": 3}', '{"data": [1], "opened": 3}',
                                   '{"data": {"services": 3, "holders": [1]}}', '{"choices": {"a": 3}}'])  # fmt: skip
def test_a_forged_state_is_no_fault(city: City, state: str) -> None:
    for place in (PREVIEW, SURVEY):
        answer = city.client("sunli").post(
            f"{place}/screen", data={"_state": state, "_do": "add /x"}
        )
        assert answer.status_code == 200


def test_a_draft_that_cannot_be_drawn_says_so(city: City) -> None:
    one = Typing(city)
    assert (
        one.type(
            '{"title": "x", "properties": {"a": {"$ref": "#/nothing"}}, "frequency": "never"}'
        ).status_code
        == 200
    )
    page = one.client.get(PREVIEW)
    assert page.status_code == 200
    assert "cannot be drawn while it has errors" in page.text or "<iframe" in page.text
    assert one.client.get(f"{PREVIEW}/screen").status_code in (200, 404)


def test_figures_of_a_unit_are_for_those_who_may_read_its_reports_and_registers(city: City) -> None:
    designer = city.client("sunli")
    page = designer.get(PREVIEW, query_string={"data": "real"}).text
    assert "figures of a unit" not in page
    assert "shown only to those who may read its reports and registers" in page
    query: dict[str, Any] = {"data": "real", "show": "xlsx", "period": "202610"}
    reads = city.client(add_designer(city, "wangfang", "Wang Fang 王芳", ("reviewer", COMMUNITY)))
    assert "figures of a unit" not in reads.get(PREVIEW, query_string=query).text
    both = city.client(add_designer(city, "lijuan", "Li Juan 李娟", ("staff", COMMUNITY)))
    assert "figures of a unit" in both.get(PREVIEW, query_string=query).text
    book = load_workbook(
        io.BytesIO(both.get(f"{PREVIEW}/paper.xlsx", query_string=query).data), data_only=True
    )
    numbers = [
        c.value for row in book.active.iter_rows() for c in row if isinstance(c.value, int | float)
    ]
    assert any(numbers)
    other = {**query, "unit": "1"}
    assert both.get(PREVIEW, query_string=other).status_code == 200
    assert designer.get(f"{PREVIEW}/paper.xlsx", query_string=query).status_code == 200
    assert kept(city) is None


def test_a_picture_with_figures_of_a_unit_is_not_remembered(city: City) -> None:
    add_designer(city, "lina3", "Li Na", ("staff", COMMUNITY))
    client = city.client("lina3")
    papers.known_picture.cache_clear()
    page = client.get(PREVIEW, query_string={"data": "real"}).text
    unit = re.search(r'<select name="unit"[^>]*>.*?value="(\d+)"', page, re.DOTALL)
    assert unit
    query = {"show": "pdf", "data": "real", "unit": unit[1], "period": "202610"}
    assert client.get(f"{PREVIEW}/page/0.png", query_string=query).status_code == 200
    assert papers.known_picture.cache_info().currsize == 0
    assert client.get(f"{PREVIEW}/page/0.png", query_string={"show": "pdf"}).status_code == 200
    assert papers.known_picture.cache_info().currsize == 1


def test_a_paper_is_made_anew_for_another_dictionary(city: City) -> None:
    client, query = city.client("sunli"), {"show": "pdf"}
    client.get(f"{PREVIEW}/page/0.png", query_string=query)
    for key in preview_papers._papers:
        preview_papers._papers[key] = copy(city.site.library), b"a paper of yesterday"
    assert client.get(f"{PREVIEW}/page/0.png", query_string=query).status_code == 200
    assert city.site.library in [library for library, _paper in preview_papers._papers.values()]
