"""Fields, figures and codes renamed and merged through the pages: told first, followed everywhere, taken back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from lxml import html
from sqlalchemy import select

from builder.dictionary import carrying
from runtime.api import BASE, check, drafts, form_address, loads
from runtime.facts.changes import record
from runtime.jobs.run import perform
from runtime.storage.engine import reading, writing
from runtime.storage.job_tables import Job
from runtime.storage.tables import Change, Subject
from tests.rig.city import City

RESIDENT = f"{BASE}dictionary/resident.json"
ELDERLY = f"{BASE}indicators/elderly.json"
FORM = "civil-affairs/elderly-quarterly"


def _done(city: City, path: str, **values: str) -> Any:
    """The dry run asked for, then said yes to."""
    steward = city.client("hejun")
    page = steward.get(path, query_string=values)
    assert page.status_code == 200, page.text
    mark = re.search(r'name="_seen_effects" value="(\w+)"', page.text)
    seen = re.search(r'name="_seen" value="(\d+)"', page.text)
    assert mark is not None, page.text
    assert seen is not None
    return steward.post(
        path, data={**values, "_seen_effects": mark[1], "_seen": seen[1], "reason": "Two were one"}
    )


def _errors(city: City) -> list[str]:
    library = city.site.library
    return [f"{p.address}{p.pointer}: {p.message}" for p in check(library) if p.severity == "error"]


def _carried(city: City, back: bool = False) -> dict[str, Any]:
    with reading(city.site.engine) as session:
        jobs = session.scalars(select(Job).where(Job.kind == carrying.KIND)).all()
        (number,) = [job.id for job in jobs if job.arguments["back"] is back]
    return perform(city.site, number).result


def _left(city: City, page: str) -> str:
    """What the page of a field is told of facts under the old key, asked for after it has come."""
    steward = city.client("hejun")
    (url,) = html.fromstring(steward.get(page).text).xpath("//div[@class='left']/@hx-get")
    return steward.get(str(url)).text


def _left_again(city: City, path: str, some: list[str]) -> None:
    """What is written under the old key after it was carried over is counted, and carried over by the button."""
    with writing(city.site.engine) as session:
        for one in some:
            record(
                session, city.site.register("resident"), one, {"phone": "13900000000"}, "set", date(2026, 10, 31)
            )  # fmt: skip
    new = path.replace("/phone", "/telephone")
    for page in (path, new):
        told = _left(city, page)
        assert "What is known of 3 subjects is still under the old key “phone” alone." in told
        assert "Carry it over to “telephone” (3 subjects)" in told
    assert "3 个对象" in city.client("sunli", "zh-CN").get(_left_url(city, path)).text
    assert "<form" not in city.client("sunli").get(_left_url(city, path)).text
    (form,) = html.fromstring(_left(city, new)).xpath("//form")
    assert city.client("sunli").post(form.get("action")).status_code == 403
    with reading(city.site.engine) as session:
        jobs = set(session.scalars(select(Job.id)))
    answer = city.client("hejun").post(form.get("action"), data={"_back": new})
    assert answer.location == new
    with reading(city.site.engine) as session:
        (newest,) = set(session.scalars(select(Job.id))) - jobs
    assert perform(city.site, newest).result["subjects"] == 3
    assert "All that is known under the old key “phone” is carried over." in _left(city, new)
    with reading(city.site.engine) as session:
        assert {session.get(Subject, one).document["telephone"] for one in some} == {"13900000000"}  # type: ignore[union-attr]
    with writing(city.site.engine) as session:
        session.delete(session.get(Job, newest))


def _left_url(city: City, page: str) -> str:
    text = city.client("hejun").get(page).text
    return str(html.fromstring(text).xpath("//div[@class='left']/@hx-get")[0])


def _undo(city: City, page: str) -> None:
    steward = city.client("hejun")
    number = re.search(r"/steps/(\d+)/undo", steward.get(page).text)
    assert number is not None
    answer = steward.post(f"/builder/dictionary/steps/{number[1]}/undo", follow_redirects=True)
    assert "It was taken back." in answer.text, answer.text


def test_an_indicator_gets_another_key_and_every_reference_follows(city: City) -> None:
    path = "/builder/dictionary/indicators/elderly/living_alone"
    designer = city.client("hejun")
    uses = designer.get(path).text
    form = re.search(r"/builder/forms/([a-z-]+/[a-z-]+)", uses)
    assert form is not None
    address = form_address(form[1])
    with writing(city.site.engine) as session:
        text = drafts.text_of(session, city.site.library, address)
        drafts.keep(session, address, text, 0, None)
        drafts.keep(session, form_address("civil-affairs/half"), "{ half", 0, None)
    answer = _done(city, f"{path}/rename", name="alone")
    assert answer.status_code == 302, answer.text
    assert _errors(city) == []
    library = city.site.library
    assert "elderly.json#/properties/alone" in str(library.document(address))
    assert "#/properties/living_alone" not in str(library.source(address))
    with reading(city.site.engine) as session:
        draft = drafts.find(session, address)
        assert draft is not None
        assert "#/properties/alone" in draft.source
        assert loads(draft.source)["title"] == loads(text)["title"]
    assert (
        "renamed the key living_alone to alone"
        in city.client("hejun").get("/builder/dictionary/changes").text
    )
    _undo(city, "/builder/dictionary/changes")
    assert _errors(city) == []
    assert "#/properties/living_alone" in str(city.site.library.source(address))
    with reading(city.site.engine) as session:
        draft = drafts.find(session, address)
        assert draft is not None
        assert "#/properties/living_alone" in draft.source


def test_what_a_register_leans_on_keeps_its_key_while_it_is_known(city: City) -> None:
    answer = city.client("hejun").get(
        "/builder/dictionary/registers/resident/identity_number/rename",
        query_string={"name": "id_number"},
    )
    assert answer.status_code == 422
    assert "leans on this field" in answer.text
    assert "id_number" not in city.site.library.register("resident")["properties"]


def test_a_known_field_is_renamed_with_what_is_known_of_it_and_back(city: City) -> None:
    path = "/builder/dictionary/registers/resident/phone"
    with reading(city.site.engine) as session:
        before = {
            one.id: one.document["phone"]
            for one in session.scalars(select(Subject).where(Subject.register == "resident"))
            if "phone" in one.document
        }
        ledger = len(session.scalars(select(Change.id)).all())
    assert before
    answer = _done(city, f"{path}/rename", name="telephone")
    assert answer.status_code == 302, answer.text
    assert _errors(city) == []
    fields = city.site.library.register("resident")["properties"]
    assert fields["phone"]["deprecated"] is True
    assert fields["telephone"]["title"] == "Phone"
    told = _carried(city)
    assert told == {"subjects": len(before), "refused": 0}
    with reading(city.site.engine) as session:
        after = {
            one.id: one.document.get("telephone")
            for one in session.scalars(select(Subject).where(Subject.id.in_(list(before))))
        }
        assert after == before
        assert len(session.scalars(select(Change.id)).all()) >= ledger + len(before)
    assert "replaced by" in city.client("hejun").get(path).text
    assert "carried over" in _left(city, path)
    _left_again(city, path, sorted(before)[:3])
    before |= dict.fromkeys(sorted(before)[:3], "13900000000")
    _undo(city, "/builder/dictionary/changes")
    assert _carried(city, back=True) == {"subjects": len(before), "refused": 0}
    fields = city.site.library.register("resident")["properties"]
    assert fields["telephone"]["replacedBy"] == "phone"
    assert "deprecated" not in fields["phone"]
    with reading(city.site.engine) as session:
        some = session.scalars(select(Subject).where(Subject.id.in_(list(before)))).all()
        assert not any("telephone" in one.document for one in some)
        assert {one.id: one.document["phone"] for one in some} == before


def test_merging_lists_what_changes_and_the_one_that_stays_answers_to_both_names(
    city: City,
) -> None:
    steward = city.client("hejun")
    new = steward.get("/builder/dictionary/registers/resident/-new").text
    from tests.builder.dictionary.test_pages import _form

    data = {
        **_form(new), "_do": "keep", "title": "Mobile telephone", "title@zh-CN": "移动电话", "definition": "x",
        "definition@zh-CN": "y", "sensitivity": "internal", "shape": "phone", "key": "mobile", "reason": "r",
        "steward": "civil-affairs",
    }  # fmt: skip
    assert steward.post("/builder/dictionary/registers/resident/-new", data=data).status_code == 302
    into = f"{RESIDENT}#/properties/phone"
    answer = _done(city, "/builder/dictionary/registers/resident/mobile/merge", into=into)
    assert answer.status_code in (302, 422), answer.text
    fields = city.site.library.register("resident")["properties"]
    assert "Mobile telephone" in fields["phone"]["synonyms"]
    assert fields["mobile"]["replacedBy"] == "phone"
    assert _errors(city) == []


def test_what_cannot_be_merged_is_said(city: City) -> None:
    steward = city.client("hejun")
    for into, why in (
        (f"{BASE}dictionary/household.json#/properties/address", "different registers"),
        (f"{ELDERLY}#/properties/living_alone", "cannot be one"),
        (f"{RESIDENT}#/properties/birth_date", "not valid in the other"),
    ):
        answer = steward.get(
            "/builder/dictionary/registers/resident/phone/merge", query_string={"into": into}
        )
        assert answer.status_code == 422
        assert why in answer.text
    assert (
        steward.get(
            "/builder/dictionary/registers/resident/phone/merge", query_string={"into": "x"}
        ).status_code
        == 200
    )


def test_two_codes_become_one_and_back(city: City) -> None:
    path = "/builder/dictionary/codes/employment-status/-merge"
    with reading(city.site.engine) as session:
        had = [
            one.id
            for one in session.scalars(select(Subject).where(Subject.register == "resident"))
            if one.document.get("employment_status") == "flexible"
        ]
    answer = _done(city, path, code="flexible", into="self-employed")
    assert answer.status_code == 302, answer.text
    assert _errors(city) == []
    source = str(city.site.library.source(f"{BASE}indicators/disability.json"))
    assert "'flexible'" not in source
    if had:
        assert _carried(city)["subjects"] == len(had)
        with reading(city.site.engine) as session:
            now = {session.get(Subject, one).document["employment_status"] for one in had}  # type: ignore[union-attr]
        assert now == {"self-employed"}
        assert "All that is known under the old key “flexible” is carried over." in _left(
            city, "/builder/dictionary/codes/employment-status"
        )
    _undo(city, "/builder/dictionary/codes/employment-status")
    assert "'flexible'" in str(city.site.library.source(f"{BASE}indicators/disability.json"))
    if had:
        _carried(city, back=True)
        with reading(city.site.engine) as session:
            now = {session.get(Subject, one).document["employment_status"] for one in had}  # type: ignore[union-attr]
        assert now == {"flexible"}
