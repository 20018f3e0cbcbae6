"""Forms come in and go out by pages: everything is shown before anything is kept, and only own forms are."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest

from builder.exchange.sheets import read_sheets, write_sheets
from runtime.storage.engine import reading
from runtime.storage.tables import FormDraft
from tests.builder.exchange.field import FORMS
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
OWN = "disabled-persons"
FORM = f"/builder/forms/{OWN}/residents-monthly"


def _upload(client: Any, file: str, content: bytes, **said: str) -> Any:
    data = {"file": (io.BytesIO(content), file), "department": OWN, **said}
    return client.post("/builder/import", data=data, content_type="multipart/form-data")


def _carried(page: str) -> dict[str, str]:
    found = re.search(r'name="content" value="([^"]*)"', page)
    assert found
    name = re.search(r'name="file_name" value="([^"]*)"', page)
    assert name
    return {"content": found[1], "file_name": name[1], "_do": "keep"}


def _drafts(city: City) -> dict[str, str]:
    with reading(city.site.engine) as session:
        rows = session.query(FormDraft.address, FormDraft.source)
        return {address.partition("/forms/")[2][:-5]: source for address, source in rows}


def _zip(**texts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in texts.items():
            made.writestr(name.replace("__", "/") + ".json", text)
    return content.getvalue()


def test_an_xlsform_is_looked_at_row_by_row_and_then_kept(city: City) -> None:
    client = city.client("sunli")
    page = _upload(client, "visit.xlsx", write_sheets(FORMS["household-visit"]))
    assert page.status_code == 200
    assert "survey, row 15" in page.text
    assert "mapped with loss" in page.text
    assert "household-visit" in page.text
    assert _drafts(city) == {}
    answer = client.post("/builder/import/keep", data={**_carried(page.text), "department": OWN})
    assert answer.location == f"/builder/forms/{OWN}/household-visit"
    assert "Household visit" in client.get(answer.location).text
    out = client.get(f"{answer.location}/export?as=xlsx")
    assert read_sheets("x.xlsx", out.data) == FORMS["household-visit"]
    assert "attachment" in out.headers["Content-Disposition"]


def test_another_name_is_looked_at_again(city: City) -> None:
    client = city.client("sunli")
    page = _upload(client, "visit.xlsx", write_sheets(FORMS["or-other"]), name="first")
    again = {**_carried(page.text), "department": OWN, "name": "second", "_do": "look"}
    page = client.post("/builder/import/keep", data=again)
    assert f"{OWN}/second" in page.text
    client.post("/builder/import/keep", data={**again, "_do": "keep"})
    assert list(_drafts(city)) == [f"{OWN}/second"]


def test_json_comes_in_letter_by_letter(city: City) -> None:
    client = city.client("sunli")
    text = '{"properties": {"a": {"type": "string"}, "b": {"not": {}}}, "x": 1.50}'
    page = _upload(client, "any schema.json", text.encode())
    assert "says what is forbidden" in page.text
    client.post("/builder/import/keep", data={**_carried(page.text), "department": OWN})
    assert _drafts(city) == {f"{OWN}/any-schema": text}
    out = client.get(f"/builder/forms/{OWN}/any-schema/export?as=json")
    assert out.text == text


def test_of_a_set_only_own_forms_are_kept(city: City) -> None:
    client = city.client("sunli")
    content = _zip(
        **{
            f"forms__{OWN}__one": json.dumps({"department": OWN}),
            "forms__civil-affairs__two": json.dumps({"department": "civil-affairs"}),
        }
    )
    page = _upload(client, "set.zip", content, department="")
    assert "It is a form of Civil Affairs, which you do not design." in page.text
    client.post("/builder/import/keep", data=_carried(page.text))
    assert list(_drafts(city)) == [f"{OWN}/one"]


def test_a_set_goes_out_with_all_it_refers_to_and_comes_in_again(city: City) -> None:
    client = city.client("sunli")
    chosen = ["disabled-persons/residents-monthly", "fire-emergency/rented-homes-quarterly"]
    answer = client.post("/builder/export", data={"form": chosen})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as made:
        names = made.namelist()
    assert names[:2] == [f"forms/{short}.json" for short in chosen]
    assert {"dictionary/resident.json", "indicators/disability.json"} <= set(names)
    assert "forms/housing/rented-homes-quarterly.json" in names
    page = _upload(client, "forms.zip", answer.data, department="")
    assert "the site has the same" in page.text
    assert "which you do not design" in page.text
    client.post("/builder/import/keep", data=_carried(page.text))
    assert list(_drafts(city)) == ["disabled-persons/residents-monthly"]


def test_a_draft_that_is_there_is_not_written_over(city: City) -> None:
    client = city.client("sunli")
    page = _upload(client, "a.json", b"{}")
    kept = {**_carried(page.text), "department": OWN}
    client.post("/builder/import/keep", data=kept)
    answer = client.post("/builder/import/keep", data=kept)
    assert answer.status_code == 422
    assert "has a draft already" in answer.text
    assert "has a draft already" in _upload(client, "a.json", b"[]").text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"PK\x03\x04", "cannot be unpacked"),
        ("a.xlsx", b"no workbook", "a.xlsx is damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 900, "damaged"),
        ("a.xlsx", write_sheets({"Sheet1": [["Name"], ["Li"]]}), "without a sheet “survey”"),
        ("a.json", b"\xff\xfe", "is not text in UTF-8"),
        ("a.zip", _zip(), "holds no form"),
        (
            "a.xlsx",
            write_sheets({"survey": [["type", "name"], ["begin_group", "g"]]}),
            "has no end",
        ),
        (
            "a.xlsx",
            write_sheets({"survey": [["type", "name", "label"], ["text", "a b", "A"]]}),
            "This XLSForm has an error",
        ),
    ],
)
def test_what_cannot_be_read_is_named(city: City, name: str, content: bytes, says: str) -> None:
    answer = _upload(city.client("sunli"), name, content)
    assert answer.status_code == 422
    assert says in answer.text
    assert _drafts(city) == {}


def test_no_file_and_a_wrong_name_are_named(city: City) -> None:
    client = city.client("sunli")
    assert "Choose a file." in client.post("/builder/import", data={"department": OWN}).text
    assert "small letters" in _upload(client, "a.json", b"{}", name="No Way").text
    assert "Leave it empty" in _upload(client, "a.zip", _zip(a="{}", b="{}"), name="c").text


def test_what_a_browser_sends_back_may_be_anything(city: City) -> None:
    client = city.client("sunli")
    for content in ("", "%%", "AAAA"):
        answer = client.post(
            "/builder/import/keep",
            data={"content": content, "file_name": "x.xlsx", "department": OWN},
        )
        assert answer.status_code in (302, 422)


def test_others_departments_are_refused(city: City) -> None:
    client = city.client("sunli")
    answer = _upload(client, "a.json", b"{}", department="civil-affairs")
    assert answer.status_code == 403
    page = _upload(client, "a.json", b"{}")
    stolen = {**_carried(page.text), "department": "civil-affairs"}
    assert client.post("/builder/import/keep", data=stolen).status_code == 403
    assert _drafts(city) == {}


def test_a_form_of_others_is_taken_over_by_choice(city: City) -> None:
    client = city.client("sunli")
    text = client.get("/builder/forms/civil-affairs/low-income-monthly/export?as=json").data
    page = _upload(client, "low-income.json", text, department="")
    assert "which you do not design" in page.text
    again = {**_carried(page.text), "department": OWN, "name": "low-income", "_do": "look"}
    page = client.post("/builder/import/keep", data=again)
    assert "it was a form of Civil Affairs" in page.text
    client.post("/builder/import/keep", data={**again, "_do": "keep"})
    assert json.loads(_drafts(city)[f"{OWN}/low-income"])["department"] == OWN


def test_a_department_that_is_none_here_is_named_without_words_of_the_command_line(
    city: City,
) -> None:
    page = _upload(city.client("sunli"), "a.json", b'{"department": "fisheries"}', department="")
    assert "a.json is of a department that there is none of here (fisheries)" in page.text
    assert "--department" not in page.text


def test_what_says_not_whose_it_is_is_the_only_departments(city: City) -> None:
    page = _upload(city.client("sunli"), "a.json", b"{}", department="")
    assert f"{OWN}/a" in page.text


def test_any_form_may_be_read_out(city: City) -> None:
    client = city.client("sunli")
    page = client.get("/builder/forms/civil-affairs/low-income-monthly/export")
    assert page.status_code == 200
    assert "it is filled here, and typed there" in page.text
    for kind in ("json", "zip", "xlsx"):
        assert client.get(f"{FORM}/export?as={kind}").status_code == 200
    assert client.get("/builder/forms/disabled-persons/none/export").status_code == 404
    assert client.post("/builder/export", data={"form": ["a/b@draft"]}).status_code == 404
    assert client.post("/builder/export").location == "/builder/"


def test_a_draft_with_errors_goes_out_as_json_only(city: City) -> None:
    client = city.client("sunli")
    broken = '{"title": "Broken", "properties": 3}'
    client.post(f"{FORM}/json", data={"text": broken, "_do": "keep", "_revision": "0"})
    page = client.get(f"{FORM}/export")
    assert "has errors" in page.text
    assert client.get(f"{FORM}/export?as=json").text == broken
    assert client.get(f"{FORM}/export?as=zip").status_code == 200
    assert client.get(f"{FORM}/export?as=xlsx").status_code == 422


def test_in_chinese_the_report_speaks_chinese(city: City) -> None:
    page = _upload(city.client("sunli", "zh-CN"), "v.xlsx", write_sheets(FORMS["media"]))
    assert "保留但锁定" in page.text
    assert "mapped" not in page.text


@pytest.mark.parametrize(
    "labels",
    [
        {"a": "About ${a}"},
        {"a": "${b}", "b": "${a}"},
        {f"q{n}": f"${{q{n + 1}}}" for n in range(500)},
    ],
)
def test_labels_that_name_each_other_end(city: City, labels: dict[str, str]) -> None:
    survey = [["type", "name", "label"], *(["text", name, said] for name, said in labels.items())]
    page = _upload(city.client("sunli"), "f.xlsx", write_sheets({"survey": survey}))
    assert page.status_code in (200, 422)  # the last of a long chain names nothing


def test_two_numbers_below_nought_are_compared_with_no_end(city: City) -> None:
    survey = [["type", "name", "label", "relevant"], ["text", "a", "A", "-5 < -6"]]
    page = _upload(city.client("sunli"), "f.xlsx", write_sheets({"survey": survey}))
    assert page.status_code == 200
