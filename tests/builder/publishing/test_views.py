"""The page that publishes and the catalogue, through the front door."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from runtime import drafts
from runtime.api import form_address
from runtime.entry import versions
from runtime.jobs.run import perform
from runtime.language import LANGUAGES
from runtime.publishing import retiring
from runtime.storage.engine import reading, writing
from runtime.storage.job_tables import Job
from tests.builder.admitting import admitted, asked, hidden
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
FORM = "/builder/forms/disabled-persons/residents-monthly"
ADDRESS = form_address("disabled-persons/residents-monthly")
PAGE = f"{FORM}/publish"


def drafted(city: City, **said: Any) -> None:
    with writing(city.site.engine) as session:
        held = drafts.find(session, ADDRESS)
        text = json.dumps({**city.site.library.source(ADDRESS), **said}, default=str)
        drafts.keep(session, ADDRESS, text, held.revision if held else 0, None)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("", 302),
        ("chenwei", 403),
        ("zhouming", 403),
        ("sunli", 200),
        ("hejun", 200),
        ("admin", 403),
    ],
)
def test_who_sees_the_page(city: City, name: str, status: int) -> None:
    client = city.client(name)
    for path in (PAGE, f"{PAGE}/preview"):
        assert client.get(path).status_code == status


@pytest.mark.parametrize("name", ["chenwei", "zhouming", "sunli", "hejun", "admin"])
def test_everybody_reads_the_catalogue(city: City, name: str) -> None:
    client = city.client(name)
    assert "DPF-07" in client.get("/builder/catalogue/").text
    assert city.client().get("/builder/catalogue/").status_code == 302


def test_a_designer_asks_and_a_steward_admits(city: City) -> None:
    drafted(city, title="Disability, monthly")
    designer, steward = city.client("sunli"), city.client("hejun")
    page = designer.get(PAGE).text
    assert "changed the title from" in page
    assert 'value="ask"' in page
    assert 'value="ask"' not in steward.get(PAGE).text
    asked(city, FORM, "One title <shorter>")
    waits = steward.get(PAGE).text
    assert "One title &lt;shorter&gt;" in waits
    assert 'value="admit"' in waits
    assert 'value="admit"' not in designer.get(PAGE).text
    number = hidden(waits, "_asked")
    refused = designer.post(PAGE, data={"_do": "admit", "_asked": number})
    assert refused.status_code == 403
    decision = {"_do": "admit", "_asked": number, "reason": "As agreed"}
    without_papers = steward.post(PAGE, data=decision)
    assert without_papers.status_code == 422
    assert "have not been made yet: wait for them" in without_papers.text
    assert "As agreed</textarea>" in without_papers.text
    answer = steward.post(PAGE, data={**decision, "unseen": "1"}, follow_redirects=True)
    assert "version 2" in answer.text
    assert "Disability, monthly" in designer.get("/builder/catalogue/").text


def test_papers_that_are_made_need_no_leave_to_be_left_unseen(city: City) -> None:
    drafted(city, title="Disability, monthly")
    asked(city, FORM)
    steward = city.client("hejun")
    waits = steward.get(PAGE).text
    assert 'name="unseen"' in waits
    made_papers(city)
    part = steward.get(f"{PAGE}/papers", headers={"HX-Request": "true"}).text
    assert '<div id="unseen" hx-swap-oob="true"></div>' in part
    designers = city.client("sunli").get(f"{PAGE}/papers", headers={"HX-Request": "true"}).text
    assert 'id="unseen"' not in designers
    assert 'name="unseen"' not in steward.get(PAGE).text
    decision = {"_do": "admit", "_asked": hidden(waits, "_asked")}
    assert steward.post(PAGE, data=decision).status_code == 303


def test_a_returned_draft_says_why_and_what_was_typed_is_kept(city: City) -> None:
    drafted(city, title="Disability, monthly")
    asked(city, FORM)
    steward = city.client("hejun")
    number = hidden(steward.get(PAGE).text, "_asked")
    answer = steward.post(PAGE, data={"_do": "return", "_asked": number, "reason": " "})
    assert answer.status_code == 422
    assert "Say why it is returned" in answer.text
    steward.post(PAGE, data={"_do": "return", "_asked": number, "reason": "Two forms ask it"})
    assert "Two forms ask it" in city.client("sunli").get(PAGE).text
    late = steward.post(PAGE, data={"_do": "admit", "_asked": number, "reason": "After all"})
    assert late.status_code == 409


def test_a_draft_that_was_changed_since_is_not_admitted(city: City) -> None:
    drafted(city, title="One")
    asked(city, FORM)
    steward = city.client("hejun")
    number = hidden(steward.get(PAGE).text, "_asked")
    drafted(city, title="Two")
    assert "must be asked anew" in city.client("sunli").get(PAGE).text
    answer = steward.post(PAGE, data={"_do": "admit", "_asked": number})
    assert answer.status_code == 409
    admitted(city, FORM)
    assert "Two" in steward.get(PAGE).text


def test_what_has_errors_cannot_be_asked(city: City) -> None:
    drafted(city, properties={"a": {"$ref": "../../nowhere.json"}})
    page = city.client("sunli").get(PAGE).text
    assert "nowhere.json" in page
    assert 'value="ask"' not in page
    answer = city.client("sunli").post(PAGE, data={"_do": "ask", "_revision": "1"})
    assert answer.status_code == 422


def test_the_papers_are_made_in_the_background_and_found_again(city: City) -> None:
    drafted(city, title="Disability, monthly")
    designer = city.client("sunli")
    assert "have not been made" in designer.get(PAGE).text
    assert designer.post(f"{PAGE}/papers").status_code == 303
    assert "waiting" in designer.get(PAGE).text
    part = designer.get(f"{PAGE}/papers", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="papers-part"')
    with reading(city.site.engine) as session:
        (job,) = session.query(Job).filter(Job.kind == "papers").all()
    designer.post(f"{PAGE}/papers")
    done = perform(city.site, job.id)
    assert done.state == "done", done.problem
    assert done.result["findings"] == []
    assert "come out whole" in designer.get(PAGE).text


def test_a_template_that_is_not_there_is_an_error_that_names_it(city: City) -> None:
    drafted(city, outputs={"pdf": {"template": "disabled-persons/nothing.html"}})
    designer = city.client("sunli")
    designer.post(f"{PAGE}/papers")
    with reading(city.site.engine) as session:
        (job,) = session.query(Job).filter(Job.kind == "papers").all()
    assert perform(city.site, job.id).state == "done"
    page = designer.get(PAGE).text
    assert "disabled-persons/nothing.html" in page
    assert 'value="ask"' not in page


def test_the_burden_and_the_impact_are_told(city: City) -> None:
    staff = city.client("chenwei")
    staff.post("/entries/", data={"form": ADDRESS, "unit": _lake(city), "period": "202610"})
    source = city.site.library.source(ADDRESS)
    services = {k: v for k, v in source["properties"].items() if k != "services"}
    drafted(
        city,
        properties={**services, "asked": {"title": "Asked anew", "type": "integer"}},
        required=["asked"],
        layout=[],
        burden={"secondsPerCell": 40},
    )
    page = city.client("sunli").get(PAGE).text
    assert "1 of " in page
    assert "40 seconds a cell, as the form says" in page
    assert "Asked anew" in page
    assert "1 of version 1" in page
    assert "offered the new version" in page


def _lake(city: City) -> str:
    from sqlalchemy import select

    from runtime.storage.tables import Unit

    with reading(city.site.engine) as session:
        codes = session.scalars(select(Unit.code).where(Unit.level == "community"))
        return min(codes)


def test_a_steward_retires_a_form_and_what_it_saved_is_told(city: City) -> None:
    steward, staff = city.client("hejun"), city.client("chenwei")
    page = steward.get("/builder/catalogue/").text
    assert "Retire a form" in page
    assert "Retire a form" not in city.client("sunli").get("/builder/catalogue/").text
    data = {"form": "disabled-persons/residents-monthly", "reason": "", "into": ""}
    assert steward.post("/builder/catalogue/retire", data=data).status_code == 422
    data |= {"reason": "The survey asks it", "into": "disabled-persons/needs-survey"}
    assert city.client("sunli").post("/builder/catalogue/retire", data=data).status_code == 403
    assert steward.post("/builder/catalogue/retire", data=data).status_code == 303
    after = staff.get("/builder/catalogue/").text
    assert "The survey asks it" in after
    assert "hours a year saved" in after
    answer = staff.post(
        "/entries/", data={"form": ADDRESS, "unit": _lake(city), "period": "202610"}
    )
    assert answer.status_code == 404
    home = staff.get("/").text
    assert f'value="{ADDRESS}"' not in home
    assert "The survey asks it" in home
    assert "asked from now on in “Survey of needs" in home


def test_an_expired_form_is_not_begun_and_says_so(city: City) -> None:
    drafted(city, expires="2026-09-30")
    admitted(city, FORM)
    staff = city.client("chenwei")
    home = staff.get("/").text
    assert f'value="{ADDRESS}"' not in home
    assert "No longer asked" in home
    answer = staff.post(
        "/entries/", data={"form": ADDRESS, "unit": _lake(city), "period": "202610"}
    )
    assert answer.status_code == 400
    assert "expired on 30 Sept 2026" in answer.text.replace("Sep ", "Sept ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_can_be_taken_along(city: City, language: str) -> None:
    client = city.client("zhouming", language=language)
    text = client.get("/builder/catalogue/forms.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len({len(row) for row in rows}) == 1
    assert any("DPF-07" in row for row in rows)
    assert client.get("/builder/catalogue/forms.xlsx").data[:2] == b"PK"
    assert client.get("/builder/catalogue/forms.exe").status_code == 404


def test_where_nobody_need_admit_designers_publish_themselves(city: City) -> None:
    object.__setattr__(city.site.settings, "admission", False)
    drafted(city, title="At once")
    designer = city.client("sunli")
    page = designer.get(PAGE).text
    answer = designer.post(PAGE, data={"_do": "ask", "_revision": hidden(page, "_revision")})
    assert answer.status_code == 303
    with reading(city.site.engine) as session:
        assert versions.require_latest(session, ADDRESS).number == 2
    assert designer.post(PAGE, data={"_do": "burn"}).status_code == 400


def test_a_steward_sees_on_the_list_what_waits(city: City) -> None:
    assert 'id="waiting"' not in city.client("hejun").get("/builder/").text
    drafted(city, title="One <title>")
    asked(city, FORM)
    page = city.client("hejun").get("/builder/").text
    assert "1 form waits for admission:" in page
    assert f'href="{PAGE}#admission"' in page
    assert 'id="waiting"' not in city.client("sunli").get("/builder/").text


def test_the_catalogue_in_excel_takes_any_text_as_it_is(city: City) -> None:
    drafted(city, number="=A\u0007B")
    admitted(city, FORM)
    answer = city.client("chenwei").get("/builder/catalogue/forms.xlsx")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    found = [row[1] for row in sheet.iter_rows() if row[1].value == "=AB"]
    assert [cell.data_type for cell in found] == ["s"]


def test_published_without_admission_a_retired_form_is_in_force_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    retired = {"form": "disabled-persons/residents-monthly", "reason": "No more"}
    city.client("hejun").post("/builder/catalogue/retire", data=retired)
    monkeypatch.setattr(city.site, "settings", replace(city.site.settings, admission=False))
    drafted(city, title="Again")
    asked(city, FORM)
    with reading(city.site.engine) as session:
        assert retiring.retired(session) == []


def made_papers(city: City) -> None:
    with reading(city.site.engine) as session:
        (job,) = session.query(Job).filter(Job.kind == "papers").all()
    assert perform(city.site, job.id).state == "done"


@pytest.mark.parametrize("admission", [True, False])
def test_what_its_papers_show_to_be_wrong_is_neither_asked_nor_published(
    city: City, monkeypatch: pytest.MonkeyPatch, *, admission: bool
) -> None:
    monkeypatch.setattr(city.site, "settings", replace(city.site.settings, admission=admission))
    drafted(city, outputs={"pdf": {"template": "disabled-persons/nothing.html"}})
    designer = city.client("sunli")
    designer.post(f"{PAGE}/papers")
    made_papers(city)
    revision = hidden(designer.get(PAGE).text, "_revision")
    answer = designer.post(PAGE, data={"_do": "ask", "_revision": revision, "note": "Please"})
    assert answer.status_code == 422
    assert "has errors" in answer.text
    with reading(city.site.engine) as session:
        assert versions.require_latest(session, ADDRESS).number == 1
        assert drafts.find(session, ADDRESS) is not None
