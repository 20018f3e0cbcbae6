"""Bundles, digests, plans as text, and the map for editors."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from runtime.definitions import dialect
from runtime.definitions.address import BASE
from runtime.definitions.plan import Cell, Form, Group, Plan, Rule, Words
from runtime.definitions.publish import (
    bundle,
    canonical,
    decode_plan,
    defs_map,
    digest,
    encode_plan,
    from_bundle,
)
from runtime.definitions.walk import walk
from runtime.fields.formats import FORMATS
from tests.definitions.library import changed, good

FORMS = ["forms/welfare/monthly.json", "forms/housing/monthly.json", "forms/welfare/visit.json"]


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def judge(document: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        document, registry=dialect.rust_registry(), formats=FORMATS, offline=True
    )


@pytest.mark.parametrize("address", FORMS)
def test_a_bundle_needs_nothing_else(address: str) -> None:
    document = bundle(good(), address)
    held = set(document["$defs"]) | {document["$id"]}
    for _place, schema in walk(document):
        if isinstance(schema, dict) and not schema.get("$ref", "#").startswith("#"):
            assert schema["$ref"].split("#")[0] in held
    assert judge(document)
    assert validator_for(document, default=Draft202012Validator)(document).is_valid({}) is False


@pytest.mark.parametrize("address", FORMS)
def test_both_validators_read_it_alike(address: str) -> None:
    document = bundle(good(), address)
    slow = Draft202012Validator(document, registry=dialect.registry())
    quick = judge(document)
    for entry in (
        {"holders": {"1": {"0-17": {"1": 3}}}, "services": {"visits": 3}},
        {"holders": {"1": {"0-17": {"1": "3"}}}, "services": {"visits": 3}},
        {"holders": {}, "services": {}},
        {"name": "x", "grade": "1", "amount": 10},
        {"name": "x", "grade": "9"},
        {"name": "", "rooms": 0},
    ):
        assert quick.is_valid(entry) == slow.is_valid(entry)


def test_only_what_is_reached_is_in_it() -> None:
    document = bundle(good(), "forms/welfare/visit.json")
    assert list(document["$defs"]) == [
        BASE + "code-lists/grade.json",
        BASE + "dictionary/person.json",
    ]
    person = document["$defs"][BASE + "dictionary/person.json"]
    assert list(person["properties"]) == ["name", "grade", "amount", "rooms"]


def test_a_filled_form_holds_what_its_rules_read() -> None:
    document = bundle(good(), "forms/welfare/monthly.json")
    person = document["$defs"][BASE + "dictionary/person.json"]
    assert set(person["properties"]) == {
        "name", "birth_date", "sex", "grade", "granted_date", "amount", "alone",
    }  # fmt: skip
    assert list(person["derive"]) == ["age"]
    assert BASE + "code-lists/age-band.json" in document["$defs"]


def test_a_change_elsewhere_changes_no_bundle() -> None:
    before = digest(bundle(good(), "forms/welfare/visit.json"))
    elsewhere = changed("dictionary/person.json", {"/properties/alone/title": "Alone"}, [])
    assert digest(bundle(elsewhere, "forms/welfare/visit.json")) == before
    reached = changed("dictionary/person.json", {"/properties/name/maxLength": 50}, [])
    assert digest(bundle(reached, "forms/welfare/visit.json")) != before


@pytest.mark.parametrize("address", FORMS)
def test_a_bundle_is_a_library_of_its_own(address: str) -> None:
    document = bundle(good(), address)
    library = from_bundle(document)
    assert library.problems == ()
    assert bundle(library, address) == document


def test_one_content_one_digest() -> None:
    document = bundle(good(), "forms/welfare/monthly.json")
    assert digest(reordered(document)) == digest(document)
    assert digest(json.loads(canonical(document))) == digest(document)
    assert digest({"a": Decimal("1.50")}) == digest({"a": 1.5}) == digest({"a": Decimal("15E-1")})
    assert digest({"a": Decimal("2.0")}) == digest({"a": 2})
    assert digest({"a": "2"}) != digest({"a": 2})


def test_the_order_of_cells_is_content() -> None:
    source = good().source("forms/welfare/visit.json")
    turned = {**source, "properties": dict(reversed(source["properties"].items()))}
    library = good().with_document("forms/welfare/visit.json", turned)
    assert digest(bundle(library, "forms/welfare/visit.json")) != digest(
        bundle(good(), "forms/welfare/visit.json")
    )
    keys = {**dict(reversed(source.items()))}
    library = good().with_document("forms/welfare/visit.json", keys)
    assert digest(bundle(library, "forms/welfare/visit.json")) == digest(
        bundle(good(), "forms/welfare/visit.json")
    )


def test_bytes_are_the_same_every_time() -> None:
    assert canonical(bundle(good(), FORMS[0])) == canonical(bundle(good(), FORMS[0]))


def test_plans_as_text() -> None:
    cell = Cell(path=("a",), field="decimal", options={"step": Decimal("0.10"), "most": 3})
    plan = Plan(
        root=Group(children=(cell,)),
        words=Words(title={"en": "A", "zh-CN": "甲"}),
        form=Form(department="welfare", due={"days": 5}),
        address=BASE + "forms/a/b.json",
        digest="0" * 64,
        bundle={"multipleOf": Decimal("0.01")},
        rules={"r": Rule(definition="d", op="count", register="person", where={"minimum": 1})},
    )
    text = encode_plan(plan)
    again = decode_plan(text)
    assert again == plan
    assert encode_plan(again) == text
    assert isinstance(again.bundle, dict)
    assert str(again.bundle["multipleOf"]) == "0.01"
    assert '"step":0.10' in text


def test_a_plan_of_another_shape_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_plan('{"root": 3}')


def test_the_map_for_editors() -> None:
    found = defs_map(good())
    assert set(found["definitions"]) == set(good().addresses())
    assert all(path.endswith(".json") for path in found["definitions"].values())
    for entry in found["json.schemas"]:
        assert entry["url"] in dialect.documents()
        assert entry["fileMatch"]
