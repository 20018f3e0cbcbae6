"""A register's own words changed on its page: steward, what it is called, by what its subjects are recognised."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from builder.dictionary.effects import outdated
from runtime.api import BASE, check
from runtime.storage.engine import reading
from tests.builder.dictionary.test_pages import _form
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
RESIDENT = "/builder/dictionary/registers/resident"


def _begun(city: City) -> str:
    """A register made here, with a second field; its page."""
    steward = city.client("hejun")
    page = steward.get("/builder/dictionary/begin/registers").text
    seen = html.fromstring(page).xpath("string(//input[@name='_seen']/@value)")
    data = {
        "home": "hydrant", "title": "Hydrants", "title@zh-CN": "消火栓", "steward": "civil-affairs",
        "first": "number", "first_title": "Number", "first_title@zh-CN": "编号", "_seen": seen,
    }  # fmt: skip
    answer = steward.post("/builder/dictionary/begin/registers", data=data)
    assert answer.status_code == 302, answer.text
    home = "/builder/dictionary/registers/hydrant"
    made = steward.post(
        f"{home}/-new",
        data={
            **_form(steward.get(f"{home}/-new").text), "title": "Street corner", "title@zh-CN": "街角",
            "definition": "x", "definition@zh-CN": "y", "sensitivity": "internal", "shape": "text",
            "key": "corner", "steward": "civil-affairs", "reason": "z", "_do": "keep",
        },
    )  # fmt: skip
    assert made.status_code == 302, made.text
    return home


def _edited(city: City, home: str, **values: Any) -> Any:
    """The register's page posted, and once more where its effects are told first."""
    steward = city.client("hejun")
    page = steward.get(f"{home}/-edit").text
    data = {**_form(page), "_do": "keep", **{k.replace("__", "@"): v for k, v in values.items()}}
    answer = steward.post(f"{home}/-edit", data=data)
    marks = html.fromstring(answer.text or "<p>").xpath("//input[@name='_seen_effects']/@value")
    if answer.status_code == 200 and marks and marks[0]:
        answer = steward.post(f"{home}/-edit", data={**data, "_seen_effects": marks[0]})
    return answer


def test_all_words_of_a_register_made_here_can_be_changed(city: City) -> None:
    home = _begun(city)
    answer = _edited(
        city, home, title="Fire hydrants", definition="Where water is", steward="fire-emergency",
        label=["corner", "number"], place=["corner"],
        **{"identity.0": ["corner", "number"], "identity.1": ["number"]},
    )  # fmt: skip
    assert answer.status_code == 302, answer.text
    city.client("hejun").get(home)
    document = city.site.library.source(f"{BASE}dictionary/hydrant.json")
    assert document["identity"] == [["corner", "number"], ["number"]]
    assert (document["label"], document["place"]) == (["corner", "number"], ["corner"])
    assert (document["title"], document["steward"]) == ("Fire hydrants", "fire-emergency")
    assert list(document).index("identity") < list(document).index("properties")
    assert not [p for p in check(city.site.library) if p.severity == "error"]
    page = city.client("hejun", "zh-CN").get(home).text
    assert "消火栓" in page


def test_what_does_not_fit_is_told_and_nothing_is_lost(city: City) -> None:
    home = _begun(city)
    answer = _edited(city, home, title="What I typed", **{"identity.0": [""]})
    assert answer.status_code == 422
    assert "at least one way by which a subject is recognised" in answer.text
    assert "What I typed" in answer.text
    same = _edited(city, home, **{"identity.0": ["number"], "identity.1": ["number"]})
    assert "Two ways to recognise a subject are the same" in same.text
    assert _edited(city, home, label=["nobody"]).status_code == 422
    assert "Choose what people call a subject by." in _edited(city, home, label=[""]).text


def test_who_would_no_longer_be_told_apart_is_counted_and_nothing_is_kept(city: City) -> None:
    before = city.site.library.source(f"{BASE}dictionary/resident.json")["identity"]
    answer = _edited(city, RESIDENT, **{"identity.0": ["sex"], "identity.1": [""]})
    assert answer.status_code == 422
    assert "subjects would be taken for one another" in answer.text
    assert "not compatible" in answer.text
    assert "disabled-persons/residents-monthly" in answer.text
    assert "Keep it, with all this" not in answer.text
    lost = _edited(
        city, RESIDENT, **{"identity.0": ["disability_certificate_until"], "identity.1": [""]}
    )
    assert lost.status_code == 422
    assert "recorded twice" in lost.text
    city.client("hejun").get(RESIDENT)
    assert city.site.library.source(f"{BASE}dictionary/resident.json")["identity"] == before


def test_a_harmless_identity_is_kept_after_its_effects_were_told(city: City) -> None:
    steward = city.client("hejun")
    data = {**_form(steward.get(f"{RESIDENT}/-edit").text), "_do": "keep"}
    data["identity.1"] = ["name", "birth_date", "identity_number"]
    told = steward.post(f"{RESIDENT}/-edit", data=data)
    assert told.status_code == 200
    assert "subjects are recognised as before, each by itself" in told.text
    assert "compatible: all that was valid stays so" in told.text
    assert _edited(city, RESIDENT, **{"identity.1": data["identity.1"]}).status_code == 302
    assert _edited(city, RESIDENT, title="People").status_code == 302
    with reading(city.site.engine) as session:
        assert outdated(session, city.site.library) == []  # its own words stand in no form
