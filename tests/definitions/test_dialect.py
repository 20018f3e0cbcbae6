"""The published meta-schemas, with both validators."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from runtime.definitions import dialect
from runtime.definitions.address import BASE, SCHEMAS
from runtime.fields.formats import FORMATS
from tests.definitions.library import good

KINDS = ["register", "indicators", "code-list", "form", "department"]


def test_the_meta_schemas_are_schemas() -> None:
    assert {a.removeprefix(SCHEMAS).removesuffix(".json") for a in dialect.documents()} == {
        *KINDS, "field", "vocabulary", "extension",
    }  # fmt: skip
    for document in dialect.documents().values():
        Draft202012Validator.check_schema(document)
        assert jsonschema_rs.meta.is_valid(document)


@pytest.mark.parametrize("kind", KINDS)
def test_both_validators_agree_on_definitions(kind: str) -> None:
    wanted = {"$ref": f"{SCHEMAS}{kind}.json"}
    slow = Draft202012Validator(wanted, registry=dialect.registry())
    quick = jsonschema_rs.Draft202012Validator(wanted, registry=dialect.rust_registry())
    for address in good().addresses():
        document = good().source(address)
        assert quick.is_valid(document) == slow.is_valid(document), address
    bad: list[Any] = [3, {}, {"type": "object", "properties": {"a": {"digits": "2"}}}]
    for document in bad:
        assert quick.is_valid(document) == slow.is_valid(document)


@pytest.mark.parametrize("kind", KINDS)
def test_definitions_of_a_kind_meet_its_meta_schema(kind: str) -> None:
    quick = jsonschema_rs.Draft202012Validator(
        {"$ref": f"{SCHEMAS}{kind}.json"}, registry=dialect.rust_registry()
    )
    for address in good().addresses():
        if good().kind(address) == kind:
            assert quick.is_valid(good().source(address)), address


def test_our_vocabulary_is_optional_and_formats_are_asserted() -> None:
    for name, document in dialect.documents().items():
        vocabulary = document.get("$vocabulary")
        if vocabulary is not None:
            assert vocabulary[SCHEMAS + "vocabulary"] is False, name
            assert vocabulary["https://json-schema.org/draft/2020-12/vocab/format-assertion"]


def test_jsonschema_rs_takes_a_schema_of_the_dialect() -> None:
    schema = {
        "$schema": SCHEMAS + "form.json",
        "properties": {"a": {"format": "month"}, "b": {"$ref": BASE + "x.json"}},
        "$defs": {
            "x": {"$id": BASE + "x.json", "$schema": SCHEMAS + "register.json", "format": "date"}
        },
    }
    quick = jsonschema_rs.validator_for(
        schema, registry=dialect.rust_registry(), formats=FORMATS, offline=True
    )
    assert quick.is_valid({"a": "2026-10", "b": "2026-10-05"})
    assert not quick.is_valid({"a": "2026-13"})
    assert not quick.is_valid({"b": "2026-02-30"})


def test_is_ours() -> None:
    assert dialect.is_ours({"$schema": SCHEMAS + "form.json"})
    assert not dialect.is_ours({"$schema": dialect.STANDARD})
    assert not dialect.is_ours({"$schema": 3})
    assert not dialect.is_ours(True)
