"""Each check by a case: what is changed in a good set of definitions, and what is said of it."""

from __future__ import annotations

import json
import time
from importlib.resources import files
from typing import Any

import pytest

from runtime.definitions.check import check
from runtime.definitions.codes import CODES
from runtime.definitions.load import Library
from runtime.language import using
from tests.definitions.library import DATA, changed, good

CASES: list[dict[str, Any]] = json.loads((DATA / "checks.json").read_text("utf-8"))

ELSEWHERE = {
    # test_read.py
    "no-folder", "unreadable", "too-large", "loop", "encoding", "json", "not-object", "address", "duplicate",
    # below
    "by-too-many", "form-expires",
    # tests/publishing: what `yibiao check --render` says besides
    "template", "paper-failed", "paper-clipped", "paper-glyph", "sample-none", "card-number", "card-basis",
    "card-expiry",
}  # fmt: skip


def test_the_good_set_has_no_problem() -> None:
    assert list(check(good())) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['at']} {case['expect']}")
def test_case(case: dict[str, Any]) -> None:
    library = changed(case["at"], case.get("set", {}), case.get("remove", []))
    found = list(check(library, [case["at"]]))
    said = {(p.code, p.pointer) for p in found}
    assert said == {tuple(pair) for pair in case["expect"]}, [p.message for p in found]
    assert all(p.severity == CODES[p.code].severity for p in found)
    assert len(found) == len({(p.code, p.pointer, p.message) for p in found}), "said twice"


def test_every_code_has_a_case() -> None:
    told = {code for case in CASES for code, _pointer in case["expect"]}
    assert told | ELSEWHERE == set(CODES)


def test_messages_are_sentences_in_both_languages() -> None:
    for case in CASES:
        library = changed(case["at"], case.get("set", {}), case.get("remove", []))
        for language in ("en", "zh-CN"):
            with using(language):
                for p in check(library, [case["at"]]):
                    assert p.message.strip()
                    assert "%(" not in p.message
                    words = p.message.replace("中文", "") if language == "en" else p.message
                    chinese = any("一" <= c <= "鿿" for c in words)
                    assert chinese == (language == "zh-CN"), p.message


def test_a_code_list_that_is_too_long_to_break_down_by() -> None:
    members = [
        {"const": str(n), "title": str(n), "translations": {"zh-CN": {"title": str(n)}}}
        for n in range(20_000)
    ]
    long = {**good().source("code-lists/sex.json"), "oneOf": members}
    library = good().with_document("code-lists/sex.json", long)
    found = list(check(library, ["indicators/people.json"]))
    assert {(p.code, p.pointer) for p in found} == {
        ("by-too-many", "/properties/by_grade/by"),
        ("by-too-many", "/properties/paid_by_sex/by"),
    }


def test_an_extending_form_is_told_only_of_its_own_doing() -> None:
    library = changed("forms/welfare/monthly.json", {"/layout/1/id": "table"}, ["/due"])
    assert {p.code for p in check(library, ["forms/welfare/monthly.json"])} == {
        "layout-id",
        "due-missing",
    }
    assert list(check(library, ["forms/housing/monthly.json"])) == []


def test_a_new_problem_of_an_inherited_part_is_told_at_the_nearest_place_in_the_file() -> None:
    library = changed(
        "forms/housing/monthly.json", {"/properties/services/properties/granted": None}, []
    )
    assert list(check(library, ["forms/housing/monthly.json"])) == []
    library = changed("forms/housing/monthly.json", {}, ["/place"])
    (found,) = check(library, ["forms/housing/monthly.json"])
    assert (found.code, found.pointer) == (
        "layout-unplaced",
        "/properties/services/properties/paid",
    )


def test_a_near_name_is_suggested() -> None:
    library = changed("forms/welfare/monthly.json", {"/frequncy": "monthly"}, [])
    (found,) = check(library, ["forms/welfare/monthly.json"])
    assert "frequency" in found.message


def test_the_shipped_set_is_checked_in_less_than_a_second() -> None:
    start = time.perf_counter()
    library = Library.read([files("form_defs")])
    for address in library.addresses():
        library.document(address)
    assert time.perf_counter() - start < 0.6  # 0.02 s where the machine is idle
    assert library.problems == ()
    assert not [p for p in check(library) if p.severity == "error"]


def test_foreign_keywords_do_not_matter() -> None:
    library = changed("dictionary/house.json", {"/properties/address/ui:widget": {"a": 1}}, [])
    assert list(check(library, ["dictionary/house.json"])) == []


def test_a_form_that_ends_soon_is_told_in_time(fixed_now: Any) -> None:
    library = changed("forms/welfare/visit.json", {"/expires": "2026-12-31"}, [])
    assert [p.code for p in check(library, ["forms/welfare/visit.json"])] == ["form-expires"]
    library = changed("forms/welfare/visit.json", {"/expires": "2027-12-31"}, [])
    assert list(check(library, ["forms/welfare/visit.json"])) == []
