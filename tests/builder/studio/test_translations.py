"""The Translations tab: every text in a grid, set as steps, clashes shown, and a translator's table both ways."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from builder.edits.spots import Refused
from builder.studio import wording_file
from builder.studio.wording_file import as_csv, as_xlsx, lines_of
from tests.builder.studio.people import add_designer
from tests.builder.studio.test_source import Typing
from tests.builder.studio.test_together import STUDIO, document, step
from tests.rig.city import City

pytestmark = pytest.mark.databases(quick=["sqlite"])
GRID = f"{STUDIO}/translations"
HTMX = {"HX-Request": "true"}
LIST = "/builder/forms/civil-affairs/low-income-monthly/translations"


def set_texts(client: Any, *changes: tuple[str, str, str, str, str]) -> Any:
    names = ("key", "word", "language", "was", "text")
    posted = json.dumps([dict(zip(names, one, strict=True)) for one in changes])
    return client.post(GRID, data={"changes": posted}, headers=HTMX)


SERVICES = '["services"]'


def test_all_texts_stand_in_the_grid(city: City) -> None:
    page = unescape(city.client("sunli").get(GRID).text)
    for text in (
        "残疾人基本情况月报表",
        "On the last day of the month",
        "等级",
        "以交付所在月份为准",
        "本月服务情况",
    ):
        assert text in page, text
    assert "from the dictionary" in page
    assert "nothing is missing" in page


def test_a_text_is_set_as_a_step_and_taken_back(city: City) -> None:
    client = city.client("sunli")
    answer = set_texts(client, (SERVICES, "title", "zh-CN", "二、本月服务情况", "二、服务"))
    assert answer.status_code == 200
    assert "changed the title" in answer.text
    assert document(city)["layout"][1]["translations"]["zh-CN"]["title"] == "二、服务"
    step(client, do="undo")
    assert document(city)["layout"][1]["translations"]["zh-CN"]["title"] == "二、本月服务情况"


def test_missing_ones_are_counted_and_shown_alone(city: City) -> None:
    client = city.client("sunli")
    assert (
        "1 missing" in set_texts(client, (SERVICES, "title", "zh-CN", "二、本月服务情况", "")).text
    )
    page = client.get(GRID, query_string={"only": "missing"}).text
    assert page.count("<textarea name=") == 2
    assert 'class="lacks"' in page


def test_two_of_one_text_get_409_with_both(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    set_texts(two, (SERVICES, "title", "en", "2 Services this month", "Theirs"))
    answer = set_texts(one, (SERVICES, "title", "en", "2 Services this month", "Mine"),
                       ('["by-grade"]', "title", "en", "1 Certificate holders by grade", "Also"))  # fmt: skip
    assert answer.status_code == 409
    assert "“Theirs” by now" in answer.text
    assert "you wanted “Mine”" in answer.text
    told = json.loads(answer.headers["HX-Trigger"])["wording:clash"]["cells"]
    assert [(cell["key"], cell["now"]) for cell in told] == [(SERVICES, "Theirs")]
    assert document(city)["layout"][0]["title"] == "1 Certificate holders by grade"


def test_a_part_that_is_gone_and_odd_posts_are_refused(city: City) -> None:
    client = city.client("sunli")
    assert set_texts(client, ('["nothing"]', "title", "en", "", "x")).status_code == 409
    assert set_texts(client, (SERVICES, "kind", "en", "section", "note")).status_code == 409
    assert set_texts(client, (SERVICES, "title", "xx", "", "x")).status_code == 409
    assert set_texts(client, ("[", "title", "en", "", "x")).status_code == 422
    assert (
        set_texts(
            client, (SERVICES, "title", "en", "2 Services this month", "x" * 20_000)
        ).status_code
        == 422
    )
    for odd in ("", "3", "[3]", '[{"key": 3}]', "[[]]"):
        assert client.post(GRID, data={"changes": odd}, headers=HTMX).status_code == 422
    assert city.client("hejun").post(GRID, data={"changes": "[]"}).status_code == 403


def test_without_javascript_the_whole_grid_is_sent(city: City) -> None:
    client, two = city.client("sunli"), city.client(add_designer(city))
    page = client.get(GRID).text
    fields = {
        unescape(n): unescape(v)
        for n, v in re.findall(
            r'<input type="hidden" name="([kw]\.\d+|was[^"]+)" value="([^"]*)"', page
        )
    }
    texts = {
        n: unescape(v)
        for n, v in re.findall(
            r'<textarea name="(t\.[^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL
        )
    }
    mine = next(n for n, v in texts.items() if v == "2 Services this month")
    assert client.post(GRID, data={**fields, **texts, mine: "Mine"}).status_code == 302
    assert document(city)["layout"][1]["title"] == "Mine"
    answer = two.post(GRID, data={**fields, **texts, mine: "Other"})
    assert answer.status_code == 409
    assert "Other" in answer.text
    assert document(city)["layout"][1]["title"] == "Mine"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_translators_table_comes_back(city: City, ending: str) -> None:
    client = city.client("sunli")
    answer = client.get(f"{GRID}/download.{ending}")
    assert answer.status_code == 200
    lines = lines_of(f"x.{ending}", answer.data)
    zh = lines[0].index("zh-CN")
    places = {line[lines[0].index("en")]: n for n, line in enumerate(lines)}
    lines[places["2 Services this month"]][zh] = "二、服务"
    lines[places["Remarks"]][zh] = ""
    lines[places["Grade"]][zh] = "=HYPERLINK(1)"
    step(client, do="label", at="by-grade", text="Changed meanwhile")
    lines[places["1 Certificate holders by grade"]][zh] = "一、另说"
    lines.append(['["[\\"gone\\"]","title","x"]', "Gone", "title", "a", "b"])
    content = as_csv(lines) if ending == "csv" else as_xlsx(lines)
    report = client.post(f"{GRID}/upload", data={"file": (io.BytesIO(content), f"back.{ending}")})
    assert report.status_code == 200
    for said in ("changed", "not taken", "not known", "二、服务", "一、另说"):
        assert said in report.text, said
    found = document(city)
    assert found["layout"][1]["translations"]["zh-CN"]["title"] == "二、服务"
    assert found["properties"]["remarks"]["translations"]["zh-CN"]["title"] == "备注"
    assert found["layout"][0]["translations"]["zh-CN"]["title"] == "一、持证残疾人（按残疾等级分）"
    again = client.get(f"{GRID}/download.{ending}")
    if ending == "xlsx":
        cells = [c for row in load_workbook(io.BytesIO(again.data)).active.iter_rows() for c in row]
        assert [c.data_type for c in cells if str(c.value).startswith("=HYPERLINK")] == ["s"]
    else:
        assert "'=HYPERLINK" in again.data.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b""), ("x.csv", b"\xff\xfe\x00"), ("x.csv", b"a,b\n1,2\n"), ("x.xlsx", b"PK\x03\x04"),
        ("x.xlsx", b"not a workbook"), ("x.exe", b"MZ"), ("x.csv", b'"' + b"x" * 200_000), ("", b""),
        ("x.csv", b"\x00" * 100), ("x.csv", b"x" * 5_000_000),
    ],
)  # fmt: skip
def test_what_is_no_such_table_is_refused_with_a_reason(
    city: City, name: str, content: bytes
) -> None:
    client = city.client("sunli")
    answer = client.post(
        f"{GRID}/upload", data={"file": (io.BytesIO(content), name)}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert 'class="news check"' in answer.text
    assert "draft after" not in answer.text


def test_a_cell_at_the_far_corner_is_refused_before_anything_lays_it_out(city: City) -> None:
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "x", "y"
    out = io.BytesIO()
    book.save(out)
    posted = {"file": (io.BytesIO(out.getvalue()), "a.xlsx")}
    answer = city.client("sunli").post(f"{GRID}/upload", data=posted, follow_redirects=True)
    assert "delete what stands far outside the table" in answer.text


def test_a_fault_of_the_reader_itself_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panics(_content: Any) -> Any:
        raise PanicException

    monkeypatch.setattr(wording_file.CalamineWorkbook, "from_filelike", panics)
    with pytest.raises(Refused, match="no workbook"):
        lines_of("a.xlsx", as_xlsx([["a", "b"]]))


def test_a_csv_is_read_no_further_than_it_may_go_on() -> None:
    with pytest.raises(Refused, match="more than"):
        lines_of("a.csv", b"a,b\n" * 300_000)


def test_a_workbook_of_another_is_refused(city: City) -> None:
    book = Workbook()
    book.active.append(["something", "else"])
    out = io.BytesIO()
    book.save(out)
    answer = city.client("sunli").post(
        f"{GRID}/upload",
        data={"file": (io.BytesIO(out.getvalue()), "a.xlsx")},
        follow_redirects=True,
    )
    assert "The first row must have the columns" in answer.text


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")),
                         min_size=3, max_size=3), min_size=2, max_size=5))  # fmt: skip
def test_csv_comes_back_as_it_was(lines: list[list[str]]) -> None:
    lines = [["a,b", *line] for line in lines]
    assert lines_of("x.csv", as_csv(lines)) == lines


def test_choices_and_headings_are_texts_too(city: City) -> None:
    one = Typing(city)
    form = json.loads(one.text)
    form["properties"]["kind"] = {
        "title": "Kind",
        "oneOf": [{"const": "a", "title": "First"}, {"const": "b"}],
    }
    form["layout"].append({"id": "t", "kind": "crossTable", "at": "/services",
                           "rows": {"items": [{"title": "Row head", "key": "/visited"}]}})  # fmt: skip
    assert one.type(json.dumps(form)).status_code == 200
    page = unescape(one.client.get(GRID).text)
    for text in ("First", "Row head"):
        assert text in page
    key = '["t","rows","items",0]'
    assert set_texts(one.client, (key, "title", "zh-CN", "", "行")).status_code == 200
    assert (
        document(city)["layout"][-1]["rows"]["items"][0]["translations"]["zh-CN"]["title"] == "行"
    )


def test_others_look_and_may_take_the_table_along(city: City) -> None:
    assert city.client("sunli").get(LIST).status_code == 200
    assert city.client("sunli").get(f"{LIST}/download.csv").status_code == 200
    assert city.client("sunli").get(f"{LIST}/download.exe").status_code == 404
    assert "readonly" in city.client("sunli").get(LIST).text
