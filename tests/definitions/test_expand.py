"""Indicators' breakdowns written out."""

from __future__ import annotations

from typing import Any

from runtime.definitions.address import BASE
from runtime.definitions.expand import members_of
from tests.definitions.library import changed, good

ADDRESS = BASE + "indicators/people.json#/properties/by_grade"


def table() -> dict[str, Any]:
    found: dict[str, Any] = good().document("indicators/people.json")["properties"]["by_grade"]
    return found


def leaf(*codes: str) -> dict[str, Any]:
    found = table()
    for code in codes:
        found = found["properties"][code]
    return found


def test_code_within_code_with_totals_in_the_order_of_the_lists() -> None:
    assert list(table()["properties"]) == ["1", "2", "9", "total"]
    assert list(leaf("1")["properties"]) == ["0-17", "18-59", "60+", "total"]
    assert list(leaf("total", "total")["properties"]) == ["1", "2", "total"]


def test_a_leaf_is_a_count_with_its_words_and_its_codes() -> None:
    assert leaf("1", "60+", "2") == {
        "type": "integer",
        "minimum": 0,
        "title": "Female",
        "translations": {"zh-CN": {"title": "女"}},
        "cellFill": {"indicator": ADDRESS, "codes": ["1", "60+", "2"]},
    }


def test_codes_that_are_no_longer_valid_are_kept_with_their_days() -> None:
    assert leaf("9")["validTo"] == "2020-12-31"
    assert leaf("9", "0-17", "1")["type"] == "integer"


def test_totals_add_up_what_stands_beside_or_above_them() -> None:
    assert leaf("1", "60+", "total")["totalOf"] == ["1/1", "1/2"]
    assert leaf("1", "total", "2")["totalOf"] == ["2/0-17/2", "2/18-59/2", "2/60+/2"]
    assert leaf("total", "60+", "1")["totalOf"] == ["3/1/60+/1", "3/2/60+/1", "3/9/60+/1"]
    assert leaf("total", "total", "total")["totalOf"] == ["1/1", "1/2"]
    assert leaf("total", "total", "total")["readOnly"] is True
    assert leaf("total", "60+", "1")["translations"] == {"zh-CN": {"title": "男"}}


def test_every_total_is_the_sum_of_its_plain_cells() -> None:
    """Whatever way a total goes, in the end it is each plain cell below it once."""

    def plain(codes: tuple[str, ...]) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for relative in leaf(*codes).get("totalOf", ()):
            up, _slash, rest = relative.partition("/")
            found += plain((*codes[: len(codes) - int(up)], *rest.split("/")))
        return found or [codes]

    ages, sexes = ["0-17", "18-59", "60+"], ["1", "2"]
    wanted = [(g, a, s) for g in ["1", "2", "9"] for a in ages for s in sexes]
    assert sorted(plain(("total", "total", "total"))) == sorted(wanted)
    assert sorted(plain(("1", "total", "total"))) == [w for w in sorted(wanted) if w[0] == "1"]


def test_a_sum_has_the_type_and_digits_of_its_field() -> None:
    found = good().document("indicators/people.json")["properties"]["paid_by_sex"]["properties"][
        "1"
    ]
    assert (found["type"], found["digits"], found["currency"]) == ("number", 2, "CNY")
    assert (found["unit"], found["minimum"]) == ("yuan", 0)


def test_what_is_written_keeps_its_own_words() -> None:
    source = good().source("indicators/people.json")["properties"]["by_grade"]
    full = table()
    assert {k: full[k] for k in ("title", "kind", "steward", "fill", "translations")} == {
        k: source[k] for k in ("title", "kind", "steward", "fill", "translations")
    }
    assert full["by"][1] == {"field": "age", "bands": BASE + "code-lists/age-band.json"}


def test_what_cannot_be_written_out_is_left_as_it_is() -> None:
    for by in (["name"], ["nobody"], [], 3, [{"field": "age", "bands": "none.json"}], [[]]):
        library = changed("indicators/people.json", {"/properties/by_grade/by": by}, [])
        found = library.document("indicators/people.json")["properties"]["by_grade"]
        assert "properties" not in found


def test_members_of_closed_lists() -> None:
    assert [m["const"] for m in members_of({"enum": ["a", "b"]})] == ["a", "b"]
    assert members_of({"enum": ["a", 1]}) == ()
    assert members_of({"oneOf": [{"type": "object"}]}) == ()
    assert members_of(True) == ()
