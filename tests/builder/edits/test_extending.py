"""A form that extends another: what is kept makes the same whole again, whatever was done to it, or is refused."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.edits.spots import Refused, find
from builder.studio.doing import asked
from builder.studio.opened import Opened
from builder.studio.whole import own_of, whole_of
from runtime.api import Library, form_address
from runtime.definitions.load import Library as Definitions
from tests.builder.studio.test_laws import Hand

DEPARTMENT, NAME = "fire-emergency", "rented-homes-quarterly"
ADDRESS = form_address(f"{DEPARTMENT}/{NAME}")


@cache
def library() -> Library:
    return Definitions.read([files("form_defs"), files("plugins") / "fire_emergency" / "form_defs"])


def _done(whole: dict[str, Any], **posted: str) -> dict[str, Any]:
    one = Opened(None, library(), DEPARTMENT, NAME)  # type: ignore[arg-type]
    one.__dict__["versions"] = []
    one.__dict__["document"] = whole
    return asked(one, posted)(whole).document


def test_what_is_added_is_placed_beside_and_the_rest_stays_the_others() -> None:
    own = library().source(ADDRESS)
    whole = whole_of(library(), ADDRESS, own)
    fresh = own_of(
        library(), ADDRESS, own, _done(whole, do="add", at="fire-part", what="type:integer")
    )
    assert "layout" not in fresh
    assert fresh["extends"] == own["extends"]
    assert fresh["remove"] == own["remove"]
    assert len(fresh["place"]) == len(own["place"])
    assert "whole_number" in fresh["properties"]["fire"]["properties"]


def test_what_is_taken_away_is_removed_by_name() -> None:
    own = library().source(ADDRESS)
    whole = whole_of(library(), ADDRESS, own)
    gone = next(i for i in whole["layout"] if i["kind"] == "section")["items"][0]
    fresh = own_of(library(), ADDRESS, own, _done(whole, do="remove", at=gone["id"]))
    with pytest.raises(Refused):
        find(whole_of(library(), ADDRESS, fresh), gone["id"])
    assert len(fresh["remove"]) > len(own["remove"])


def test_a_form_that_nothing_was_done_to_is_kept_as_it_is() -> None:
    own = library().source(ADDRESS)
    fresh = own_of(library(), ADDRESS, own, dict(whole_of(library(), ADDRESS, own)))
    assert fresh["place"] == own["place"]
    assert sorted(fresh["remove"]) == sorted(own["remove"])
    assert fresh["title"] == own["title"]
    assert set(fresh) == set(own)


@given(st.data())
def test_any_steps_are_kept_or_refused(data: st.DataObject) -> None:
    own = library().source(ADDRESS)
    for _turn in range(data.draw(st.integers(1, 5))):
        whole = whole_of(library(), ADDRESS, own)
        try:
            after = _done(whole, **Hand(data, whole).step())
            own = own_of(library(), ADDRESS, own, after)
        except Refused:
            continue
        made = whole_of(library(), ADDRESS, own)
        wanted = library().with_document(ADDRESS, after).document(ADDRESS)
        assert json.dumps(made, sort_keys=True) == json.dumps(wanted, sort_keys=True)


def test_a_field_of_the_dictionary_is_added() -> None:
    own = library().source(ADDRESS)
    whole = whole_of(library(), ADDRESS, own)
    what = "field:https://yibiao.example/defs/indicators/housing.json#/properties/vacant"
    indicators = library().source("indicators/housing.json")["properties"]
    what = what.replace("vacant", next(name for name in indicators if "by" not in indicators[name]))
    fresh = own_of(library(), ADDRESS, own, _done(whole, do="add", at="fire-part", what=what))
    assert "../../indicators/housing.json#" in json.dumps(fresh["properties"])
