"""Ratios, formulas and derived rules composed by choosing: kept, said in both languages, refused with the way out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from builder.dictionary.derived import SIGNS, WAYS, opened, posted
from runtime.api import BASE, Library, check
from tests.builder.dictionary.test_pages import _changed, _form
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
ELDERLY = f"{BASE}indicators/elderly.json"
ALONE = f"{ELDERLY}#/properties/living_alone"
GROUP = "/builder/dictionary/indicators/elderly"
RESIDENT = "/builder/dictionary/registers/resident"


def _figures(city: City) -> list[str]:
    """Addresses of figures that the page offers."""
    steward = city.client("hejun")
    data = {**_new(city, GROUP), "operation": "of-figures.percent", "_do": "look"}
    page = html.fromstring(steward.post(f"{GROUP}/-new", data=data).text)
    return [str(one) for one in page.xpath("//select[@id='figure-1']//option/@value") if one]


def _new(city: City, group: str, query: str = "") -> dict[str, Any]:
    return _form(city.client("hejun").get(f"{group}/-new{query}").text)


def _made(city: City, key: str, operation: str, parts: list[str], **more: Any) -> Any:
    data = {
        **_new(city, GROUP), "title": f"A made up {key}", "title@zh-CN": "某某", "definition": "x", "reason": "y",
        "definition@zh-CN": "z", "steward": "civil-affairs", "kind": "stock", "key": key, "_do": "keep",
        "operation": f"of-figures.{operation}", "part": parts, **more,
    }  # fmt: skip
    return city.client("hejun").post(f"{GROUP}/-new", data=data)


def _fill(city: City, key: str) -> Any:
    city.client("hejun").get(GROUP)
    return city.site.library.source(ELDERLY)["properties"][key]


def test_a_share_is_chosen_said_in_both_languages_and_right(city: City) -> None:
    one, other = _figures(city)[:2]
    answer = _made(city, "share_alone", "percent", [one, other])
    assert answer.status_code == 302, answer.text
    made = _fill(city, "share_alone")
    assert made["fill"]["percent"] is True
    assert [f"{ELDERLY}{part}" for part in made["fill"]["ratio"]] == [one, other]
    assert (made["type"], made["digits"]) == ("number", 1)
    page = city.client("hejun").get(f"{GROUP}/share_alone").text
    assert re.search(r"the share of “[^”]+” in “[^”]+”, in percent", page)
    assert "的百分比" in city.client("hejun", "zh-CN").get(f"{GROUP}/share_alone").text
    assert [p for p in check(city.site.library, [ELDERLY]) if p.severity == "error"] == []
    uses = city.client("hejun").get(f"/builder/dictionary/{_page(one)}").text
    assert "A made up share_alone" in uses


def _page(address: str) -> str:
    home, _hash, pointer = address.partition("#")
    return f"indicators/{home.rpartition('/')[2].removesuffix('.json')}/{pointer.split('/')[2]}"


@pytest.mark.parametrize(
    ("operation", "said", "kind"),
    [
        ("sum", "the sum of “", "integer"),
        ("difference", " less “", "integer"),
        ("product", " times “", "integer"),
        ("average", "the average of “", "number"),
        ("ratio", " divided by “", "number"),
    ],
)
def test_every_operation_is_kept_and_opened_again(
    city: City, operation: str, said: str, kind: str
) -> None:
    parts = _figures(city)[:2]
    assert _made(city, "made", operation, parts).status_code == 302
    made = _fill(city, "made")
    assert made["type"] == kind
    assert said in city.client("hejun").get(f"{GROUP}/made").text
    page = html.fromstring(city.client("hejun").get(f"{GROUP}/made/edit").text)
    assert page.xpath("//select[@id='operation']/optgroup/option[@selected]/@value") == [
        f"of-figures.{operation}"
    ]
    assert page.xpath("//select[@name='part']//option[@selected]/@value") == parts
    steward = city.client("hejun")
    same = steward.post(f"{GROUP}/made/edit", data=_form(steward.get(f"{GROUP}/made/edit").text))
    assert same.status_code == 302
    assert _fill(city, "made") == made


def test_figures_of_other_groups_and_formulas_of_one_s_own(city: City) -> None:
    some = _figures(city)
    other = next(one for one in some if not one.startswith(ELDERLY))
    answer = _made(
        city,
        "worked",
        "formula",
        [some[0], other],
        **{"part.name": ["old", "b_x"], "formula": "=IF(old>b_x, MAX(old, b_x)*2, 0)"},
    )
    assert answer.status_code == 302, answer.text
    fill = _fill(city, "worked")["fill"]
    assert set(fill["cells"]) == {"old", "b_x"}
    assert fill["cells"]["b_x"].startswith("../") or fill["cells"]["b_x"][0] != "#"
    page = city.client("hejun").get(f"{GROUP}/worked").text
    assert re.search(r"worked out as IF\(“[^”]+”&gt;“[^”]+”", page), page


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("=a+nobody", "Choose below which figure is meant by: nobody."),
        ("a+b", "A formula begins with"),
        ("=VLOOKUP(a)", "VLOOKUP"),
        ("=1+1", "The formula names no figure."),
    ],
)
def test_a_wrong_formula_is_told_and_nothing_is_lost(city: City, formula: str, told: str) -> None:
    part = _figures(city)[0]
    answer = _made(city, "x", "formula", [part], **{"part.name": ["a"], "formula": formula})
    assert answer.status_code == 422
    assert told in answer.text
    page = html.fromstring(answer.text)
    assert page.get_element_by_id("formula").get("value") == formula
    assert page.xpath("//select[@name='part']//option[@selected]/@value") == [part]


def test_the_same_unknown_and_missing_figures_are_told(city: City) -> None:
    part = _figures(city)[0]
    assert "one and the same" in _made(city, "x", "ratio", [part, part]).text
    assert "Choose all the figures." in _made(city, "x", "ratio", [part, ""]).text
    answer = _made(city, "x", "sum", [part, f"{ELDERLY}#/properties/nobody"])
    assert "Choose figures of the list" in answer.text


def test_what_leans_on_a_figure_is_not_offered_and_refused(city: City) -> None:
    one, other = _figures(city)[:2]
    assert _made(city, "first", "sum", [one, other]).status_code == 302
    first = f"{ELDERLY}#/properties/first"
    assert _made(city, "second", "sum", [first, other]).status_code == 302
    second = f"{ELDERLY}#/properties/second"
    steward = city.client("hejun")
    page = steward.get(f"{GROUP}/first/edit").text
    assert second not in page
    answer = steward.post(f"{GROUP}/first/edit", data={**_form(page), "part": [one, second]})
    assert answer.status_code == 422
    assert "is itself worked out from this figure; choose another" in answer.text


def test_rows_come_and_go_and_the_fragment_comes_alone(city: City) -> None:
    steward = city.client("hejun")
    data = {**_new(city, GROUP), "operation": "of-figures.sum", "part": ["", "", ""]}
    for step, rows in (("add", 4), ("remove:0", 2), ("", 3)):
        answer = steward.post(
            f"{GROUP}/-new", data={**data, "figure.do": step}, headers={"HX-Request": "true"}
        )
        assert answer.text.lstrip().startswith("<section"), answer.text[:200]
        assert answer.text.count('name="part"') == rows


def test_a_counted_figure_may_become_one_worked_out(city: City) -> None:
    one, other = [x for x in _figures(city) if "living_alone" not in x][:2]
    answer = _changed(
        city.client("hejun"),
        f"{GROUP}/living_alone",
        operation="of-figures.sum",
        part=[one, other],
    )
    if answer.status_code == 422:  # forms show it as a table
        assert "This would leave definitions wrong" in answer.text
    else:
        assert "by" not in _fill(city, "living_alone")


def test_every_shipped_derived_rule_is_said_and_stays_as_it_is(city: City) -> None:
    library: Library = city.site.library
    ways = set()
    for register in library.registers():
        for name, schema in library.register(register).get("derive", {}).items():
            found = opened(library, register, schema)
            assert found.sentence, name
            ways.add(found.way)
            form = MultiDict(
                {
                    "rule.way": found.way, "rule.end": found.end, "rule.field": found.field,
                    "rule.left": found.left, "rule.sign": found.sign, "rule.right": found.right,
                }
            )  # fmt: skip
            assert posted(library, register, form, schema)[1:] == ({}, schema)
    assert ways == {"years", "months", "days", "compare"}


def test_a_derived_field_is_changed_and_told_as_another_thing(city: City) -> None:
    steward = city.client("hejun")
    page = steward.get(f"{RESIDENT}/age").text
    assert "whole years since date of birth" in page
    answer = _changed(steward, f"{RESIDENT}/days_unvisited", **{"rule.way": "months"})
    assert answer.status_code == 302, answer.text
    assert "whole months since" in steward.get(f"{RESIDENT}/days_unvisited").text


@pytest.mark.parametrize("way", WAYS)
def test_a_derived_field_is_made(city: City, way: str) -> None:
    steward = city.client("hejun")
    data = {
        **_new(city, RESIDENT, "?derived=1"), "title": f"Made up {way}", "title@zh-CN": "编造",
        "definition": "x", "definition@zh-CN": "y", "reason": "z", "key": "made_up", "_do": "keep",
        "rule.way": way, "rule.end": "until", "rule.field": "birth_date",
        "rule.left": "birth_date", "rule.sign": SIGNS[0], "rule.right": "visited_on",
    }  # fmt: skip
    answer = steward.post(f"{RESIDENT}/-new", data=data)
    assert answer.status_code == 302, answer.text
    said = {
        "compare": "date of birth is earlier than",
        "years": "whole years until date of birth",
        "months": "whole months until date of birth",
        "days": "whole days until date of birth",
    }
    assert said[way] in steward.get(f"{RESIDENT}/made_up").text
    made = city.site.library.source(f"{BASE}dictionary/resident.json")["derive"]["made_up"]
    assert made["type"] == ("boolean" if way == "compare" else "integer")
    assert "steward" not in made


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"rule.way": ""}, "Choose how it follows from other fields."),
        ({"rule.way": "years", "rule.field": "name"}, "Choose the date."),
        ({"rule.way": "compare", "rule.left": "name", "rule.right": ""}, "Choose the two fields"),
        (
            {"rule.way": "compare", "rule.left": "name", "rule.right": "birth_date"},
            "of different kinds",
        ),
        (
            {"rule.way": "compare", "rule.left": "name", "rule.right": "name"},
            "Choose two different fields.",
        ),
    ],
)
def test_a_wrong_rule_of_a_derived_field_is_told(
    city: City, values: dict[str, str], told: str
) -> None:
    data = {**_new(city, RESIDENT, "?derived=1"), "title": "Made up", "_do": "keep", **values}
    answer = city.client("hejun").post(f"{RESIDENT}/-new", data=data)
    assert answer.status_code == 422
    assert told in answer.text
