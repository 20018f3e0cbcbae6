"""Single cells of departments' own sheets among the places where something is used, and before it is changed."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from builder.dictionary.sheet_cells import entry_steps
from runtime.definitions.address import form_address
from runtime.outputs import own_places, own_sheets
from runtime.outputs.own_names import defined_name, steps_of
from runtime.outputs.own_places import Named, places_in
from runtime.outputs.xlsx import XlsxOutput
from runtime.storage.engine import writing
from runtime.storage.tables import FormDraft
from tests.builder.excel.test_pages import BY_NAME, make, upload
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
HOLDERS = "/builder/dictionary/indicators/disability/holders"
NAME = "/builder/dictionary/registers/resident/name"


def _made(city: City, sheet: str = "holders, three header rows", **more: Any) -> None:
    client = city.client("sunli")
    place = upload(client, BY_NAME[sheet].content()).location
    client.post(f"{place}/decide", data={"_do": "all"})
    assert make(client, place, **more).status_code == 303


def _told(page: str) -> list[str]:
    found = html.fromstring(page).xpath("//span[@class='cells-of-sheets']//code/text()")
    return list(map(str, found))


def test_an_indicators_page_tells_each_cell_of_the_sheet(city: City) -> None:
    steward = city.client("hejun")
    assert _told(steward.get(HOLDERS).text) == []
    _made(city)
    told = _told(steward.get(HOLDERS).text)
    assert any(one.endswith(" · B6") for one in told)
    assert len(told) == len(set(told)) == 35


def test_a_code_list_and_a_field_tell_the_cells_that_they_reach(city: City) -> None:
    _made(city)
    page = city.client("hejun").get("/builder/dictionary/codes/disability-grade").text
    assert any(one.endswith(" · B6") for one in _told(page))
    assert "by way of" in page
    page = city.client("hejun").get("/builder/dictionary/registers/resident/disability_grade").text
    assert any(one.endswith(" · B6") for one in _told(page))


def test_a_field_of_a_card_is_told_with_its_one_cell(city: City) -> None:
    _made(city, "one resident", about="subject", subject="resident", name="card")
    assert _told(city.client("hejun", "zh-CN").get(NAME).text) == ["Sheet1 · B2"]


def test_the_cells_stand_in_what_a_change_reaches_and_in_the_dry_run(city: City) -> None:
    _made(city)
    steward = city.client("hejun")
    page = steward.get(f"{HOLDERS}/edit").text
    form = html.fromstring(page).get_element_by_id("editing")
    data = {**dict(form.form_values()), "title": "Holders", "_do": "keep"}
    answer = steward.post(f"{HOLDERS}/edit", data=data)
    assert "_seen_effects" in answer.text, answer.text
    assert any(one.endswith(" · B6") for one in _told(answer.text))
    dry = steward.get(f"{HOLDERS}/rename", query_string={"name": "card_holders"}).text
    assert any(one.endswith(" · B6") for one in _told(dry))


def test_a_workbook_is_opened_once_whoever_asks(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    _made(city)
    opened: list[int] = []
    read = own_places.places_in
    monkeypatch.setattr(own_places, "places_in", lambda b: opened.append(len(b)) or read(b))
    own_places._kept.clear()
    for name in ("hejun", "sunli", "hejun"):
        assert _told(city.client(name).get(HOLDERS).text)
    assert len(opened) == 1
    with writing(city.site.engine) as session:
        draft = session.get(FormDraft, form_address("disabled-persons/holders-test"))
        draft = draft or session.query(FormDraft).one()
        draft.source, draft.revision = (
            draft.source.replace("残疾人基本", "残疾"),
            draft.revision + 1,
        )
    assert _told(city.client("hejun").get(HOLDERS).text)
    assert len(opened) == 1


def test_a_sheet_in_a_departments_folder_is_looked_into_as_well(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _made(city)
    kept = _told(city.client("hejun").get(HOLDERS).text)
    with writing(city.site.engine) as session:
        draft = session.query(FormDraft).one()
        name = re.search(r"sha256:[0-9a-f]{64}", draft.source)[0]
        (tmp_path / "holders.xlsx").write_bytes(own_sheets.asset(session, name))
        draft.source = draft.source.replace(name, "disabled-persons/holders.xlsx")
        draft.revision += 1
    assert _told(city.client("hejun").get(HOLDERS).text) == []
    with_folder = {**city.site.outputs, "xlsx": XlsxOutput({"disabled-persons": tmp_path})}
    monkeypatch.setattr(city.site, "outputs", with_folder)
    assert _told(city.client("hejun").get(HOLDERS).text) == kept


@pytest.mark.parametrize(
    "pointer", ["/holders/1/0-17/2", "/a/3/Name", "/姓名", "/a_b/-/__", "/😀x"]
)
def test_a_name_leads_back_to_its_cell(pointer: str) -> None:
    assert "/" + "/".join(steps_of(defined_name(pointer))) == pointer


@pytest.mark.parametrize("name", ["yb", "yb_x", "yb__a_ffffff_", "other", defined_name("/长" * 99)])
def test_names_that_are_not_ours_lead_nowhere(name: str) -> None:
    assert steps_of(name) in {(), ("a",), ("affffff",)}


@pytest.mark.parametrize(
    ("place", "steps"),
    [
        ("/properties/holders", ("holders",)),
        ("/properties/holders/fill/where", ("holders",)),
        ("/properties/list/items/properties/name", ("list", "*", "name")),
        ("/properties/a/prefixItems/0/properties/b", ("a", "0", "b")),
        ("/allOf/0/then/properties/a", ("a",)),
        ("/allOf/0/if/properties/a", ()),
        ("/$defs/a/properties/b", ()),
        ("/properties/a~1b/patternProperties/^x/properties/c", ("a/b", "*", "c")),
        ("", ()),
    ],
)
def test_where_in_an_entry_a_schemas_place_stands(place: str, steps: tuple[str, ...]) -> None:
    assert entry_steps(place) == steps


def test_names_whose_cell_is_gone_or_foreign_are_passed_over() -> None:
    book = Workbook()
    book.active.title = "it's"
    for name, text in {
        "yb__a": "'it''s'!$B$2:$C$2,'it''s'!$D$4",
        "yb__b": "'it''s'!#REF!",
        "yb__c": "gone!$A$1",
        "other": "'it''s'!$A$1",
        "yb__d": '"text"',
    }.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    out = io.BytesIO()
    book.save(out)
    assert places_in(out.getvalue()) == (Named("yb__a", ("a",), (("it's", "B2"), ("it's", "D4"))),)
    assert load_workbook(io.BytesIO(out.getvalue())).sheetnames == ["it's"]
    assert places_in(b"no workbook") == ()
    assert re.match("yb", defined_name("/a"))
