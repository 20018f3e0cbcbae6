"""What the shipped registers, code lists and indicators must have, field by field."""

import re
from itertools import pairwise

import pytest

from tests.form_defs.conftest import files

REGISTERS = (
    "activity", "aid", "business", "equipment", "household", "resident", "sample", "venue",
)  # fmt: skip
EXPLAINED = ("title", "definition", "steward", "sensitivity", "purpose", "retention")
NATIONAL = {
    "sex": "GB/T 2261.1",
    "marital-status": "GB/T 2261.2",
    "education": "GB/T 4658",
    "family-relation": "GB/T 4761",
    "disability-kind": "GB/T 26341",
    "disability-grade": "GB/T 26341",
    "industry": "GB/T 4754",
}


def fields(library):
    return [
        (name, field, schema)
        for name in REGISTERS
        for field, schema in library.register(name)["properties"].items()
    ]


def indicators(library):
    return [
        (f"{address}#{name}", schema)
        for address in library.addresses("indicators")
        for name, schema in library.source(address)["properties"].items()
    ]


def test_the_registers(library):
    names = [a.rsplit("/", 1)[1].removesuffix(".json") for a in library.addresses("register")]
    assert sorted(names) == sorted(REGISTERS)


def test_not_many_more_than_a_hundred_fields(library):
    assert 85 <= len(fields(library)) <= 145


def test_each_field_is_explained_and_answered_for(library):
    departments = library.departments()
    for register, field, schema in fields(library):
        lacking = [keyword for keyword in EXPLAINED if not schema.get(keyword)]
        assert lacking == [], f"{register}.{field}"
        assert schema["steward"] in departments, f"{register}.{field}"


def test_a_field_that_several_registers_have_is_one_type(library):
    seen = {}
    for register, field, schema in fields(library):
        kind = (schema.get("type"), schema.get("format"), schema.get("$ref"))
        if field not in ("kind", "state"):
            assert seen.setdefault(field, kind) == kind, f"{register}.{field}"


def test_keys_labels_and_rules_name_fields(library):
    for name in REGISTERS:
        register = library.register(name)
        known = set(register["properties"])
        assert {f for key in register["identity"] for f in key} <= known
        assert set(register["label"]) <= known
        assert set(register.get("place", ())) <= known
        derive = register.get("derive", {})
        assert not known & set(derive)
        for derived in derive.values():
            rule = derived["rule"]
            used = [rule.get("since"), rule.get("until"), *rule.get("compare", ())[::2]]
            assert {u for u in used if u} <= known


def test_identity_numbers_are_the_best_guarded(library):
    for register, field, schema in fields(library):
        if schema.get("format") == "cn-ric":
            assert schema["sensitivity"] == "sensitive", f"{register}.{field}"
        if field.endswith(("phone", "name")) and register in ("resident", "household"):
            assert schema["sensitivity"] == "personal", f"{register}.{field}"


def test_lists_after_national_standards_name_them(library):
    for name, standard in NATIONAL.items():
        assert library.source(f"code-lists/{name}.json")["source"].startswith(standard)


@pytest.mark.parametrize("field", ["birth_date", "phone", "uscc", "identity_number"])
def test_formats_that_other_parts_rely_on(library, field):
    formats = {
        "birth_date": "date",
        "phone": "phone",
        "uscc": "cn-uscc",
        "identity_number": "cn-ric",
    }
    found = [schema.get("format") for _, name, schema in fields(library) if name == field]
    assert found
    assert set(found) == {formats[field]}


def test_bands_follow_one_another_without_gap_or_overlap(library):
    bands = [a for a in library.addresses("code-list") if "/age-band" in a]
    assert len(bands) >= 4
    for address in bands:
        items = library.source(address)["oneOf"]
        for lower, upper in pairwise(items):
            assert upper["minimum"] == lower["maximum"] + 1, address


def test_every_code_list_is_used(library):
    text = "\n".join(file.read_text("utf-8") for file in files())
    for address in library.addresses("code-list"):
        name = address.rsplit("/", 1)[1]
        assert re.search(rf"code-lists/{re.escape(name)}", text), name


def test_indicators_of_every_sort(library):
    found = [schema for _, schema in indicators(library)]
    assert len(found) >= 70
    fills = [s["fill"] for s in found if "fill" in s]
    assert {s["kind"] for s in found} == {"stock", "flow"}
    assert {"count", "sum"} <= {keyword for fill in fills for keyword in fill}
    assert any(len(s.get("by", ())) == 3 for s in found)
    assert any(isinstance(b, dict) for s in found for b in s.get("by", ()))
    assert 0 < sum("fill" not in s for s in found) < 10, "what only the reporter knows"


def test_an_indicator_says_what_it_counts(library):
    departments = library.departments()
    for name, schema in indicators(library):
        wanted = {"title", "definition", "kind", "unit", "steward"}
        is_day = schema.get("format") == "date"
        assert wanted - set(schema) == ({"unit"} if is_day else set()), name
        assert schema["steward"] in departments, name


def test_a_rule_tests_no_field_that_may_be_missing(library):
    """JSON Schema counts a missing field as matching; what is tested must be required beside it."""
    for name, schema in indicators(library):
        where = schema.get("fill", {}).get("where", {})
        assert set(where.get("properties", ())) <= set(where.get("required", ())), name


def test_only_flows_name_a_date(library):
    for name, schema in indicators(library):
        if "fill" in schema and "ratio" not in schema["fill"]:  # that is made of others
            assert ("on" in schema["fill"]) == (schema["kind"] == "flow"), name
