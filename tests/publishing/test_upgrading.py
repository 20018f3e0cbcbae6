"""Staff bring an open entry to the newest version: nothing of it is lost silently."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from runtime import drafts
from runtime.definitions.values import value_at
from runtime.entry import audit, versions
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Entry, Unit
from tests.rig.city import City

ADDRESS = "https://yibiao.example/defs/forms/disabled-persons/residents-monthly.json"


def published(city: City, **said: Any) -> int:
    source = {**city.site.library.source(ADDRESS), **said}
    with writing(city.site.engine) as session:
        held = drafts.keep(session, ADDRESS, json.dumps(source, default=str), 0, None)
        return drafts.publish(session, city.site.library, ADDRESS, held.revision, None).number


def begun(city: City) -> tuple[Any, str]:
    client = city.client("chenwei")
    with reading(city.site.engine) as session:
        codes = session.scalars(select(Unit.code).where(Unit.level == "community"))
        code = min(codes)
    answer = client.post("/entries/", data={"form": ADDRESS, "unit": code, "period": "202610"})
    assert answer.status_code == 303
    return client, answer.location


def typed(client: Any, place: str, **cells: str) -> None:
    page = client.get(place).text
    revision = re.search(r'name="_revision" id="revision" value="(\d+)"', page)
    assert revision is not None
    data = {f"/services/{k}": v for k, v in cells.items()}
    answer = client.post(place, data={"_revision": revision[1], "_do": "save", **data})
    assert answer.status_code in (302, 303), answer.text


def entry_of(city: City, place: str) -> Entry:
    with reading(city.site.engine) as session:
        return session.get_one(Entry, place.rpartition("/")[2])


def services(city: City, **changes: Any) -> dict[str, Any]:
    source = city.site.library.source(ADDRESS)["properties"]
    inner = {**source["services"]["properties"], **changes}
    kept = {name: part for name, part in inner.items() if part is not None}
    required = [name for name in source["services"].get("required", []) if name in kept]
    return {**source, "services": {**source["services"], "properties": kept, "required": required}}


def test_a_new_version_is_offered_with_its_difference(city: City) -> None:
    client, place = begun(city)
    typed(client, place, devices_lent="7", home_adaptations="3")
    assert "Version 2" not in client.get(place).text
    new = {"title": "Letters written", "type": "integer"}
    published(city, properties=services(city, home_adaptations=None, letters=new), layout=[])
    page = client.get(place).text
    assert "Version 2 of this form is there; you fill version 1" in page
    offer = client.get(f"{place}/upgrade").text
    assert "Letters written" in offer
    assert "/services/home_adaptations" in offer
    assert entry_of(city, place).form_version_id == versions_of(city)[1]


def versions_of(city: City) -> dict[int, int]:
    with reading(city.site.engine) as session:
        return {v.number: v.id for v in versions.history(session, ADDRESS)}


def revision_in(page: str) -> str:
    found = re.search(r'name="_revision" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_values_stay_and_what_has_no_place_is_decided_later(city: City) -> None:
    client, place = begun(city)
    typed(client, place, devices_lent="7", home_adaptations="3")
    before = entry_of(city, place)
    published(city, properties=services(city, home_adaptations=None), layout=[])
    revision = revision_in(client.get(f"{place}/upgrade").text)
    answer = client.post(f"{place}/upgrade", data={"_revision": revision})
    assert answer.status_code == 303
    after = entry_of(city, place)
    assert after.form_version_id == versions_of(city)[2]
    assert after.data["services"] == before.data["services"]
    page = client.get(place).text
    assert "1 value from an earlier version has no place" in page
    left = client.get(f"{place}/upgrade").text
    assert "Take out what is ticked" in left
    client.post(
        f"{place}/upgrade",
        data={"_revision": revision_in(left), "take_out": "/services/home_adaptations"},
    )
    last = entry_of(city, place)
    assert value_at(last.data, "/services/devices_lent") == 7
    assert "home_adaptations" not in last.data["services"]
    assert client.get(f"{place}/upgrade").status_code == 302
    with reading(city.site.engine) as session:
        steps = [
            e.details
            for e in audit.events(session, "entry", last.id)
            if e.action == "entry.upgrade"
        ]
    assert [step["takenOut"] for step in steps] == [[], ["/services/home_adaptations"]]


def test_a_value_that_does_not_fit_any_more_is_shown_and_can_be_taken_out(city: City) -> None:
    client, place = begun(city)
    typed(client, place, devices_lent="700")
    source = city.site.library.source(ADDRESS)["properties"]["services"]["properties"][
        "devices_lent"
    ]
    published(city, properties=services(city, devices_lent={**source, "maximum": 500}))
    offer = client.get(f"{place}/upgrade").text
    assert "700" in offer
    data = {"_revision": revision_in(offer), "take_out": "/services/devices_lent"}
    client.post(f"{place}/upgrade", data=data)
    after = entry_of(city, place)
    assert after.form_version_id == versions_of(city)[2]
    assert "devices_lent" not in after.data.get("services", {})


def test_what_somebody_changed_meanwhile_is_looked_at_again(city: City) -> None:
    client, place = begun(city)
    typed(client, place, devices_lent="7")
    published(city, title="Anew")
    revision = revision_in(client.get(f"{place}/upgrade").text)
    typed(client, place, devices_lent="8")
    answer = client.post(f"{place}/upgrade", data={"_revision": revision})
    assert answer.status_code == 409
    assert entry_of(city, place).form_version_id == versions_of(city)[1]


def test_a_submitted_entry_stays_on_its_version_and_nobody_else_may_change_it(city: City) -> None:
    client, place = begun(city)
    published(city, title="Anew")
    assert city.client("zhouming").get(f"{place}/upgrade").status_code == 403
    assert city.client("sunli").get(f"{place}/upgrade").status_code == 403
    with writing(city.site.engine) as session:
        session.get_one(Entry, place.rpartition("/")[2]).state = "submitted"
    assert client.get(f"{place}/upgrade").status_code == 302


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_new_cells_are_filled_where_a_rule_knows(city: City, language: str) -> None:
    source = city.site.library.source(ADDRESS)
    without = {k: v for k, v in source["properties"].items() if k != "holders"}
    published(city, properties=without, layout=[], required=[])
    client, place = begun(city)
    assert "holders" not in entry_of(city, place).data
    published(city)
    page = city.client("chenwei", language=language).get(f"{place}/upgrade")
    client.post(f"{place}/upgrade", data={"_revision": revision_in(page.text)})
    after = entry_of(city, place)
    assert after.data["holders"]
    assert any(pointer.startswith("/holders/") for pointer in after.provenance)


LETTERS = {"title": "Letters", "type": "integer"}


def test_a_typed_value_that_the_new_version_works_out_goes_only_where_it_is_let_go(
    city: City,
) -> None:
    published(city, properties=services(city, letters=LETTERS), layout=[])
    client, place = begun(city)
    typed(client, place, devices_lent="7", home_adaptations="3", letters="99")
    total = {**LETTERS, "totalOf": ["1/devices_lent", "1/home_adaptations"]}
    published(city, properties=services(city, letters=total), layout=[])
    offer = client.get(f"{place}/upgrade").text
    assert ">99<" in offer
    assert "the new version works it out itself: 10" in offer
    data = {"_revision": revision_in(offer)}
    refused = client.post(f"{place}/upgrade", data=data)
    assert refused.status_code == 422
    assert "Letters (99)" in refused.text
    kept = entry_of(city, place)
    assert kept.form_version_id == versions_of(city)[2]
    assert value_at(kept.data, "/services/letters") == 99
    answer = client.post(f"{place}/upgrade", data={**data, "take_out": "/services/letters"})
    assert answer.status_code == 303
    after = entry_of(city, place)
    assert value_at(after.data, "/services/letters") == 10
    with reading(city.site.engine) as session:
        last = audit.events(session, "entry", after.id)[-1]
    assert (last.action, last.details["takenOut"]) == ("entry.upgrade", ["/services/letters"])


def test_a_typed_value_that_comes_to_the_same_is_not_asked_about(city: City) -> None:
    published(city, properties=services(city, letters=LETTERS), layout=[])
    client, place = begun(city)
    typed(client, place, devices_lent="7", home_adaptations="3", letters="10")
    total = {**LETTERS, "totalOf": ["1/devices_lent", "1/home_adaptations"]}
    published(city, properties=services(city, letters=total), layout=[])
    offer = client.get(f"{place}/upgrade").text
    answer = client.post(f"{place}/upgrade", data={"_revision": revision_in(offer)})
    assert answer.status_code == 303
    assert value_at(entry_of(city, place).data, "/services/letters") == 10


def test_a_total_that_differs_only_by_what_is_taken_out_is_asked_about_then(city: City) -> None:
    published(city, properties=services(city, letters=LETTERS), layout=[])
    client, place = begun(city)
    typed(client, place, devices_lent="700", home_adaptations="3", letters="703")
    total = {**LETTERS, "totalOf": ["1/devices_lent", "1/home_adaptations"]}
    source = city.site.library.source(ADDRESS)["properties"]["services"]["properties"]
    lent = {**source["devices_lent"], "maximum": 500}
    changed = services(city, letters=total, devices_lent=lent)
    published(city, properties=changed, layout=[])
    offer = client.get(f"{place}/upgrade").text
    assert ">703<" not in offer
    data = {"_revision": revision_in(offer), "take_out": "/services/devices_lent"}
    refused = client.post(f"{place}/upgrade", data=data)
    assert refused.status_code == 422
    assert 'value="/services/letters"' in refused.text
    both = {**data, "take_out": ["/services/devices_lent", "/services/letters"]}
    assert client.post(f"{place}/upgrade", data=both).status_code == 303
    assert value_at(entry_of(city, place).data, "/services/letters") == 3


def test_of_a_long_list_those_that_were_ticked_are_taken_out(city: City) -> None:
    choices = [{"const": f"v{n}", "title": f"V{n}"} for n in range(12)]
    tags = {"title": "Tags", "type": "array", "uniqueItems": True, "items": {"oneOf": choices}}
    published(city, properties=services(city, tags=tags), layout=[])
    client, place = begun(city)
    page = client.get(place).text
    revision = re.search(r'name="_revision" id="revision" value="(\d+)"', page)
    assert revision is not None
    told = {"/services/tags": [f"v{n}" for n in range(12)]}
    client.post(place, data={"_revision": revision[1], "_do": "save", **told})
    published(city, properties=services(city), layout=[])
    left = client.get(f"{place}/upgrade").text
    gone = [f"/services/tags/{n}" for n in (9, 10, 11, 9, 99)]
    answer = client.post(
        f"{place}/upgrade", data={"_revision": revision_in(left), "take_out": gone}
    )
    assert answer.status_code == 303
    assert entry_of(city, place).data["services"]["tags"] == [f"v{n}" for n in range(9)]
